"""Whether a series needs a full look: a cheap answer that errs on the side of looking.

Of thousands of series most are as expected on most days. What is measured here in units of ordinary
variation (half the 90 % band over 1.645, as if it were normal) are single hours, means over a quarter of a
day, a day and a week, means of one hour of the day over a week, and hours that stand still. Over clean and
faulty windows of 35 days of real buildings (those of ``benchmarks/anomalies.py``, other faults) half of the
clean ones are looked at, and of the events of a confidence of 0.5 or more 99 % lie in windows that are, of
those of 0.8 or more all; ``find_anomalies`` decides.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NORMAL_90 = 1.645
_SINGLE = 10.0
_MEANS = ((6, 4.0), (24, 2.5), (168, 1.5))
_HOUR_OF_DAY = 2.5
_REPEATS = 5
_DAY = 24
_WEEK = 7


def sticks_out(use: Floats, expected: Floats, low: Floats, high: Floats) -> bool:
    """Whether anything in hours in a row may be out of the ordinary.

    use, expected, low, high
        NaN where not known: such hours say nothing.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        off = (use - expected) / ((high - low) / (2 * _NORMAL_90))
    off = np.where(np.isnan(off), 0.0, np.clip(off, -1e6, 1e6))
    if len(off) == 0:
        return False
    if np.abs(off).max() > _SINGLE or _stands_still(use):
        return True
    return _means_stick_out(off) or _hours_of_day_stick_out(off)


def _means_stick_out(off: Floats) -> bool:
    sums = np.concatenate([[0.0], np.cumsum(off)])
    return any(
        len(off) >= hours and np.abs(sums[hours:] - sums[:-hours]).max() > limit * hours
        for hours, limit in _MEANS
    )


def _hours_of_day_stick_out(off: Floats) -> bool:
    """Whether one hour of the day differs in the mean of a week."""
    days = off[: len(off) // _DAY * _DAY].reshape(-1, _DAY)
    if len(days) < _WEEK:
        return False
    sums = np.concatenate([np.zeros((1, _DAY)), np.cumsum(days, axis=0)])
    return bool(np.abs(sums[_WEEK:] - sums[:-_WEEK]).max() > _HOUR_OF_DAY * _WEEK)


def _stands_still(use: Floats) -> bool:
    """Whether the same value, or none, comes for hours in a row."""
    same = (np.diff(use) == 0) | np.isnan(use[1:])
    sums = np.concatenate([[0], np.cumsum(same)])
    return bool(len(same) >= _REPEATS and (sums[_REPEATS:] - sums[:-_REPEATS]).max() == _REPEATS)
