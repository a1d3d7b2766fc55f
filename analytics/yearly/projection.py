"""What a year's account will come to: the use so far, and what the rest of the year is likely to add.

With last year's days known, the rest is last year's rest times the ratio of the two years to date.
That ratio is drawn towards 1 while the year is young, by the weight ``days / (days + 60)``: after one
month a third of the difference counts, after half a year three quarters. Years to date that are more
than a factor of 5 apart are no ratio (a building that stood empty, a meter that was not there yet).

Without last year, or where the years are that far apart, it is the mean day so far times the days left,
from 90 known days on. Before that, last year's rest stands as it was; and where there is no last year,
nothing is said, so that no alert rests on it. The mean day does not see seasons, so last year goes first.
"""

import numpy as np
from numpy.typing import NDArray

SHRINK_DAYS = 60
"""Days to date at which half of the ratio's difference from 1 counts."""

PRO_RATA_MIN_DAYS = 90
"""Known days that a projection without last year needs."""

LAST_YEAR_MIN_SHARE = 0.8
"""Share of last year's days that must be known for last year to serve as the pattern."""

COMPARABLE_RATIO = 5
"""Years to date further apart than by this factor say nothing about the rest of the year."""

Matrix = NDArray[np.float64]


def project_year(this_year: Matrix, last_year: Matrix, complete_days: int) -> Matrix:
    """The likely total of the year for each series, in the unit of the input.

    this_year
        Daily use, one row a series and one column a day of the year (365 or 366); NaN: not known.
        Only the first ``complete_days`` columns are looked at.
    last_year
        The same series in the year before, with that year's own number of days; NaN: not known.
    complete_days
        Days of this year that are over.

    Days not known are not filled in and not taken for zero: the ratio rests on days known in both
    years. The answer has one value a series; NaN where it is too early to say.
    """
    days_left = this_year.shape[1] - complete_days
    so_far = this_year[:, :complete_days]
    used: Matrix = np.nansum(so_far, axis=1)
    if days_left == 0:
        return used
    shared_days = min(complete_days, last_year.shape[1])
    shared = so_far[:, :shared_days], last_year[:, :shared_days]
    # The 366th day of a leap year has no counterpart; the last day of last year stands in.
    rest = last_year[:, min(shared_days, last_year.shape[1] - 1) :]
    ratio, comparable = _ratio(*shared)
    pro_rata = _pro_rata(so_far)
    by_last_year = _is_known(last_year) & (comparable | np.isnan(pro_rata))
    daily = np.where(by_last_year, _mean_of_known(rest) * ratio, pro_rata)
    projected: Matrix = used + days_left * daily
    return projected


def _is_known(last_year: Matrix) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.mean(~np.isnan(last_year), axis=1) >= LAST_YEAR_MIN_SHARE
    return known


def _ratio(this_year: Matrix, last_year: Matrix) -> tuple[Matrix, NDArray[np.bool_]]:
    """This year's use to last year's over the days known in both, shrunk; and whether they compare.

    1 where they do not.
    """
    both = ~np.isnan(this_year) & ~np.isnan(last_year)
    this_sum = np.where(both, this_year, 0.0).sum(axis=1)
    last_sum = np.where(both, last_year, 0.0).sum(axis=1)
    comparable = (this_sum <= COMPARABLE_RATIO * last_sum) & (
        last_sum <= COMPARABLE_RATIO * this_sum
    )
    usable = comparable & (last_sum > 0)
    ratio = np.divide(this_sum, last_sum, out=np.ones_like(last_sum), where=usable)
    known_days = both.sum(axis=1)
    shrunk: Matrix = 1 + known_days / (known_days + SHRINK_DAYS) * (ratio - 1)
    return shrunk, comparable


def _pro_rata(so_far: Matrix) -> Matrix:
    """Mean known day so far; NaN before enough days are known."""
    enough = (~np.isnan(so_far)).sum(axis=1) >= PRO_RATA_MIN_DAYS
    return np.where(enough, _mean_of_known(so_far), np.nan)


def _mean_of_known(days: Matrix) -> Matrix:
    known = (~np.isnan(days)).sum(axis=1)
    total = np.nansum(days, axis=1)
    mean: Matrix = np.divide(total, known, out=np.full(len(days), np.nan), where=known > 0)
    return mean
