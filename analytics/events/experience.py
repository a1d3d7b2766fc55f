"""Whether a baseline has seen enough weather like that of a day to judge it."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENOUGH_DAYS = 15
"""Days of like weather that must have been learned from: three working weeks."""

WITHIN_C = 2.0
"""How far daily means may lie apart and still be like weather: buildings change over at a few degrees."""


def is_experienced(learned_c: Floats, judged_c: Floats) -> NDArray[np.bool_]:
    """For each mean temperature to be judged whether enough days like it were learned from.

    learned_c
        Daily means of the training time; NaN is left out. Where none is known nothing can be said against
        a judgement: all are.
    judged_c
        Means of the day before each hour. One that is not known is experienced, too: whether there is an
        answer without weather the baseline knows.
    """
    learned = np.sort(learned_c[np.isfinite(learned_c)])
    if not len(learned):
        return np.ones(len(judged_c), dtype=bool)
    below = np.searchsorted(learned, judged_c - WITHIN_C, side="left")
    above = np.searchsorted(learned, judged_c + WITHIN_C, side="right")
    return np.asarray((above - below >= ENOUGH_DAYS) | np.isnan(judged_c))
