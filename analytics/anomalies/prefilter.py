"""A first look at many meters at once: which of them are worth a full one."""

import numpy as np
from numpy.typing import NDArray

from analytics.grid import Bools, Floats

_BAND_SD = 2 * 1.6449
_HOUR_SDS = 10.0
_DAY_SDS = 2.5
"""A day's mean difference of so many standard deviations of an hour is worth a look."""

_TIME_SDS = 2.5
"""So is the mean of one hour of the day over a week."""

_WEEK_DAYS = 7
_REPEATS_H = 6
_LEAST_OF_LEVEL = 0.03


def worth_a_look(use: Floats, expected: Floats, low: Floats, high: Floats) -> Bools:
    """Which meters have anything that could be an anomaly; one row a meter, one column an hour.

    Shapes are ``(meters, hours)``; hours are whole days in a row, NaN where not known. A meter is passed over
    only where no hour, no day, no hour of the day over a week and no run of one value stands out; so little
    is lost, and quiet meters cost microseconds.
    """
    difference = use - expected
    level = np.nanmean(np.abs(np.nan_to_num(expected)), axis=1, keepdims=True)
    sd = np.maximum((high - low) / _BAND_SD, _LEAST_OF_LEVEL * level)
    z = np.divide(difference, sd, out=np.full(use.shape, np.nan), where=sd > 0)
    days = z[:, : z.shape[1] // 24 * 24].reshape(len(z), -1, 24)
    hour: Bools = np.any(np.nan_to_num(np.abs(z)) > _HOUR_SDS, axis=1)
    day: Bools = np.any(np.abs(_means(days, 2)) > _DAY_SDS, axis=1)
    return hour | day | _hours_of_weeks(days) | _repeats(use)


def _hours_of_weeks(days: NDArray[np.float64]) -> Bools:
    """Whether an hour of the day stands out over any week, weeks from the last day backwards."""
    meters, count, hours = days.shape
    weeks = count // _WEEK_DAYS
    if not weeks:
        return np.zeros(meters, dtype=bool)
    kept = days[:, count - weeks * _WEEK_DAYS :].reshape(meters, weeks, _WEEK_DAYS, hours)
    stands_out: Bools = (np.abs(_means(kept, 2)) > _TIME_SDS).any(axis=(1, 2))
    return stands_out


def _means(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Means of what is known; 0 where nothing is."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=axis)
    mean: NDArray[np.float64] = total / np.maximum(known.sum(axis=axis), 1)
    return mean


def _repeats(use: Floats) -> Bools:
    """Whether one value, not zero, comes many times in a row."""
    same = (use[:, 1:] == use[:, :-1]) & (use[:, 1:] != 0)
    if same.shape[1] < _REPEATS_H:
        return np.zeros(len(use), dtype=bool)
    sums = np.cumsum(same, axis=1)
    ahead = sums[:, _REPEATS_H - 1 :] - np.pad(sums, ((0, 0), (1, 0)))[:, :-_REPEATS_H]
    found: Bools = (ahead >= _REPEATS_H - 1).any(axis=1)
    return found
