"""Kinds of days, and how much is used on each: working days, days off, and days of long breaks."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.projection.courses import Matrix, days_of
from quotawatt.calendars import is_working_day, kept

WORKING, OFF, BREAK = 0, 1, 2
"""A break has three days off in a row or more: Spring Festival, the National Day week."""

BREAK_DAYS = 3

LEVEL_DAYS = 7
"""To each side: the days around that a day's use is compared with."""

FAMILIAR_DAYS = 5
"""Known days of a kind at which its own figure counts half, and that of the more common kind half."""

Kinds = NDArray[np.int64]


@kept(maxsize=64)
def _kinds(year: int, country: str) -> tuple[int, ...]:
    first = date(year, 1, 1)
    days = [first + timedelta(days=i) for i in range(days_of(year))]
    off = np.array([not is_working_day(day, country) for day in days])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], off, [False]]).astype(int)))
    kinds = np.where(off, OFF, WORKING)
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if end - start >= BREAK_DAYS:
            kinds[start:end] = BREAK
    return tuple(kinds.tolist())


def day_kinds(year: int, country: str = "CN") -> Kinds:
    """The kind of each day of a calendar year: WORKING, OFF or BREAK."""
    return np.array(_kinds(year, country), dtype=np.int64)


def kind_factors(days: Matrix, kinds: Kinds) -> Matrix:
    """Use on days of each kind relative to the days around; one row a series, one column a kind.

    days
        One row a series, one column a day; NaN: not known.

    A kind with few known days is drawn towards the next more common one: breaks to days off, and those
    to working days, which themselves count as the level (1) where nothing is known.
    """
    known = ~np.isnan(days)
    amounts = np.nan_to_num(days)
    level = moving_sum(amounts, LEVEL_DAYS) / np.maximum(moving_sum(known, LEVEL_DAYS), 1)
    factors = np.ones((len(days), 3))
    common = np.ones(len(days))
    for kind in (WORKING, OFF, BREAK):
        mine = known & (kinds == kind)
        count = mine.sum(axis=1)
        around = np.where(mine, level, 0.0).sum(axis=1)
        own = np.where(mine, amounts, 0.0).sum(axis=1)
        ratio = np.divide(own, around, out=common.copy(), where=around > 0)
        factors[:, kind] = (ratio * count + common * FAMILIAR_DAYS) / (count + FAMILIAR_DAYS)
        common = factors[:, kind] if kind == OFF else common
    return factors


def moving_sum(days: NDArray[np.float64] | NDArray[np.bool_], reach: int) -> Matrix:
    """Sums over the day and ``reach`` days to each side, fewer at the ends of the year."""
    begin, end = reach + 1, reach + 1 + days.shape[1]
    sums = np.zeros((len(days), end + reach))
    np.cumsum(days, axis=1, dtype=np.float64, out=sums[:, begin:end])
    sums[:, end:] = sums[:, end - 1 : end]
    moving: Matrix = sums[:, 2 * reach + 1 :] - sums[:, : -2 * reach - 1]
    return moving
