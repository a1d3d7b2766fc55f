"""Days on which nothing was counted though there was use: not to be learned from.

A meter that is down, or not there yet, often leaves zeros. They stay in the account as they are; but as
a pattern for other days they would mislead. Three signs tell them from days without use:

- a run of zeros up to two weeks long that holds a working day, with use right before or after it, in a
  series that is seldom zero: weekends, breaks and holidays of a canteen are not meant, nor is fuel that is
  bought now and then;
- a stretch of last year without use that begins at New Year, though the year ended in use;
- one that ends at New Year, though the year began in use. No season begins or ends on that day.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix
from analytics.yearly.projection.daykinds import WORKING, Kinds, moving_sum

LONGEST_OUTAGE_DAYS = 14

SELDOM_ZERO_SHARE = 0.2
"""Of the known days; a series with more zeros has them by its nature."""

ABRUPT_SHARE = 0.25
"""Of the mean day in use, reached within two days of the run: it did not fade out."""

IN_USE_SHARE = 0.1
"""Of the mean day in use; a day in use has most of the seven days around it above that."""

_WEEK_REACH = 3

Bools = NDArray[np.bool_]


class _Runs(NamedTuple):
    row: NDArray[np.intp]
    start: NDArray[np.intp]
    end: NDArray[np.intp]


def without_outages(
    last_year: Matrix, so_far: Matrix, last_kinds: Kinds, kinds: Kinds
) -> tuple[Matrix, Matrix]:
    """Both years' days with those of outages not known (NaN).

    so_far
        This year's days that are over, right after ``last_year``.
    last_kinds, kinds
        Kinds of last year's days and of this year's.
    """
    length = last_year.shape[1]
    days = np.hstack([last_year, so_far])
    in_use = np.where(days > 0, days, 0.0)
    mean = in_use.sum(axis=1) / np.maximum((in_use > 0).sum(axis=1), 1)
    days[:, :length][_beside_new_year(last_year, mean)] = np.nan
    working = np.concatenate([last_kinds, kinds[: so_far.shape[1]]]) == WORKING
    days[_short_outages(days, mean, working)] = np.nan
    return days[:, :length], days[:, length:]


def _beside_new_year(last_year: Matrix, mean: Matrix) -> Bools:
    """Days of last year without use up to the first, or from the last, that is in use."""
    above = np.nan_to_num(last_year) > IN_USE_SHARE * mean[:, None]
    used = moving_sum(above, _WEEK_REACH) > moving_sum(~above, _WEEK_REACH)
    day, last = np.arange(last_year.shape[1]), last_year.shape[1] - 1
    before = (day < used.argmax(axis=1)[:, None]) & used[:, -1:]
    after = (day > last - used[:, ::-1].argmax(axis=1)[:, None]) & used[:, :1]
    beside: Bools = before | after
    return beside


def _short_outages(days: Matrix, mean: Matrix, working: Bools) -> Bools:
    zero = days == 0
    seldom = zero.sum(axis=1) <= SELDOM_ZERO_SHARE * (~np.isnan(days)).sum(axis=1)
    runs = _runs(zero & seldom[:, None])
    worked = np.concatenate([[0], np.cumsum(working)])
    beside = np.nan_to_num(np.pad(days, ((0, 0), (2, 2))))
    near = np.max(
        [beside[runs.row, at] for at in (runs.start, runs.start + 1, runs.end + 2, runs.end + 3)],
        axis=0,
        initial=0.0,
    )
    outage = runs.end - runs.start <= LONGEST_OUTAGE_DAYS
    outage &= worked[runs.end] > worked[runs.start]
    outage &= near > ABRUPT_SHARE * mean[runs.row]
    turns = np.zeros((days.shape[0], days.shape[1] + 1), dtype=np.int64)
    turns[runs.row[outage], runs.start[outage]] = 1
    turns[runs.row[outage], runs.end[outage]] = -1
    found: Bools = np.cumsum(turns, axis=1)[:, :-1] > 0
    return found


def _runs(flags: Bools) -> _Runs:
    """The runs of a flag, ``[start, end)`` in each row."""
    turns = np.diff(np.pad(flags.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, start = np.nonzero(turns == 1)
    return _Runs(row, start, np.nonzero(turns == -1)[1])
