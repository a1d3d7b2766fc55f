"""The hours of virtual meters: weighted sums of what their parts have."""

import numpy as np

from analytics.grid import Bools, Floats, Grid, Key


def weighted_sum(total: Key, parts: Grid, weights: Floats, expected: Bools) -> Grid:
    """A virtual meter by the hour.

    weights
        How many times each part (row) counts in each hour; 0: not at all, as its meter is not in use.
    expected
        Whether each part should have a result.

    Of a sum what is known is added up, and its coverage says how much that is: the mean of the parts',
    weighted by how many times they count, where one that is expected and has no result counts 0. Where
    anything is taken off, an hour in which a part has no result has none either: what is left of it would be
    no difference. A negative hour stays negative. Estimated if any part is.
    """
    counted = weights != 0
    known = parts.known() & counted
    value = np.where(known, weights * np.nan_to_num(parts.value), 0.0).sum(axis=0, keepdims=True)
    takes_off = (weights < 0).any(axis=0, keepdims=True)
    lacking = (counted & ~known).any(axis=0, keepdims=True)
    there = known.any(axis=0, keepdims=True) & ~(takes_off & lacking)
    share = np.abs(weights)
    due = np.where(known | (expected & counted), share, 0.0).sum(axis=0, keepdims=True)
    covered = np.where(known, share * parts.coverage, 0.0).sum(axis=0, keepdims=True)
    coverage = np.divide(covered, due, out=np.zeros_like(covered), where=due > 0)
    return Grid(
        (total,),
        parts.starts,
        np.where(there, value, np.nan),
        np.where(there, coverage, 0.0),
        np.asarray((parts.estimated & known).any(axis=0, keepdims=True) & there),
    )
