"""Budgets for the routes: the days of one account, with the months that somebody has set."""

import math
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.yearly.accountdays import BudgetStatus, account_days, budget_status
from analytics.yearly.budgets import Matrix
from analytics.yearly.coal import coal_of
from analytics.yearly.drafts import Draft
from analytics.yearly.energycalendar import AccountDays, calendar_days, month_lines
from analytics.yearly.gathering import Gathering
from analytics.yearly.quotas import drafts_of
from api.accounts import read_decided, read_use
from api.assigned import name_of
from api.citations import both
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.spans import judged_year, year_span


@dataclass(frozen=True)
class AccountBudget:
    """An account with the days of its period, what the days' budgets rest on, and whose working days."""

    draft: Draft
    days: AccountDays
    basis: str
    country: str


def read_budget(services: Services, asset: str, quota: str, as_of: datetime) -> AccountBudget:
    """The account of an asset under a quota at an instant, day by day.

    Only what this asset's accounts rest on is read. Raises NotFoundError where there is no such account.
    """
    for drafts in drafts_of(_gathering(services, asset, as_of), [asset]):
        for draft in drafts:
            if draft.yardstick.account == quota:
                country = services.register_source().country_of_asset(asset)
                return AccountBudget(draft, *account_days(draft, country), country)
    raise NotFoundError(
        f"an account must be one that is drawn up, got {asset}/{quota} as of {as_of.isoformat()}"
    )


def instant_in(year: int, services: Services) -> datetime:
    """Now, or of another year its end, when it is judged whole."""
    zone, now = ZoneInfo(services.settings.timezone), services.clock()
    return now if judged_year(now, zone) == year else year_span(year, zone).end


def budget_item(budget: AccountBudget, services: Services) -> dict[str, Any]:
    """An account beside its budget, with its months."""
    return {
        **_head(budget, services),
        "first": budget.days.first,
        "complete_days": budget.days.complete_days,
        "all_days": len(budget.days.shares),
        **_figures(budget_status(budget.days, budget.country)),
        "coal": _coal(budget, services),
        "months": [asdict(month) for month in month_lines(budget.days)],
    }


def calendar_item(budget: AccountBudget, services: Services) -> dict[str, Any]:
    """The energy calendar of an account."""
    days = calendar_days(budget.days, budget.country)
    return {
        **_head(budget, services),
        "calendar_announced": all(day.announced for day in days),
        "items": [asdict(day) for day in days],
    }


def _head(budget: AccountBudget, services: Services) -> dict[str, Any]:
    yardstick = budget.draft.yardstick
    quota = services.rulebook.quotas.get(yardstick.account)
    return {
        "asset": budget.draft.asset,
        "name": name_of(budget.draft.asset, services),
        "quota": yardstick.account,
        "title": both(yardstick.indicator.title if quota is None else quota.title),
        "year": budget.days.first.year,
        "unit": yardstick.indicator.amount_unit,
        "basis": budget.basis,
        "document": yardstick.document,
    }


def _figures(status: BudgetStatus) -> dict[str, Any]:
    names = (
        "limit",
        "used",
        "known_days",
        "budget_to_date",
        "ahead",
        "ahead_pct",
        "ahead_days",
    )
    figures = status.allowance._asdict()
    return {
        **{name: getattr(status, name) for name in names},
        "calendar_announced": status.announced,
        "allowance": {name: _one(value) for name, value in figures.items()},
    }


def _coal(budget: AccountBudget, services: Services) -> dict[str, Any]:
    """What was used in coal equivalent."""
    coal = coal_of(budget.draft, services.register_source(), services.rulebook)
    return {**coal._asdict(), "tce": None if coal.kgce is None else coal.kgce / 1000}


def _one(value: Matrix) -> float | None:
    """The only figure of an array; None: not known."""
    (figure,) = value.tolist()
    return None if math.isnan(figure) else figure


def _gathering(services: Services, asset: str, as_of: datetime) -> Gathering:
    """Whose accounts the asset has, over the use that they rest on."""
    register, rulebook = services.register_source(), services.rulebook
    decided = read_decided(services, as_of)
    use = read_use(services, register, as_of, asset)
    return Gathering(use, register, rulebook, as_of, decided)
