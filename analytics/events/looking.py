"""Whether a series needs a full look: a cheap answer that errs on the side of looking.

Of thousands of series most are as expected on most days. What is measured here in units of ordinary
variation (half the 90 % band over 1.645, as if it were normal) are single hours, means over a quarter of a
day, a day and a week, means of one hour of the day over a week, and hours that stand still. The limits lie
below those from which an anomaly is found with any confidence; ``find_anomalies`` decides.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NORMAL_90 = 1.645
_SINGLE = 5.0
_MEANS = ((6, 2.0), (24, 1.2), (168, 0.7))
_HOUR_OF_DAY = 1.5
_STILL_HOURS = 12
_DAY = 24
_WEEK = 7


def sticks_out(use: Floats, expected: pd.DataFrame) -> bool:
    """Whether anything in hours in a row may be out of the ordinary.

    use
        In the order of ``expected`` (columns ``expected``, ``low``, ``high``); NaN where not known: such
        hours say nothing.
    """
    band = (expected["high"] - expected["low"]).to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = (use - expected["expected"].to_numpy(float)) / (band / (2 * _NORMAL_90))
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
    return bool(
        len(same) >= _STILL_HOURS
        and (sums[_STILL_HOURS:] - sums[:-_STILL_HOURS]).max() == _STILL_HOURS
    )
