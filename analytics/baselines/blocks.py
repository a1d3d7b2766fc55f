"""Blocked cross-validation: whole stretches are left out, since neighbouring hours know each other."""

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.series import Interval

Ints = NDArray[np.int64]

BLOCK_DAYS = 28
"""Length of a block: longer than a spell of weather, with whole weeks."""

FOLDS = 6


def folds_of(day: Ints, interval: Interval) -> Ints:
    """The fold (0 to 5) of each interval, by its local day: blocks of four weeks dealt in turn.

    Months are dealt one by one. Less than six blocks make as many folds as there are blocks of a week.
    """
    if not len(day):
        return day
    since = day - int(day.min())
    if interval is Interval.MONTH:
        return np.arange(len(day)) % FOLDS
    enough = int(since.max()) >= FOLDS * BLOCK_DAYS
    return (since // (BLOCK_DAYS if enough else 7)) % FOLDS
