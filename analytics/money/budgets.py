"""Yearly budgets of money: spent so far, and what the year will come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from analytics.yearly.projection import Courses, Matrix, year_ends
from quotawatt.money.budgets import Budget


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Where a budget stands.

    spent_cny
        Of the days judged whose cost is known, what is charged by the month included.
    known
        Share of these days that are known, 0..1.
    share_pct
        Spent, of the budget; None where that is 0.
    projected_cny, projected_low_cny, projected_high_cny
        Likely year's end and the interval that holds it with 80 %; None: too early to say.
    over_probability
        That the year ends above the budget, 0..1; None: not known.
    """

    budget: Budget
    spent_cny: float
    known: float
    share_pct: float | None
    projected_cny: float | None
    projected_low_cny: float | None
    projected_high_cny: float | None
    over_probability: float | None


def budget_statuses(
    budgets: Sequence[Budget], this_year: Matrix, last_year: Matrix, days: int, complete_days: int
) -> list[BudgetStatus]:
    """The status of each budget from the daily cost of its year and the one before.

    this_year, last_year
        A row a budget, a column a day of the calendar year; NaN: not known, and after ``days``. What is
        charged by the month is in it (``with_monthly``).
    """
    if not budgets:
        return []
    year = budgets[0].year
    ends = year_ends(Courses(this_year, last_year, year, complete_days))
    above = ends.probability_above(np.array([b.amount_cny for b in budgets], dtype=float))
    return [
        _status(
            budget,
            this_year[row, :days],
            (ends.median[row], ends.low[row], ends.high[row], above[row]),
        )
        for row, budget in enumerate(budgets)
    ]


def with_monthly(daily: Matrix, monthly: Matrix, year: int, days: int) -> Matrix:
    """Daily costs with what is charged by the month, spread evenly over the days of the month that count.

    daily
        Rows of the days of a calendar year; NaN: not known.
    monthly
        The same rows, 12 columns; NaN: none.
    days
        How many days of the year are over; later ones stay as they are.

    These are the days whose cost is known; of a month without any, all of them that are over. Each
    month's sum is exact, and a day that is missing stays missing.
    """
    found = daily.copy()
    edges = [(date(year, month, 1) - date(year, 1, 1)).days for month in range(1, 13)]
    for month, (first, until) in enumerate(pairwise([*edges, daily.shape[1]])):
        over = slice(first, min(until, days))
        part = daily[:, over]
        if not part.shape[1]:
            continue
        known = ~np.isnan(part)
        takes = known | ~known.any(axis=1, keepdims=True)
        a_day = monthly[:, month, np.newaxis] / takes.sum(axis=1, keepdims=True)
        gives = takes & ~np.isnan(a_day)
        found[:, over] = np.where(gives, np.nan_to_num(part) + a_day, part)
    return found


def _status(budget: Budget, days: Matrix, ends: tuple[float, ...]) -> BudgetStatus:
    known = ~np.isnan(days)
    spent = float(days[known].sum())
    median, low, high, above = (None if np.isnan(v) else float(v) for v in ends)
    share = 100 * spent / budget.amount_cny if budget.amount_cny else None
    covered = float(known.mean()) if len(days) else 0.0
    return BudgetStatus(budget, spent, covered, share, median, low, high, above)
