"""What each day of the year would come to at the level of the year before: season and kind of day."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix
from analytics.yearly.projection.daykinds import Kinds, kind_factors, moving_sum

SEASON_DAYS = 10
"""To each side: three weeks level out one year's weather and keep its seasons."""

_LEAST_WEIGHT = 2.5
"""Working days' worth of known use that a day's season needs."""


class Profile(NamedTuple):
    """Expected use of each day of this year at last year's level, one row a series.

    filled
        Days whose season nobody has seen: taken from the seasons before and after them.
    """

    days: Matrix
    filled: NDArray[np.bool_]


def profile(pattern: Matrix, pattern_kinds: Kinds, kinds: Kinds) -> Profile:
    """The profile of this year.

    pattern
        Daily use that it is drawn from, one column a day of its own year; NaN: not known.
    pattern_kinds, kinds
        Kinds of the days of the pattern's year and of this one.

    The season is the use of three weeks over the working days' worth that they hold; so last year's
    weekends, and holidays that move, do not stay on their dates. Days that no known use is near to take
    it from the nearest on both sides, in a straight line, across New Year too. NaN where nothing is known.
    """
    factors = kind_factors(pattern, pattern_kinds)
    known = ~np.isnan(pattern)
    weight = moving_sum(np.where(known, factors[:, pattern_kinds], 0.0), SEASON_DAYS)
    use = moving_sum(np.nan_to_num(pattern), SEASON_DAYS)
    season = np.divide(
        use, weight, out=np.full(pattern.shape, np.nan), where=weight > _LEAST_WEIGHT
    )
    season = _of_length(season, len(kinds))
    filled = np.isnan(season)
    for row in np.flatnonzero(filled.any(axis=1) & ~filled.all(axis=1)):
        there = np.flatnonzero(~filled[row])
        season[row] = np.interp(np.arange(len(kinds)), there, season[row, there], period=len(kinds))
    return Profile(season * factors[:, kinds], filled)


def _of_length(season: Matrix, days: int) -> Matrix:
    """One year's days laid on another's: the 366th is like the one before it, or left out."""
    return np.pad(season, ((0, 0), (0, max(days - season.shape[1], 0))), mode="edge")[:, :days]
