"""How far recent days were from what was expected of them, and what of it goes on to the next day.

A baseline knows calendar and weather. What it does not know, that a floor was let or machines run on since
last week, shows in its residuals, and stays for a while. Each hour's residual is predicted by a few means
of earlier ones, which a ridge regression weighs: by its own past it learns of each series how much goes
on. Only what was known when the forecast was made is looked at.
"""

import numpy as np

from analytics.forecast.days import HOURS, DayTable
from analytics.grid import Bools, Floats

FAST, SLOW, WEEKLY, LEVEL = 0.7, 0.94, 0.7, 0.6
"""What a mean of residuals keeps from one day of its kind to the next; our own choice, round."""

WEIGHT_KEPT = 0.985
"""What a day's weight in the regression keeps from day to day: half of it is gone after 46 days."""

RIDGE = 0.03
"""Of the mean square of the features: draws their weights towards none, which is the baseline alone."""

OUTLIER = 6.0
"""Residuals count up to so many times their usual size: an outage is not learned from."""

SIZE_KEPT = 0.8
"""What the usual size of residuals keeps from day to day: what stays is no outlier for long."""

LEAST_DAYS = 7
"""Known days of residuals that a correction needs."""

_RESIDUALS = 5  # features that are means of residuals
_FEATURES = 6  # and how far the day's expectation is from what is usual
_UNSURE_DAYS = 0.5  # a mean of few days is drawn towards none


def corrections(table: DayTable, lead_days: int) -> Floats:
    """What is to be added to each foreseen hour, one row a day, known from ``lead_days`` before it.

    lead_days
        How many days before the forecast day the last one lies whose use is known: 1, the day before.

    0 where less than a week is known; NaN in no case.
    """
    features = _features(table, lead_days)
    missed = without_outliers(table.use - table.foreseen, table.off)
    rows = len(missed)
    found = np.zeros((rows, HOURS))
    gram, moment = np.zeros((_FEATURES, _FEATURES)), np.zeros(_FEATURES)
    days = 0
    for day in range(rows):
        if (last := day - lead_days) >= 0:
            known = np.isfinite(missed[last])
            mine = features[last][known]
            gram = WEIGHT_KEPT * gram + mine.T @ mine
            moment = WEIGHT_KEPT * moment + mine.T @ missed[last][known]
            days += bool(known.any())
        if days >= LEAST_DAYS:
            found[day] = features[day] @ _ridge(gram, moment)
    return found


def _ridge(gram: Floats, moment: Floats) -> Floats:
    size = float(np.trace(gram)) / _FEATURES
    if size <= 0:
        return np.zeros(_FEATURES)
    weights = np.linalg.solve(gram + RIDGE * size * np.eye(_FEATURES), moment)
    carried = float(weights[:_RESIDUALS].sum())
    # While a level is new its means lag behind it; what they then weigh would overshoot it later.
    weights[:_RESIDUALS] /= max(carried, 1.0)
    return np.asarray(weights, dtype=np.float64)


def without_outliers(residual: Floats, off: Bools) -> Floats:
    """Residuals cut to ``OUTLIER`` times their usual size at the hour, on days of the kind before."""
    cut = residual.copy()
    sizes = np.full((2, HOURS), np.nan)
    for day, hours in enumerate(residual):
        size = sizes[int(off[day])]
        most = np.where(np.isfinite(size), OUTLIER * size, np.inf)
        cut[day] = np.clip(hours, -most, most)
        seen = np.abs(cut[day])
        faded = np.where(np.isfinite(size), SIZE_KEPT * size + (1 - SIZE_KEPT) * seen, seen)
        sizes[int(off[day])] = np.where(np.isfinite(seen), faded, size)
    return cut


class _Mean:
    """A fading mean of days, by the hour."""

    def __init__(self, kept: float) -> None:
        self._kept = kept
        self._total = np.zeros(HOURS)
        self._weight = np.zeros(HOURS)
        self._days = np.zeros(HOURS)

    def take(self, hours: Floats) -> None:
        known = np.isfinite(hours)
        self._total = self._kept * self._total + np.where(known, hours, 0.0)
        self._weight = self._kept * self._weight + known
        self._days += known

    @property
    def plain(self) -> Floats:
        """The mean itself; NaN while nothing is in it."""
        mean: Floats = np.divide(
            self._total, self._weight, out=np.full(HOURS, np.nan), where=self._weight > 0
        )
        return mean

    @property
    def value(self) -> Floats:
        """The mean, drawn towards 0 while few days are in it."""
        return np.nan_to_num(self.plain) * self._days / (self._days + _UNSURE_DAYS)


def _features(table: DayTable, lead_days: int) -> Floats:
    """One row a day, one column an hour, ``_FEATURES`` deep: fading means of what was known before."""
    residual, off = without_outliers(table.use - table.expected, table.off), table.off.astype(int)
    rows = len(residual)
    found = np.zeros((rows, HOURS, _FEATURES))
    fast, slow, level = [_Mean(FAST), _Mean(FAST)], [_Mean(SLOW), _Mean(SLOW)], _Mean(LEVEL)
    usual = [_Mean(SLOW), _Mean(SLOW)]
    weekly = [_Mean(WEEKLY) for _ in range(7)]
    for day in range(rows):
        kind, weekday = off[day], (table.first + day) % 7
        if (last := day - lead_days) >= 0:
            hours = residual[last]
            for mean in (fast[off[last]], slow[off[last]], weekly[(table.first + last) % 7]):
                mean.take(hours)
            usual[off[last]].take(np.where(np.isfinite(hours), table.expected[last], np.nan))
            known = hours[np.isfinite(hours)]
            level.take(np.full(HOURS, known.mean() if len(known) else np.nan))
            found[day, :, 4] = np.nan_to_num(hours)
        found[day, :, 0] = fast[kind].value
        found[day, :, 1] = slow[kind].value
        found[day, :, 2] = weekly[weekday].value
        found[day, :, 3] = level.value
        found[day, :, 5] = np.nan_to_num(usual[kind].plain - table.foreseen[day])
    return found
