"""The page of an asset's overuse: its days drawn, and its excess by part and class of hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, Field

from analytics.overuse.classes import CLASSES
from quotawatt.spans import DAY

_SHOWN_DAYS = 28
_MOST_LABELS = 7


class OveruseFilter(BaseModel):
    """What the reader chose in the address: local days, the last one included, and the measure."""

    first: date | None = None
    last: date | None = None
    measure: str = Field(default="electricity_import_kwh", max_length=64)

    def days(self, today: date) -> tuple[date, date]:
        """The first day and the one after the last; four weeks up to yesterday where none is chosen."""
        until = self.last + DAY if self.last else today
        return self.first or until - timedelta(days=_SHOWN_DAYS), until


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in percent of the drawing's width and height, from the top.

    top, height
        Of the use up to what was expected; ``beyond_top`` and ``beyond`` of what is above it.
    """

    day: date
    x: float
    width: float
    top: float
    height: float
    beyond_top: float
    beyond: float
    expected: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Days as bars with what was expected of each; ``labels`` name some of them."""

    bars: Sequence[Bar]
    labels: Sequence[Bar]
    top: float


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A part with its whole excess and that of each class of hours, and how it is marked."""

    subject: str
    name: Mapping[str, str]
    whole: Mapping[str, Any]
    cells: Sequence[Mapping[str, Any]]


def day_drawing(days: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Bars of the days; None where no day is known, or nothing was used."""
    known = [day for day in days if day["use"] is not None]
    top = max((max(day["use"], day["expected"]) for day in known), default=0.0)
    if top <= 0:
        return None
    width = 100 / len(days)
    bars = [
        _bar(day, n * width, width, top) for n, day in enumerate(days) if day["use"] is not None
    ]
    every = max(1, -(-len(bars) // _MOST_LABELS))
    return Drawing(bars, bars[::every], top)


def matrix(item: Mapping[str, Any]) -> list[MatrixRow]:
    """The asset's own line, then its parts and the rest, the costliest first."""
    if item["whole"] is None:
        return []
    own = MatrixRow("", {}, item["whole"], _in_order(item["classes"]))
    parts = [
        MatrixRow(part["subject"], part["name"], part, _in_order(part["classes"]))
        for part in item["parts"]
    ]
    return [own, *parts]


def _in_order(classes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    by_class = {one["hour_class"]: one for one in classes}
    return [by_class[name] for name in CLASSES]


def _bar(day: Mapping[str, Any], x: float, width: float, top: float) -> Bar:
    use, expected = max(day["use"], 0.0), max(day["expected"], 0.0)
    usual = min(use, expected)
    beyond = use - usual
    return Bar(
        day=day["day"],
        x=x + 0.1 * width,
        width=0.8 * width,
        top=100 - 100 * usual / top,
        height=100 * usual / top,
        beyond_top=100 - 100 * use / top,
        beyond=100 * beyond / top,
        expected=100 - 100 * expected / top,
    )
