"""Where use beyond what was expected arose: at which hours, behind which sub-meter, and what it is worth.

The excess of a total is that of its sub-meters and of what is metered by none of them:

    excess(total) = sum of excess(sub-meter) + excess(rest),    in each class of hours

An hour in which a sub-meter's use or expectation is not known counts with the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import UseSeries
from analytics.grid import Bools, Floats
from analytics.overuse.classes import CLASSES, WORKING_HOURS, HourClass, classes_of, excess_of
from analytics.overuse.worth import Worth

REST = "rest"
"""What goes for the subject of what no sub-meter holds."""


_DUST = 1e-9
"""What differences of sums leave where there is nothing, as a share of the use."""


@dataclass(frozen=True)
class Judged:
    """A series with what was expected of it (column ``expected`` by its starts)."""

    series: UseSeries
    expected: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Excess:
    """Use beyond what was expected, and what it is worth; below 0 where less was used.

    hours
        Known hours that it is of.
    use, expected, amount
        In the unit of use; ``amount`` is use less expected.
    cny, kgco2
        None: no price or factor is known for any of it.
    quota_share
        Of the year's quota, 0..1; None: there is no quota.
    """

    hours: int
    use: float
    expected: float
    amount: float
    cny: float | None
    kgco2: float | None
    quota_share: float | None


@dataclass(frozen=True, slots=True)
class PartExcess:
    """A sub-meter's share in an excess, or that of the rest (``REST``).

    unknown_hours
        Hours of the total in which the part is not known, so that they are in the rest; 0 for the rest.
    """

    subject: str
    whole: Excess
    classes: Mapping[HourClass, Excess]
    unknown_hours: int


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the ranking: a part and a class of hours that used more than expected."""

    subject: str
    hour_class: HourClass
    excess: Excess


@dataclass(frozen=True, slots=True)
class Explanation:
    """An excess taken apart.

    whole, classes
        Of the total, over the hours in which its use and expectation are known.
    unknown_hours
        The other hours of the span.
    parts
        Sub-meters and the rest, the costliest first; empty where there are no sub-meters.
    ranking
        Parts by class with an excess above 0, the costliest first (the largest where no price is known);
        of a total without parts, itself by class.
    """

    subject: str
    measure: str
    unit: str
    whole: Excess
    classes: Mapping[HourClass, Excess]
    unknown_hours: int
    parts: tuple[PartExcess, ...]
    ranking: tuple[Place, ...]


def explain(
    total: Judged,
    sub_meters: Sequence[Judged],
    worth: Worth,
    working_hours: tuple[int, int] = WORKING_HOURS,
) -> Explanation:
    """Take the excess of a total apart.

    total
        By the hour; of the same measure as its sub-meters, none of which stands behind another.
    worth
        Its prices are by the total's hours.
    working_hours
        Local hours of working days that are no night.
    """
    series = total.series
    starts = pd.DatetimeIndex(series.frame.index)
    reckoner = _Reckoner(classes_of(starts, series.zone, series.country, working_hours), worth)
    excess = excess_of(series, total.expected)
    known = np.isfinite(excess)
    use = np.where(known, series.frame["use"].to_numpy(float), 0.0)
    excess = np.where(known, excess, 0.0)
    rest_use, rest_excess = use.copy(), excess.copy()
    parts = []
    for sub in sub_meters:
        part_use, part_excess, both = _within(sub, starts, known)
        rest_use -= part_use
        rest_excess -= part_excess
        missing = int(known.sum() - both.sum())
        parts.append(_part(sub.series.subject, reckoner, both, part_use, part_excess, missing))
    if parts:
        parts.append(_part(REST, reckoner, known, rest_use, rest_excess, 0))
    whole = _part(series.subject, reckoner, known, use, excess, 0)
    return Explanation(
        series.subject,
        series.measure,
        series.unit,
        whole.whole,
        whole.classes,
        int((~known).sum()),
        tuple(sorted(parts, key=lambda part: _dearness(part.whole))),
        tuple(sorted(_places(parts or [whole]), key=lambda place: _dearness(place.excess))),
    )


class _Reckoner:
    """Sums of hours by class, with their worth."""

    def __init__(self, classes: NDArray[np.int64], worth: Worth) -> None:
        self._classes = classes
        self._worth = worth

    def excess(
        self, known: Bools, use: Floats, amount: Floats, only: HourClass | None = None
    ) -> Excess:
        """Of all hours that are known, or of those of one class; what is not known is 0 in both."""
        within = known if only is None else known & (self._classes == CLASSES.index(only))
        total, beyond = float(use[within].sum()), float(amount[within].sum())
        factor, quota = self._worth.kgco2_per_unit, self._worth.quota
        return Excess(
            hours=int(within.sum()),
            use=total,
            expected=total - beyond,
            amount=beyond,
            cny=self._money(within, amount),
            kgco2=None if factor is None else beyond * factor,
            quota_share=beyond / quota if quota else None,
        )

    def _money(self, within: Bools, amount: Floats) -> float | None:
        prices = self._worth.cny_per_unit
        if prices is None:
            return None
        priced = within & np.isfinite(prices)
        return float((amount[priced] * prices[priced]).sum())


def _within(sub: Judged, starts: pd.DatetimeIndex, known: Bools) -> tuple[Floats, Floats, Bools]:
    """A part's use and excess by the total's hours, 0 where either is not known; and where both are."""
    excess = pd.Series(excess_of(sub.series, sub.expected), index=sub.series.frame.index)
    amount = excess.reindex(starts).to_numpy(float)
    both = known & np.isfinite(amount)
    use = sub.series.frame["use"].reindex(starts).to_numpy(float)
    return np.where(both, use, 0.0), np.where(both, amount, 0.0), both


def _part(
    subject: str, reckoner: _Reckoner, known: Bools, use: Floats, amount: Floats, missing: int
) -> PartExcess:
    classes = {one: reckoner.excess(known, use, amount, one) for one in CLASSES}
    return PartExcess(subject, reckoner.excess(known, use, amount), classes, missing)


def _places(parts: Sequence[PartExcess]) -> Iterator[Place]:
    for part in parts:
        for name, excess in part.classes.items():
            if excess.amount > _DUST * abs(excess.use):
                yield Place(part.subject, name, excess)


def _dearness(excess: Excess) -> tuple[float, float]:
    """By money, where it is known; of equals, and where none is, by amount."""
    return -(excess.cny or 0.0), -excess.amount
