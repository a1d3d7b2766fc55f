"""Fuel and coal that are bought now and then: each purchase is the use of the days since the one before."""

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix

MOSTLY_ZERO_SHARE = 0.5
"""Of the known days; what is used on most days is no purchase."""

MIN_PURCHASES_A_YEAR = 6
"""Fewer are seasons, or chance: nothing can be told from them."""


def spread_lumps(last_year: Matrix, so_far: Matrix) -> tuple[Matrix, Matrix]:
    """Both years' days, with purchases spread evenly over the days since the purchase before.

    so_far
        This year's days that are over, right after ``last_year``.

    Series that are used on most days, or are without use in a few long stretches (heating), stay as they
    are. Days since the last purchase are not known: the next one will tell. Sums of both years stay.
    """
    days = np.hstack([last_year, so_far])
    bought = days > 0
    known = (~np.isnan(days)).sum(axis=1)
    after_nothing = bought[:, 1:] & (days[:, :-1] == 0)
    lumpy = ((days == 0).sum(axis=1) > MOSTLY_ZERO_SHARE * known) & (
        after_nothing.sum(axis=1) >= MIN_PURCHASES_A_YEAR * days.shape[1] / last_year.shape[1]
    )
    days[lumpy] = _spread(days[lumpy], bought[lumpy])
    return days[:, : last_year.shape[1]], days[:, last_year.shape[1] :]


def _spread(days: Matrix, bought: NDArray[np.bool_]) -> Matrix:
    n = days.shape[1]
    day = np.arange(n)
    upcoming = np.minimum.accumulate(np.where(bought, day, n)[:, ::-1], axis=1)[:, ::-1]
    latest = np.maximum.accumulate(np.where(bought, day, -1), axis=1)
    before = np.pad(latest, ((0, 0), (1, 0)), constant_values=-1)[:, :-1]
    amount = np.take_along_axis(np.pad(days, ((0, 0), (0, 1))), upcoming, axis=1)
    return np.where(upcoming < n, amount / np.maximum(upcoming - before, 1), np.nan)
