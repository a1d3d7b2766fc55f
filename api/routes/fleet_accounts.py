"""The account of each vehicle by month and year (单车核算), and how pools are used."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from analytics.fleet.accounts import Use
from analytics.fleet.utilisation import LEAST_DAYS, PoolUse, Surplus, pool_uses, surpluses
from api.access import Permit, needs
from api.fleet_accounts import (
    account_item,
    accounts_of_month,
    accounts_of_year,
    factors_of,
    vehicles_of,
)
from api.fleet_report_schemas import Accounts, Surpluses, Utilisation, VehicleAccount
from api.fleet_windows import order_windows
from api.fleet_year import days_of_year
from api.params import FIRST_YEAR, LAST_YEAR, Given
from api.routes.fleet_trips import OrganisationParam, VehicleParam
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.spans import local_date

router = APIRouter(prefix="/fleet", tags=["fleet"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
YearParam = Annotated[
    int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="Default: this year")
]
MonthParam = Annotated[int | None, Query(ge=1, le=12, description="Default: the whole year so far")]


@router.get("/accounts", response_model=Accounts)
def list_accounts(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    month: MonthParam = None,
    vehicle: VehicleParam = None,
    organisation: OrganisationParam = None,
) -> dict[str, Any]:
    """Each vehicle's account of a month, or of the year so far. Exempt vehicles: totals alone."""
    vehicles = vehicles_of(permit, vehicle, organisation)
    chosen = year_asked(services, year)
    if month is None:
        found = accounts_of_year(services, vehicles, chosen).years
    else:
        found = accounts_of_month(services, vehicles, date(chosen, month, 1))
    return {"items": [account_item(account) for account in found]}


@router.get("/accounts/{vehicle}", response_model=VehicleAccount)
def show_account(
    services: Given, permit: Reader, vehicle: str, year: YearParam = None
) -> dict[str, Any]:
    """One vehicle's year so far, and its months."""
    vehicles = vehicles_of(permit, vehicle, None)
    found = accounts_of_year(services, vehicles, year_asked(services, year))
    return {
        "year": account_item(found.years[0]),
        "months": [account_item(account) for account in found.months[vehicle]],
        "factors": factors_of(found.facts, vehicle),
    }


@router.get("/utilisation", response_model=Utilisation)
def list_utilisation(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    organisation: OrganisationParam = None,
) -> dict[str, Any]:
    """How each pool was used in a year so far: days, hours, kilometres, empty running, how many at once."""
    vehicles = vehicles_of(permit, None, organisation)
    found = accounts_of_year(services, vehicles, year_asked(services, year))
    first, until = days_of_year(services, year_asked(services, year))
    windows = order_windows(services, [v.code for v in vehicles], first, until)
    pools = pool_uses(found.years, found.facts.trips, windows, found.facts.zone)
    return {"first": first, "until": until, "items": [pool_item(pool) for pool in pools]}


@router.get("/surplus", response_model=Surpluses)
def list_surplus(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    organisation: OrganisationParam = None,
) -> dict[str, Any]:
    """How many vehicles would have carried all that was driven, and which could go, the least used first."""
    vehicles = vehicles_of(permit, None, organisation)
    found = accounts_of_year(services, vehicles, year_asked(services, year))
    first, until = days_of_year(services, year_asked(services, year))
    days = (until - first).days
    spare = surpluses(found.years, found.facts.trips, found.facts.zone, days)
    items = [surplus_item(one) for one in spare]
    return {"first": first, "until": until, "least_days": LEAST_DAYS, "items": items}


def year_asked(services: Services, year: int | None) -> int:
    """The year given, else the present one."""
    zone = ZoneInfo(services.settings.timezone)
    return local_date(services.clock(), zone).year if year is None else year


def pool_item(pool: PoolUse) -> dict[str, Any]:
    """A pool as a row."""
    row = asdict(pool)
    del row["at_once"]
    return row | {
        **_rates(pool.fuel, pool.electricity),
        "kinds": [
            {
                **{name: getattr(kind, name) for name in ("kind", "vehicles", "km")},
                **_rates(kind.fuel, kind.electricity),
            }
            for kind in pool.kinds
        ],
        "empty_share": pool.empty_share,
        "most_at_once": pool.at_once.most,
        "most_at": pool.at_once.at,
        "most_by_hour": list(pool.at_once.by_hour),
    }


def _rates(fuel: Use, electricity: Use) -> dict[str, float | None]:
    """Ratios of sums: a vehicle that drives far counts for more."""
    return {"l_per_100km": fuel.per_100km, "kwh_per_100km": electricity.per_100km}


def surplus_item(one: Surplus) -> dict[str, Any]:
    """What a pool needed of a kind, as a row."""
    spare = [{"vehicle": code, "days": days, "km": km} for code, days, km in one.could_go]
    return {**asdict(one), "could_go": spare}
