"""Budgets for the routes: the days of one account, with the months that somebody has set."""

import math
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.yearly.accountdays import BudgetStatus, Counted, account_days, budget_status
from analytics.yearly.budgets import Matrix
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.energycalendar import AccountDays, calendar_days, month_lines
from analytics.yearly.quotas import QuotaStatus
from analytics.yearly.quotastatus import counted_factor
from api.accounts import read_accounts
from api.assigned import name_of
from api.citations import both
from api.services import Services
from quotawatt.assigned.book import month_budgets_set
from quotawatt.assigned.values import in_force
from quotawatt.errors import NotFoundError
from quotawatt.readings import Grain
from quotawatt.rulebook.model import Tier
from quotawatt.spans import DAY, INSTANT, Span, judged_year, local_date, year_span


@dataclass(frozen=True)
class AccountBudget:
    """An account with the days of its year, and what the days' budgets rest on."""

    status: QuotaStatus
    days: AccountDays
    basis: str


def read_budget(services: Services, asset: str, quota: str, as_of: datetime) -> AccountBudget:
    """The account of an asset under a quota at an instant, day by day.

    Raises NotFoundError where there is no such account.
    """
    status = status_of(services, asset, quota, as_of)
    counted = [
        Counted(part.subject, part.measure, counted_factor(status, part)) for part in status.parts
    ]
    use = _use(services, counted, as_of)
    months = _months(services, status, as_of)
    limit = status.limits[Tier.CONSTRAINT]
    days, basis = account_days(counted, limit, use, as_of, months)
    return AccountBudget(status, days, basis)


def status_of(services: Services, asset: str, quota: str, as_of: datetime) -> QuotaStatus:
    """The account itself. Raises NotFoundError where there is none."""
    accounts = read_accounts(services, services.register_source(), as_of).quotas
    for status in accounts.statuses:
        if (status.asset, status.quota) == (asset, quota):
            return status
    raise NotFoundError(
        f"an account must be one that is drawn up, got {asset}/{quota} as of {as_of.isoformat()}"
    )


def budget_item(budget: AccountBudget, services: Services) -> dict[str, Any]:
    """An account beside its budget, with its months."""
    status = budget_status(budget.days, budget.basis)
    return {
        **_head(budget, services),
        "name": name_of(budget.status.asset, services),
        "complete_days": budget.days.complete_days,
        "days_in_year": len(budget.days.shares),
        **_figures(status),
        "months": [asdict(month) for month in month_lines(budget.days)],
    }


def calendar_item(budget: AccountBudget, services: Services) -> dict[str, Any]:
    """The energy calendar of an account."""
    days = calendar_days(budget.days)
    return {
        **_head(budget, services),
        "calendar_announced": all(day.announced for day in days),
        "items": [asdict(day) for day in days],
    }


def _head(budget: AccountBudget, services: Services) -> dict[str, Any]:
    status = budget.status
    quota = services.rulebook.quotas.get(status.quota)
    return {
        "asset": status.asset,
        "quota": status.quota,
        "title": {} if quota is None else both(quota.title),
        "year": budget.days.year,
        "unit": status.unit,
        "basis": budget.basis,
    }


def _figures(status: BudgetStatus) -> dict[str, Any]:
    names = ("limit", "used", "budget_to_date", "ahead", "ahead_pct", "ahead_days")
    figures = status.allowance._asdict()
    return {
        **{name: getattr(status, name) for name in names},
        "calendar_announced": status.announced,
        "allowance": {name: _one(value) for name, value in figures.items()},
    }


def _one(value: Matrix) -> float | None:
    """The only figure of an array; None: not known."""
    (figure,) = value.tolist()
    return None if math.isnan(figure) else figure


def _use(services: Services, counted: list[Counted], as_of: datetime) -> DailyUse:
    zone = ZoneInfo(services.settings.timezone)
    year = judged_year(as_of, zone)
    # A day more at either end: a site in another zone has its New Year at another instant.
    span = Span(year_span(year - 1, zone).start - DAY, max(as_of, year_span(year, zone).start))
    subjects = sorted({one.subject for one in counted})
    measures = sorted({one.measure for one in counted})
    daily = services.series.read_results(Grain.DAY, subjects, measures, span)
    return DailyUse(daily.to_pandas(), services.register_source(), zone)


def _months(services: Services, status: QuotaStatus, as_of: datetime) -> tuple[float, ...] | None:
    """The months that count for an account at an instant; None: nobody has set any."""
    day = local_date(as_of - INSTANT, ZoneInfo(services.settings.timezone))
    with services.records.connect() as conn:
        known = month_budgets_set(conn, status.year)
    for one in in_force(known, day):
        if (one.asset, one.quota) == (status.asset, status.quota):
            return one.months
    return None
