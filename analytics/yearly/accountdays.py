"""The days of one quota account in its period: budget, use and what is expected, in the account's unit."""

from dataclasses import dataclass

import numpy as np

from analytics.yearly.accountcourses import account_courses
from analytics.yearly.budgets import (
    Allowance,
    Matrix,
    allowance,
    budget_to_date,
    days_ahead,
    has_history,
    working_days,
)
from analytics.yearly.dayshares import has_kinds
from analytics.yearly.drafts import Draft
from analytics.yearly.energycalendar import AccountDays
from analytics.yearly.outlook import budget_shares, limits_of, period_ends
from quotawatt.calendars import working_calendar_known
from quotawatt.rulebook.basics import Tier

HISTORY, BILLS, ASSUMED, SET = "history", "bills", "assumed", "set"
"""What the budgets of days rest on: last year's days; its bills, with kinds of days assumed; nothing of last
year; or months that somebody has set."""


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Where an account stands beside its budget; amounts in its unit.

    known_days
        Days that are over and whose use is known; where it is fewer than are over, ``used`` is less than was
        used.
    ahead, ahead_pct, ahead_days
        Use less the budget to date, the same in percent of it, and in days of budget; above 0: too much.
        None: nothing is meant to be used yet.
    allowance
        Arrays of one value; see ``budgets.Allowance``.
    announced
        Whether the working calendar of the period's first year is the announced one.
    """

    limit: float
    used: float
    known_days: int
    budget_to_date: float
    ahead: float
    ahead_pct: float | None
    ahead_days: float | None
    allowance: Allowance
    announced: bool


def account_days(draft: Draft, country: str = "CN") -> tuple[AccountDays, str]:
    """The days of an account, and what their budgets rest on: ``HISTORY`` and the like.

    The day that is running is not over, and its use is not looked at.
    """
    table, period = draft.table, draft.table.period
    courses = account_courses([draft], table)
    shares = budget_shares([draft], courses, table, country)
    expected = np.full(period.length, np.nan)
    expected[period.complete_days :] = period_ends(courses, period, country).rest[0]
    days = AccountDays(
        first=period.first,
        limit=limits_of(draft)[Tier.CONSTRAINT],
        shares=shares[0],
        used=courses.this[0] * courses.times[0],
        expected=expected,
        complete_days=period.complete_days,
    )
    return days, _basis(draft, courses.pattern, country)


def _basis(draft: Draft, pattern: Matrix, country: str) -> str:
    if draft.yardstick.months and draft.table.period.season is None:
        return SET
    if not has_history(pattern)[0]:
        return ASSUMED
    return HISTORY if has_kinds(pattern, draft.table.before_first, country)[0] else BILLS


def budget_status(account: AccountDays, country: str = "CN") -> BudgetStatus:
    """Where an account stands at the end of its last complete day."""
    limit, shares = np.array([account.limit]), account.shares[None, :]
    over = account.complete_days
    used: Matrix = np.array([np.nansum(account.used[:over])])
    budget = float(budget_to_date(limit, shares, over)[0])
    working = working_days(account.first, len(account.shares), country)
    ahead = float(used[0]) - budget
    return BudgetStatus(
        limit=account.limit,
        used=float(used[0]),
        known_days=int((~np.isnan(account.used[:over])).sum()),
        budget_to_date=budget,
        ahead=ahead,
        ahead_pct=100 * ahead / budget if budget > 0 else None,
        ahead_days=float(days_ahead(limit, used, shares, over)[0]) if account.limit > 0 else None,
        allowance=allowance(limit, used, shares, over, working),
        announced=working_calendar_known(account.first, country),
    )
