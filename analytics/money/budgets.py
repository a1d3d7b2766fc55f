"""Yearly budgets of money: spent so far, and what the year will come to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.yearly.projection import Courses, Matrix, year_ends
from quotawatt.money.budgets import Budget


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Where a budget stands.

    spent_cny
        Of the days judged whose cost is known.
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
        A row a budget, a column a day of the calendar year; NaN: not known, and after ``days``.
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


def _status(budget: Budget, days: Matrix, ends: tuple[float, ...]) -> BudgetStatus:
    known = ~np.isnan(days)
    spent = float(days[known].sum())
    median, low, high, above = (None if np.isnan(v) else float(v) for v in ends)
    share = 100 * spent / budget.amount_cny if budget.amount_cny else None
    covered = float(known.mean()) if len(days) else 0.0
    return BudgetStatus(budget, spent, covered, share, median, low, high, above)
