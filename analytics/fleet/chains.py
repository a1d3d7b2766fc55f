"""Which values of a series can follow each other, where some can't."""

from collections.abc import Callable

import numpy as np

from analytics.fleet.track import Bools, Ints

Reachable = Callable[[Ints, int], Bools]
"""Whether the value at a row can be followed by that at the other, for each of the earlier rows."""

# How many stretches back one that fits is looked for.
_LOOK_BACK = 128

# So near a step that can't be, values are judged one by one: it may be the value before that is wrong.
_NEAR = 4


def believable(follows: Bools, reachable: Reachable, break_cost: int) -> Bools:
    """The values to keep: as many as possible that can follow each other.

    An outlier can be reached neither from the value before nor from it the one after, while those two fit:
    it goes. So does a run of them. A leap after which nothing returns stays: breaking the chain costs
    ``break_cost`` values, and what follows it is worth more.

    Parameters
    ----------
    follows
        Whether each value can follow the one before; the first is not looked at.
    reachable
        The same of any two rows.

    Returns
    -------
    bool of each value.
    """
    breaks = np.flatnonzero(~follows[1:]) + 1
    if not len(breaks):
        return np.ones(len(follows), dtype=np.bool_)
    near = (breaks[:, None] + np.arange(-_NEAR, _NEAR + 1)).ravel()
    starts = np.unique(np.concatenate([[0], near[(near > 0) & (near < len(follows))]]))
    ends = np.concatenate([starts[1:], [len(follows)]])
    chosen = _best_chain(starts, ends, reachable, break_cost)
    keep = np.zeros(len(follows), dtype=np.bool_)
    for stretch in chosen:
        keep[starts[stretch] : ends[stretch]] = True
    return keep


def _best_chain(starts: Ints, ends: Ints, reachable: Reachable, break_cost: int) -> list[int]:
    """Stretches of the chain with the most values, by dynamic programming."""
    score = (ends - starts).astype(np.int64)
    before = np.full(len(starts), -1)
    for stretch in range(1, len(starts)):
        low = max(0, stretch - _LOOK_BACK)
        fits = reachable(ends[low:stretch] - 1, int(starts[stretch]))
        gains = score[low:stretch] - np.where(fits, 0, break_cost)
        best = int(np.argmax(gains))
        if gains[best] > 0:
            score[stretch] += gains[best]
            before[stretch] = low + best
    chain = [int(np.argmax(score))]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]
