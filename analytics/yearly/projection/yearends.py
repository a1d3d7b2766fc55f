"""The year-ends of accounts: last year's season and kinds of days, at the level that this year shows.

Last year's days, with purchases spread and without outages, give the profile of this year (``profile``).
How this year's weeks compare with it gives the level of the weeks to come and its uncertainty
(``level``). What is used stays as it is. Where less than half of last year is known, this year's own days
are the pattern, from 90 known days on: pro rata by kind of day, and unsure, for the seasons to come have
not been seen. Where that is not there either, nothing is said, so that no alert rests on it.
"""

import numpy as np

from analytics.yearly.projection.courses import Courses, Matrix
from analytics.yearly.projection.daykinds import Kinds, day_kinds
from analytics.yearly.projection.ends import YearEnds
from analytics.yearly.projection.level import SHAPE, WEEK, Outlook, Shape, Weeks, outlook
from analytics.yearly.projection.lumps import spread_lumps
from analytics.yearly.projection.outages import without_outages
from analytics.yearly.projection.profile import Profile, profile

PRO_RATA_MIN_DAYS = 90
"""Known days of this year that a projection without last year needs."""

LAST_YEAR_MIN_SHARE = 0.5
"""Share of last year's days that must be known for last year to serve as the pattern."""

# Quantile 0.9 of the normal distribution over that of the logistic one (log 9).
_LOGISTIC = 1.2816 / np.log(9.0)

_TOGETHER = 2000
"""Series that are worked on at a time, so that memory stays bounded."""


def year_ends(courses: Courses, country: str = "CN", shape: Shape = SHAPE) -> YearEnds:
    """The year-ends of the accounts, all at once.

    country
        Whose working days the days of use follow (ISO 3166), see ``quotawatt.calendars``.
    shape
        How levels go on; the same for all accounts.
    """
    kinds = day_kinds(courses.year - 1, country), day_kinds(courses.year, country)
    so_far = courses.so_far
    rest = np.full((len(so_far), len(kinds[1]) - courses.complete_days), np.nan)
    scale = np.full(len(so_far), np.nan)
    for first in range(0, len(so_far), _TOGETHER):
        rows = slice(first, first + _TOGETHER)
        rest[rows], scale[rows] = _rest(courses.last_year[rows], so_far[rows], *kinds, shape)
    if not rest.shape[1]:
        scale[:] = 0.0
    return YearEnds(so_far, rest, scale)


def _rest(
    last_year: Matrix, so_far: Matrix, last_kinds: Kinds, kinds: Kinds, shape: Shape
) -> tuple[Matrix, Matrix]:
    """Expected use of each remaining day, and the scale of the rest's logarithm."""
    over = so_far.shape[1]
    last, this = without_outages(*spread_lumps(last_year, so_far), last_kinds, kinds)
    by_last = (~np.isnan(last)).mean(axis=1) >= LAST_YEAR_MIN_SHARE
    by_this = ~by_last & ((~np.isnan(this)).sum(axis=1) >= PRO_RATA_MIN_DAYS)
    rest = np.full((len(last), len(kinds) - over), np.nan)
    scale = np.full(len(last), np.nan)
    own = np.pad(this, ((0, 0), (0, len(kinds) - over)), constant_values=np.nan)
    for rows, pattern, its_kinds in ((by_last, last, last_kinds), (by_this, own, kinds)):
        if rows.any() and rest.shape[1]:
            expected = profile(pattern[rows], its_kinds, kinds)
            found = _outlook(this[rows], expected, shape)
            rest[rows] = (
                expected.days[:, over:]
                * np.repeat(found.ratio, WEEK, axis=1)[:, : len(kinds) - over]
            )
            scale[rows] = _LOGISTIC * found.log_sd
    return rest, scale


def _outlook(this: Matrix, expected: Profile, shape: Shape) -> Outlook:
    """Weeks are counted from today, back and ahead; days of an unfinished first week are left out."""
    over = this.shape[1]
    behind = slice(over % WEEK, over)
    known = ~np.isnan(this[:, behind])
    use = np.nan_to_num(this[:, behind])
    profiled, unseen = expected.days[:, :over][:, behind], expected.filled[:, :over][:, behind]
    past = Weeks(
        use=_weekly(use)[:, ::-1],
        expected=_weekly(np.where(known, profiled, 0.0))[:, ::-1],
        known=_weekly(known.astype(float))[:, ::-1] / WEEK,
        unseen=_weekly((known & unseen).astype(float))[:, ::-1] / WEEK,
    )
    ahead = expected.days[:, over:]
    coming_unseen = np.where(expected.filled[:, over:], ahead, 0.0)
    return outlook(past, _weekly(ahead), _weekly(coming_unseen), shape)


def _weekly(days: Matrix) -> Matrix:
    """Sums of seven days each; what is left at the end is a shorter week."""
    weeks = -(-days.shape[1] // WEEK)
    padded = np.pad(days, ((0, 0), (0, weeks * WEEK - days.shape[1])))
    weekly: Matrix = padded.reshape(len(days), weeks, WEEK).sum(axis=2)
    return weekly
