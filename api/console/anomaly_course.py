"""The hours around an anomaly as a drawing: what was used, the band of ordinary use, and the event.

Coordinates are percent of the drawing: x from the first hour's beginning to the last one's end, y from the
top (the highest value) to the bottom (0, or the lowest value where that is below).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.spans import HOUR, local_date, local_midnight

_HEADROOM = 1.08
_MOST_MARKS = 8

Hours = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DayMark:
    """Where a local day begins."""

    day: date
    x: float


@dataclass(frozen=True, slots=True)
class EventCourse:
    """Polylines and polygons as SVG takes them (``x,y x,y``), each a stretch without unknown hours.

    beyond
        What was used in the event's hours that lie outside the band.
    first, width
        Where the event lies.
    top, unit
        What the upper edge stands for.
    """

    actual: tuple[str, ...]
    expected: tuple[str, ...]
    band: tuple[str, ...]
    beyond: tuple[str, ...]
    first: float
    width: float
    ground: float
    top: float
    unit: str
    days: tuple[DayMark, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    hours: int
    low: float
    high: float

    def x(self, instant: datetime) -> float:
        return min(100.0, max(0.0, 100 * ((instant - self.start) / HOUR) / self.hours))

    def y(self, amount: float) -> float:
        return 100 - 100 * (amount - self.low) / (self.high - self.low)

    def point(self, hour: Mapping[str, Any], name: str) -> str:
        middle = hour["start"] + HOUR / 2
        return f"{self.x(middle):.2f},{self.y(hour[name]):.2f}"


def event_drawing(item: Mapping[str, Any], zone: ZoneInfo) -> EventCourse | None:
    """The drawing of an anomaly with its ``course``; None where nothing of it is known."""
    hours: Hours = item["course"]
    known = [
        v for hour in hours for v in (hour["actual"], hour["high"], hour["low"]) if v is not None
    ]
    if not known or max(known) <= min(0.0, *known):
        return None
    start = hours[0]["start"]
    scale = _Scale(start, len(hours), min(0.0, *known), _HEADROOM * max(known))
    first, last = scale.x(item["start"]), scale.x(item["end"])
    return EventCourse(
        actual=_lines(hours, scale, "actual", lambda hour: hour["actual"] is not None),
        expected=_lines(hours, scale, "expected", lambda hour: hour["expected"] is not None),
        band=tuple(_bands(hours, scale)),
        beyond=_lines(hours, scale, "actual", lambda hour: _is_beyond(hour, item)),
        first=first,
        width=last - first,
        ground=scale.y(0.0),
        top=scale.high,
        unit=item["unit"],
        days=tuple(_days(start, start + len(hours) * HOUR, scale, zone)),
    )


def _is_beyond(hour: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if None in (hour["actual"], hour["low"], hour["high"]):
        return False
    inside = item["start"] <= hour["start"] < item["end"]
    return inside and not hour["low"] <= hour["actual"] <= hour["high"]


def _stretches(hours: Hours, kept: Callable[[Mapping[str, Any]], bool]) -> Iterator[Hours]:
    """The hours that are kept, those in a row together."""
    row: list[Mapping[str, Any]] = []
    for hour in hours:
        if kept(hour):
            row.append(hour)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _lines(
    hours: Hours, scale: _Scale, name: str, kept: Callable[[Mapping[str, Any]], bool]
) -> tuple[str, ...]:
    return tuple(
        " ".join(scale.point(hour, name) for hour in row) for row in _stretches(hours, kept)
    )


def _bands(hours: Hours, scale: _Scale) -> Iterator[str]:
    def known(hour: Mapping[str, Any]) -> bool:
        return hour["low"] is not None and hour["high"] is not None

    for row in _stretches(hours, known):
        above = [scale.point(hour, "high") for hour in row]
        below = [scale.point(hour, "low") for hour in reversed(row)]
        yield " ".join([*above, *below])


def _days(start: datetime, end: datetime, scale: _Scale, zone: ZoneInfo) -> Iterator[DayMark]:
    """Local midnights, at most ``_MOST_MARKS`` of them, evenly apart."""
    first, last = local_date(start, zone), local_date(end, zone)
    step = max(1, -(-(last - first).days // _MOST_MARKS))
    for n in range(1, (last - first).days + 1, step):
        day = first + timedelta(days=n)
        at = local_midnight(day, zone)
        if start <= at < end:
            yield DayMark(day, scale.x(at))
