"""The days of one quota account in its year: budget, use and what is expected, in the account's unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np

from analytics.yearly.budgets import (
    Allowance,
    Matrix,
    allowance,
    budget_to_date,
    day_shares,
    days_ahead,
    has_history,
    with_months,
    working_days,
)
from analytics.yearly.dailyuse import DailyUse, year_to_date
from analytics.yearly.energycalendar import AccountDays
from analytics.yearly.projection import Courses, year_ends
from quotawatt.calendars import working_calendar_known

HISTORY, ASSUMED, SET = "history", "assumed", "set"
"""What the budgets of days rest on: last year's days, none, or months that somebody has set."""


class Counted(NamedTuple):
    """A series that counts in an account: its amounts times ``factor``."""

    subject: str
    measure: str
    factor: float


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Where an account stands beside its budget; amounts in its unit.

    ahead, ahead_pct, ahead_days
        Use less the budget to date, the same in percent of it, and in days of budget; above 0: too much.
        None: nothing is meant to be used yet.
    allowance
        Arrays of one value; see ``budgets.Allowance``.
    basis
        ``history``, ``assumed`` or ``set``.
    announced
        Whether the working calendar of the year is the announced one.
    """

    limit: float
    used: float
    budget_to_date: float
    ahead: float
    ahead_pct: float | None
    ahead_days: float | None
    allowance: Allowance
    basis: str
    announced: bool


def account_days(
    counted: Sequence[Counted],
    limit: float,
    use: DailyUse,
    as_of: datetime,
    months: Sequence[float] | None = None,
) -> tuple[AccountDays, str]:
    """The days of an account at ``as_of``, and what their budgets rest on.

    months
        Budgets of the twelve months that somebody has set; None: nobody has.

    The day that holds ``as_of`` is not over, and its use is not looked at.
    """
    to_date = year_to_date(as_of, use.zone_of(counted[0].subject))
    used, coverage = _course(counted, use, to_date.year)
    before, _ = _course(counted, use, to_date.year - 1)
    used[to_date.complete_days :] = np.nan
    shares = day_shares(before[None, :], to_date.year)
    basis = HISTORY if has_history(before[None, :])[0] else ASSUMED
    if months is not None:
        shares, basis = with_months(shares, np.array([months], dtype=float), to_date.year), SET
    courses = Courses(used[None, :], before[None, :], to_date.year, to_date.complete_days)
    expected = np.full(len(used), np.nan)
    expected[to_date.complete_days :] = year_ends(courses).rest[0]
    days = AccountDays(
        to_date.year, limit, shares[0], used, coverage, expected, to_date.complete_days
    )
    return days, basis


def budget_status(account: AccountDays, basis: str, country: str = "CN") -> BudgetStatus:
    """Where an account stands at the end of its last complete day."""
    limit, shares = np.array([account.limit]), account.shares[None, :]
    over = account.complete_days
    used: Matrix = np.array([np.nansum(account.used[:over])])
    budget = float(budget_to_date(limit, shares, over)[0])
    first = date(account.year, 1, 1)
    working = working_days(first, len(account.shares), country)
    ahead = float(used[0]) - budget
    return BudgetStatus(
        limit=account.limit,
        used=float(used[0]),
        budget_to_date=budget,
        ahead=ahead,
        ahead_pct=100 * ahead / budget if budget > 0 else None,
        ahead_days=float(days_ahead(limit, used, shares, over)[0]) if account.limit > 0 else None,
        allowance=allowance(limit, used, shares, over, working),
        basis=basis,
        announced=working_calendar_known(first, country),
    )


def _course(counted: Sequence[Counted], use: DailyUse, year: int) -> tuple[Matrix, Matrix]:
    """Use of each day; a day counts what is known of it, and is unknown where nothing is."""
    values, coverage = use.days([(one.subject, one.measure) for one in counted], year)
    factors = np.array([one.factor for one in counted])[:, None]
    known = ~np.isnan(values)
    total = np.where(known, values * factors, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total, np.nan), coverage.mean(axis=0)
