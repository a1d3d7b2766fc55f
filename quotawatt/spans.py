"""Spans of time: half-open, named by their start, UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from quotawatt.clock import require_utc
from quotawatt.errors import InputError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
"""What lies between two instants that differ: as fine as time is kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """The interval ``[start, end)``. Both ends are timezone-aware UTC; it may be empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", require_utc(self.start, "start of a span"))
        object.__setattr__(self, "end", require_utc(self.end, "end of a span"))
        if self.end < self.start:
            raise InputError(f"a span must not end before it starts, got {self}")

    def __str__(self) -> str:
        return f"[{self.start.isoformat()}, {self.end.isoformat()})"

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / HOUR

    def contains(self, instant: datetime) -> bool:
        """Whether ``instant`` lies in ``[start, end)``."""
        return self.start <= instant < self.end


def floor_hour(instant: datetime) -> datetime:
    """The start of the UTC hour that holds ``instant``.

    Hours are counted in UTC: that is the local hour too in every zone whose offset is whole hours.
    """
    return require_utc(instant).replace(minute=0, second=0, microsecond=0)


def ceil_hour(instant: datetime) -> datetime:
    """The first full UTC hour at or after ``instant``."""
    floored = floor_hour(instant)
    return floored if floored == instant else floored + HOUR


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which ``day`` begins in ``zone``, DST-correct."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def next_month(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return (day.replace(day=1) + 31 * DAY).replace(day=1)


def month_span(day: date, zone: ZoneInfo) -> Span:
    """The month of ``day`` as it is in ``zone``."""
    return Span(local_midnight(day.replace(day=1), zone), local_midnight(next_month(day), zone))


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day in ``zone`` that holds ``instant``."""
    return instant.astimezone(zone).date()


def year_span(year: int, zone: ZoneInfo) -> Span:
    """The local calendar year."""
    return Span(local_midnight(date(year, 1, 1), zone), local_midnight(date(year + 1, 1, 1), zone))


def judged_year(as_of: datetime, zone: ZoneInfo) -> int:
    """The calendar year that is judged at ``as_of``: that of the last instant before it.

    So a year that has just ended is still judged, complete, at the very instant of its end.
    """
    return (as_of - INSTANT).astimezone(zone).year
