"""The course of a year as a drawing: use day by day, the budget, what is to come, and the limits.

Coordinates are percent of the drawing: x from the first day's beginning to the last day's end, y from the
top (the highest value) to the bottom (0).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from quotawatt.rulebook.model import Tier

_HEADROOM = 1.08

Point = tuple[float, float]
Days = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit at a height; ``tier`` is the quota's, or what else the line is called by."""

    tier: str
    amount: float
    y: float


@dataclass(frozen=True, slots=True)
class MonthMark:
    """Where a month begins, and how wide it is."""

    month: date
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Course:
    """Polylines as SVG takes them (``x,y x,y``), empty where nothing is known.

    band
        A fan from the judged day to the 80 % interval of the year's end.
    """

    used: str
    budget: str
    projected: str
    band: str
    today: float
    limits: tuple[LimitLine, ...]
    months: tuple[MonthMark, ...]


def account_course(account: Mapping[str, Any], budget: Mapping[str, Any], days: Days) -> Course:
    """The course of one account: itself, its budget by month, and its days with budget and use.

    The use line is drawn through unknown days at the height reached; what is expected goes by the months'
    projections.
    """
    used = list(accumulate((day["used"] or 0.0 for day in days[: account["days"]]), initial=0.0))
    meant = list(accumulate((day["budget"] for day in days), initial=0.0))
    ends = [account[name] for name in ("projected", "projected_low", "projected_high")]
    top = _HEADROOM * max(used[-1], meant[-1], *account["limits"].values(), *(e or 0 for e in ends))
    scale = _Scale(len(days), top)
    return Course(
        used=scale.line(enumerate(used)),
        budget=scale.line(enumerate(meant)),
        projected=scale.line(_expected(account, budget, days)),
        band=scale.line(_fan(account, len(days))),
        today=scale.x(account["days"]),
        limits=tuple(
            LimitLine(tier.value, account["limits"][tier], scale.y(account["limits"][tier]))
            for tier in Tier
            if tier in account["limits"]
        ),
        months=tuple(month_marks(days)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    width: int
    top: float

    def x(self, day: float) -> float:
        return 100 * day / self.width

    def y(self, amount: float) -> float:
        return 100 - 100 * amount / self.top if self.top else 100.0

    def line(self, points: Iterator[Point] | enumerate[float]) -> str:
        return " ".join(f"{self.x(day):.2f},{self.y(amount):.2f}" for day, amount in points)


def month_marks(days: Days) -> Iterator[MonthMark]:
    """The months of a row of days, in percent of its length."""
    firsts = [n for n, day in enumerate(days) if n == 0 or day["day"].day == 1]
    for start, end in zip(firsts, [*firsts[1:], len(days)], strict=True):
        yield MonthMark(
            days[start]["day"], 100 * start / len(days), 100 * (end - start) / len(days)
        )


def _expected(account: Mapping[str, Any], budget: Mapping[str, Any], days: Days) -> Iterator[Point]:
    """From the use to date through the ends of the months to the projected end of the year."""
    if account["projected"] is None or account["days"] == len(days):
        return
    yield account["days"], account["used"]
    number = {day["day"]: n for n, day in enumerate(days)}
    ends = [*[number[month["month"]] for month in budget["months"][1:]], len(days)]
    reached = 0.0
    for end, month in zip(ends, budget["months"], strict=True):
        if month["projected"] is None:
            break
        reached += month["projected"]
        if account["days"] < end < len(days):
            yield end, reached
    yield len(days), account["projected"]


def _fan(account: Mapping[str, Any], width: int) -> Iterator[Point]:
    low, high = account["projected_low"], account["projected_high"]
    if low is None or high is None or account["days"] == width:
        return
    yield account["days"], account["used"]
    yield width, high
    yield width, low
