"""The band of ordinary use: quantiles of errors on left-out blocks, wider with the time since training.

Hours' errors are taken by class: three hours of the day, of working days and of days off. Those of whole
days are taken as such, since hourly bands do not add up to daily ones. Longer sums rest on the spread of
daily errors, on how much one day's says of the next, and on how far whole blocks were off. Blocks lie within
the training; a building goes on changing after it, so the level's own drift is added, growing with the root
of the time apart.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.blocks import BLOCK_DAYS
from analytics.baselines.calendar_features import Calendar
from analytics.baselines.inputs import Floats
from analytics.baselines.series import Interval

Ints = NDArray[np.int64]

YEARLY_DRIFT = 0.07
"""Standard deviation of a building's level a year on, as a share of it, where nothing odd happens."""

_LEAST_ERRORS = 30
_HOURS_A_CLASS = 3
_MOST_RHO = 0.95
_DAYS_A_MONTH = 30.4
_WHOLE_DAY_H = 23  # the day that loses one to DST


@dataclass(frozen=True)
class Band:
    """What is added to the expected value, in its unit; low edges are at most 0, high ones at least.

    level
        Share of ordinary intervals inside.
    intervals
        Low and high edge, a row a class (``interval_class``).
    days
        Low and high edge of sums of whole days: days of work, days off.
    day_sd, rho
        Standard deviation of daily sums' errors, and the correlation of one day's with the next's.
    slow_sd
        Standard deviation, a day, of what is off for four weeks together beyond what single days explain.
    drift
        Standard deviation of the level a year after training, as a share of it.
    """

    level: float
    intervals: tuple[tuple[float, float], ...]
    days: tuple[tuple[float, float], ...]
    day_sd: float
    rho: float
    slow_sd: float
    drift: float

    @property
    def z(self) -> float:
        """Standard deviations of a normal distribution that hold ``level``."""
        return NormalDist().inv_cdf((1 + self.level) / 2)

    def of_intervals(
        self, calendar: Calendar, interval: Interval, expected: Floats, apart_years: Floats
    ) -> tuple[Floats, Floats]:
        """Low and high edge of each interval; ``apart_years`` from training."""
        edges = np.asarray(self.intervals)[interval_class(calendar, interval)]
        return self._widened(expected, edges, apart_years)

    def of_days(
        self, off: NDArray[np.bool_], expected: Floats, apart_years: Floats
    ) -> tuple[Floats, Floats]:
        """The same of whole days, by whether they are off."""
        return self._widened(expected, np.asarray(self.days)[off.astype(np.int64)], apart_years)

    def of_sums(self, days: Floats, expected: Floats, apart_years: Floats) -> tuple[Floats, Floats]:
        """The same of sums over this many days (not one alone)."""
        single = self.day_sd**2 * days * _dependence(self.rho)
        slow = self.slow_sd**2 * days * np.minimum(days, BLOCK_DAYS)
        reach = self.z * np.sqrt(single + slow)
        return self._widened(expected, np.column_stack([-reach, reach]), apart_years)

    def to_document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From ``to_document``."""
        pairs = {
            name: tuple((float(low), float(high)) for low, high in document[name])
            for name in ("intervals", "days")
        }
        return cls(**{**document, **pairs})

    def _widened(
        self, expected: Floats, edges: Floats, apart_years: Floats
    ) -> tuple[Floats, Floats]:
        drift = self.z * self.drift * np.sqrt(apart_years) * np.abs(expected)
        low = expected - np.hypot(edges[:, 0], drift)
        return low, expected + np.hypot(edges[:, 1], drift)


def band_of(
    calendar: Calendar, interval: Interval, use: Floats, held_out: Floats, level: float
) -> Band:
    """The band from use and from what models expected that had not seen its block; NaN where not known."""
    known = np.isfinite(use) & np.isfinite(held_out)
    errors = (use - held_out)[known]
    classes = interval_class(calendar, interval)
    count = int(classes.max()) + 1 if interval is not Interval.HOUR else 48 // _HOURS_A_CLASS
    days, off, sums = _day_errors(calendar, interval, known, use - held_out)
    day_sd = float(np.sqrt(np.mean(sums**2))) if len(sums) else 0.0
    rho = _correlation(days, sums)
    return Band(
        level=level,
        intervals=_edges(classes[known], max(count, 2), errors, level),
        days=_edges(off.astype(np.int64), 2, sums, level),
        day_sd=day_sd,
        rho=rho,
        slow_sd=0.0 if interval is Interval.MONTH else _slow(days, sums, day_sd, rho),
        drift=YEARLY_DRIFT,
    )


def interval_class(calendar: Calendar, interval: Interval) -> Ints:
    """Hours: three hours of the day, on days of work, then on days off. Days: work, off. Months: one."""
    if interval is Interval.MONTH:
        return np.zeros_like(calendar.day)
    off = calendar.off.astype(np.int64)
    if interval is Interval.DAY:
        return off
    return calendar.hour // _HOURS_A_CLASS + off * (24 // _HOURS_A_CLASS)


def _edges(
    classes: Ints, count: int, errors: Floats, level: float
) -> tuple[tuple[float, float], ...]:
    """Quantiles of each class; of all errors where a class has few."""
    pairs = []
    for one in range(count):
        mine = errors[classes == one]
        pairs.append(_pair(mine if len(mine) >= _LEAST_ERRORS else errors, level))
    return tuple(pairs)


def _pair(errors: Floats, level: float) -> tuple[float, float]:
    """Conformal quantiles: one error more than there are, on either side; what is expected is inside."""
    n = len(errors)
    if n == 0:
        return 0.0, 0.0
    tail = (1 - level) / 2
    at = min(1.0, (1 - tail) * (n + 1) / n)
    low, high = np.quantile(errors, [1 - at, at])
    return min(float(low), 0.0), max(float(high), 0.0)


def _day_errors(
    calendar: Calendar, interval: Interval, known: NDArray[np.bool_], errors: Floats
) -> tuple[Ints, NDArray[np.bool_], Floats]:
    """Local days all of whose hours are known, whether they are off, and their sums of errors.

    Of months: as many independent days as would err as much together.
    """
    if interval is Interval.MONTH:
        return calendar.day[known], calendar.off[known], errors[known] / np.sqrt(_DAYS_A_MONTH)
    days, first, inverse = np.unique(calendar.day, return_index=True, return_inverse=True)
    weights = np.where(known, errors, 0.0)
    sums = np.bincount(inverse, weights=weights, minlength=len(days)).astype(np.float64)
    counts = np.bincount(inverse, weights=known, minlength=len(days))
    whole = counts >= (_WHOLE_DAY_H if interval is Interval.HOUR else 1)
    return days[whole], calendar.off[first][whole], sums[whole]


def _slow(days: Ints, sums: Floats, day_sd: float, rho: float) -> float:
    """How far whole blocks are off, a day, beyond what their days' own errors would make of them."""
    if not len(days):
        return 0.0
    _, block = np.unique((days - days[0]) // BLOCK_DAYS, return_inverse=True)
    counts = np.bincount(block)
    means = np.bincount(block, weights=sums) / counts
    ordinary = day_sd**2 * _dependence(rho) / counts
    return float(np.sqrt(max(np.average(means**2 - ordinary, weights=counts), 0.0)))


def _dependence(rho: float) -> float:
    """By how much more sums of dependent errors vary than those of independent ones."""
    return (1 + rho) / (1 - rho)


def _correlation(days: Ints, sums: Floats) -> float:
    """Correlation of one day's error with that of the next, 0 to 0.95."""
    pairs = np.flatnonzero(np.diff(days) == 1)
    before, after = sums[pairs], sums[pairs + 1]
    spread = float(np.sqrt(np.sum(before**2) * np.sum(after**2)))
    rho = float(np.sum(before * after)) / spread if spread > 0 else 0.0
    return min(max(rho, 0.0), _MOST_RHO)
