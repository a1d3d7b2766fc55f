"""Budgets: a yearly limit by month and day, the energy calendar (能源日历), months set by hand."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path

from api import budgets
from api.access import Permit, needs
from api.assigned import month_wish, setting_of
from api.budget_schemas import BudgetOut, CalendarOut, MonthsIn, MonthsOut
from api.params import AsOfParam, Given, parse_instant, require_asset
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.assigned.book import add_versions
from quotawatt.assigned.values import MonthBudgets
from quotawatt.assigned.wishes import require_months_sum
from quotawatt.errors import InputError

router = APIRouter(prefix="/quota", tags=["quotas"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.QUOTAS_WRITE)]
AssetPath = Annotated[str, Path(max_length=64, description="An organisation's or building's code")]
QuotaPath = Annotated[str, Path(max_length=128, description="A quota, or assigned-INDICATOR")]


@router.get("/{asset}/{quota}/budget", response_model=BudgetOut)
def read_budget(
    services: Given, permit: Reader, asset: AssetPath, quota: QuotaPath, as_of: AsOfParam = None
) -> dict[str, Any]:
    """Budget to date, how far ahead of it, what the days left may use, and the twelve months."""
    budget = _budget(services, permit, asset, quota, as_of)
    return budgets.budget_item(budget, services)


@router.get("/{asset}/{quota}/calendar", response_model=CalendarOut)
def read_calendar(
    services: Given, permit: Reader, asset: AssetPath, quota: QuotaPath, as_of: AsOfParam = None
) -> dict[str, Any]:
    """Every day of the year with its kind, budget, use and colour."""
    budget = _budget(services, permit, asset, quota, as_of)
    return budgets.calendar_item(budget, services)


@router.put("/{asset}/{quota}/months", response_model=MonthsOut)
def set_months(
    services: Given, permit: Officer, asset: AssetPath, quota: QuotaPath, body: MonthsIn
) -> dict[str, Any]:
    """Set the budgets of the months; the days follow within each of them.

    They must sum to the limit of the account as it stands (to 0.1 %). Where the limit changes later with
    area or people, their shares count.
    """
    permit.require(asset)
    require_asset(services.register_source(), asset)
    wish = month_wish(asset, quota, body)
    at = budgets.instant_in(body.year, services)
    budget = budgets.read_budget(services, asset, quota, at)
    if budget.draft.table.period.season is not None:
        raise InputError(
            f"months must be set for an account of calendar years, got {quota!r} of a season"
        )
    require_months_sum(wish, budget.days.limit)
    with services.records.begin() as conn:
        setting = setting_of(services, permit)
        (added,) = add_versions(conn, [wish], setting, permit.actor, services.wall_clock())
    assert isinstance(added, MonthBudgets)
    names = ("asset", "quota", "year", "months", "version", "effective_from")
    return {name: getattr(added, name) for name in names}


def _budget(
    services: Services, permit: Permit, asset: str, quota: str, as_of: str | None
) -> budgets.AccountBudget:
    permit.require(asset)
    zone = ZoneInfo(services.settings.timezone)
    at = services.clock() if as_of is None else parse_instant(as_of, "as_of", zone)
    return budgets.read_budget(services, asset, quota, at)
