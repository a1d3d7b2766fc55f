"""The daily courses of accounts: what they used in their period and the one before, in their units.

Accounts of one asset often rest on the same series: electricity per m² and per head, in kWh and in kgce.
Such courses differ by a factor alone, and are worked out once.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.yearly.drafts import Draft
from analytics.yearly.projection import Matrix
from analytics.yearly.usetable import Pair, UseTable

Line = tuple[Pair, date | None, date | None, float]
"""A series, the days ``[first, until)`` on which it counts, and by what factor."""


class AccountCourses(NamedTuple):
    """Courses, one row each, that accounts are multiples of.

    this, before
        Amounts by day of the period and the one before; NaN: not known.
    pattern
        The period before as it was, whatever is known of this one: what days' budgets follow. A gap of this
        year changes no budget.
    row, times
        Of each account its course, and what to multiply that by: above 0.
    """

    this: Matrix
    before: Matrix
    pattern: Matrix
    row: NDArray[np.intp]
    times: Matrix


def account_courses(drafts: Sequence[Draft], table: UseTable) -> AccountCourses:
    """The courses of accounts that are all of one table.

    A day counts what is known of it. A day of a series that is not known in this period is left out of
    the period before as well, so that the two compare like with like.
    """
    rows: dict[tuple[Line, ...], int] = {}
    row, times = [], []
    for draft in drafts:
        lines, factor = _lines(draft)
        row.append(rows.setdefault(lines, len(rows)))
        times.append(factor)
    this, before, pattern = _courses(list(rows), table)
    return AccountCourses(this, before, pattern, np.array(row, dtype=np.intp), np.array(times))


def _lines(draft: Draft) -> tuple[tuple[Line, ...], float]:
    """What an account adds up, relative to the factor of its first series; and that factor."""
    factors = [
        t.sign * c.value * draft.correction
        for t, c in zip(draft.terms, draft.conversions, strict=True)
    ]
    times = abs(factors[0]) or 1.0
    lines = zip(draft.terms, factors, strict=True)
    return tuple((t.pair, t.first, t.until, factor / times) for t, factor in lines), times


def _courses(
    accounts: Sequence[tuple[Line, ...]], table: UseTable
) -> tuple[Matrix, Matrix, Matrix]:
    lines = [line for account in accounts for line in account]
    rows = np.array([table.row(pair) for pair, _, _, _ in lines], dtype=np.intp)
    factors = np.array([factor for _, _, _, factor in lines])
    starts = np.cumsum([0, *(len(account) for account in accounts)])[:-1]
    this, before = table.this[rows], table.before[rows]
    for at, (_, first, until, _) in enumerate(lines):
        if first is not None or until is not None:
            low, high = table.columns(first, until)
            this[at, :low], this[at, high:] = np.nan, np.nan
    ever = np.logical_or.reduceat(~np.isnan(before), starts, axis=0)
    pattern = np.where(ever, _added(before, factors, starts)[0], np.nan)
    shared = min(table.period.complete_days, before.shape[1])
    gaps = np.isnan(this[:, :shared]) & ~np.isnan(before[:, :shared])
    this_sum, this_known = _added(this, factors, starts)
    like = pattern
    if gaps.any():
        before[:, :shared][gaps] = np.nan
        like = np.where(ever, _added(before, factors, starts)[0], np.nan)
    return np.where(this_known, this_sum, np.nan), like, pattern


def _added(
    values: Matrix, factors: Matrix, starts: NDArray[np.intp]
) -> tuple[Matrix, NDArray[np.bool_]]:
    known = ~np.isnan(values)
    total = np.add.reduceat(np.where(known, values, 0.0) * factors[:, None], starts, axis=0)
    return total, np.logical_or.reduceat(known, starts, axis=0)
