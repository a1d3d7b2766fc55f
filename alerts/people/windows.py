"""Windows of time that recur: quiet hours, maintenance. Pure; days and hours are those of the site's zone.

A day is chosen by every condition that is given (days of the week, of the month, of work); its hours are
``[from_, until)`` local, over midnight where ``until`` is not after ``from_``, and such a night belongs to
the day on which it begins. Where a change of the clocks leaves an hour out or repeats it, a window takes
the earlier beginning and the later end: it is never shorter than it says.

Working days are those of ``quotawatt.calendars``: weekends that are worked in exchange count as such.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.calendars import is_working_day, kept
from quotawatt.errors import InputError
from quotawatt.rulebook.alert_rules import Days
from quotawatt.rulebook.routes import Quiet
from quotawatt.spans import DAY, Span, local_date

LONGEST = timedelta(days=40)
"""How far windows that follow on each other are looked at: longer than any run of days off."""

_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a window is open. What is empty chooses every day.

    weekdays
        1 (Monday) to 7 (Sunday).
    month_days
        1 to 31 from the month's begin, -1 to -31 from its end; a day that a month lacks is not in it.
    working_days
        The n-th working day of the month; -1 is the last.
    from_, until
        Local hours of the day; the same twice: 24 hours from there.
    """

    days: Days = Days.ALL
    weekdays: Sequence[int] = ()
    month_days: Sequence[int] = ()
    working_days: Sequence[int] = ()
    from_: time = _MIDNIGHT
    until: time = _MIDNIGHT

    def __post_init__(self) -> None:
        _require("weekdays", self.weekdays, 1, 7)
        _require("month_days", self.month_days, 1, 31, from_end=True)
        _require("working_days", self.working_days, 1, 23, from_end=True)

    def chooses(self, day: date) -> bool:
        """Whether a window begins on the local ``day``."""
        return (
            (self.days is Days.ALL or is_working_day(day) == (self.days is Days.WORKING))
            and (not self.weekdays or day.isoweekday() in self.weekdays)
            and (not self.month_days or not _numbers_of(day).isdisjoint(self.month_days))
            and (not self.working_days or not _work_numbers_of(day).isdisjoint(self.working_days))
        )

    def span_on(self, day: date, zone: ZoneInfo) -> Span:
        """The window that begins on the day, UTC."""
        last = day if self.until > self.from_ else day + DAY
        return Span(min(_instants(day, self.from_, zone)), max(_instants(last, self.until, zone)))


def occurrences(recurrence: Recurrence, span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """Windows that have an instant of the span in common, in order, whole."""
    day = local_date(span.start, zone) - DAY
    last = local_date(span.end, zone)
    while day <= last:
        if recurrence.chooses(day):
            window = recurrence.span_on(day, zone)
            if window.start < span.end and window.end > span.start:
                yield window
        day += DAY


def open_until(recurrences: Sequence[Recurrence], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the windows that are open at ``now`` are over, those that follow at once included; None: none is.

    What follows is looked at for ``LONGEST``.
    """
    ahead = Span(now, now + LONGEST)
    windows = sorted(
        (window for r in recurrences for window in occurrences(r, ahead, zone)),
        key=lambda window: window.start,
    )
    end = now
    for window in windows:
        if window.start > end:
            break
        end = max(end, window.end)
    return end if end > now else None


def quiet_until(quiet: Quiet | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that hold at ``now``; None: none hold."""
    if quiet is None:
        return None
    windows = [Recurrence(from_=quiet.from_, until=quiet.until)]
    if quiet.non_working_days:
        windows.append(Recurrence(days=Days.NON_WORKING))
    return open_until(windows, now, zone)


def as_json(recurrence: Recurrence | None) -> dict[str, object]:
    """As the record store keeps it: hours as ``HH:MM``; empty for none."""
    if recurrence is None:
        return {}
    values = {f.name: getattr(recurrence, f.name) for f in fields(Recurrence)}
    hours = {name: f"{values.pop(name):%H:%M}" for name in ("from_", "until")}
    days = str(values.pop("days"))
    return {"days": days, **{name: list(value) for name, value in values.items()}, **hours}


def from_json(written: Mapping[str, Any]) -> Recurrence | None:
    """What ``as_json`` made."""
    if not written:
        return None
    return Recurrence(
        days=Days(written["days"]),
        weekdays=tuple(written["weekdays"]),
        month_days=tuple(written["month_days"]),
        working_days=tuple(written["working_days"]),
        from_=time.fromisoformat(written["from_"]),
        until=time.fromisoformat(written["until"]),
    )


def _instants(day: date, hour: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants that a local time may mean; the same twice but where the clocks change."""
    local = datetime.combine(day, hour, tzinfo=zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _numbers_of(day: date) -> frozenset[int]:
    length = monthrange(day.year, day.month)[1]
    return frozenset({day.day, day.day - length - 1})


def _work_numbers_of(day: date) -> frozenset[int]:
    worked = _worked(day.year, day.month)
    if day not in worked:
        return frozenset()
    place = worked.index(day)
    return frozenset({place + 1, place - len(worked)})


@kept(maxsize=64)
def _worked(year: int, month: int) -> tuple[date, ...]:
    days = (date(year, month, n + 1) for n in range(monthrange(year, month)[1]))
    return tuple(day for day in days if is_working_day(day))


def _require(
    name: str, values: Sequence[int], least: int, most: int, from_end: bool = False
) -> None:
    for value in values:
        if not least <= (abs(value) if from_end else value) <= most:
            sides = f", or -{most} to -{least} from the end" if from_end else ""
            raise InputError(f"{name} must be {least} to {most}{sides}, got {value}")
