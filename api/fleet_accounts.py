"""Accounts of vehicles for routes and pages: read, made, and drawn as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.fleet.accountfacts import AccountFacts
from analytics.fleet.accounting import month_accounts, months_of
from analytics.fleet.accounts import Account, Sum, Use, year_account
from analytics.fleet.utilisation import pool_of
from analytics.jobs.fleetaccounts import AccountStores, read_account_facts
from api.access import Permit
from api.fleet import vehicles_asked
from api.services import Services
from quotawatt.fleet.masking import shown_plate
from quotawatt.register.model import Vehicle
from quotawatt.spans import local_date

_HIDDEN = (
    *("trips", "days", "hours", "working_days", "working_days_used"),
    *("idling_h", "open_deviations", "drivers"),
)
"""What the row of a vehicle that must not be followed does not say."""


@dataclass(frozen=True)
class YearAccounts:
    """The accounts of some vehicles over a year: of each its months so far, and the year they make."""

    facts: AccountFacts
    months: dict[str, list[Account]]
    years: list[Account]


def vehicles_of(permit: Permit, vehicle: str | None, organisation: str | None) -> list[Vehicle]:
    """The vehicles in reach that somebody asks about. Raises NotFoundError as ``vehicles_asked``."""
    asked = vehicles_asked(permit, vehicle, organisation)
    return [*(permit.register.vehicles[code] for code in asked.followed), *asked.masked]


def accounts_of_month(
    services: Services, vehicles: Sequence[Vehicle], month: date
) -> list[Account]:
    """The account of each vehicle over the local month that begins on a day, by code."""
    facts = read_account_facts(_stores(services), vehicles, [month], services.clock())
    return month_accounts(facts, [month])


def accounts_of_year(services: Services, vehicles: Sequence[Vehicle], year: int) -> YearAccounts:
    """The accounts of each vehicle over the months of a year that have begun, by code."""
    now = services.clock()
    months = begun_months(year, now, _zone(services))
    facts = read_account_facts(_stores(services), vehicles, months, now)
    by_vehicle: dict[str, list[Account]] = {}
    for account in month_accounts(facts, months):
        by_vehicle.setdefault(account.vehicle.code, []).append(account)
    return YearAccounts(facts, by_vehicle, [year_account(own) for own in by_vehicle.values()])


def begun_months(year: int, now: datetime, zone: ZoneInfo) -> list[date]:
    """First days of the months of a year that have begun; its first one of a year to come."""
    today = local_date(now, zone)
    months = [month for month in months_of(year) if month <= today]
    return months or [date(year, 1, 1)]


def account_item(account: Account) -> dict[str, Any]:
    """An account as a row."""
    vehicle = account.vehicle
    row = {
        "vehicle": vehicle.code,
        "plate": shown_plate(vehicle),
        "organisation": vehicle.organisation,
        "pool": pool_of(vehicle),
        "kind": vehicle.kind,
        "energy": vehicle.energy,
        "masked": account.masked,
        "first": account.first,
        "until": account.until,
        "km": _sum(account.km),
        "trips_km": account.trips_km,
        "unassigned_km": account.unassigned_km,
        "gnss_km": account.gnss_km,
        "fuel_l": _use(account.fuel),
        "electricity_kwh": _use(account.electricity),
        "known_share": account.known_share,
        "idling_l": account.idling_l,
        "costs_cny": {kind: _sum(cost) for kind, cost in account.costs.items()},
        "cost_cny": account.cost_cny,
        "cost_per_km": account.cost_per_km,
        "kgco2": account.kgco2,
        "kgce": account.kgce,
    }
    return row | {name: None if account.masked else getattr(account, name) for name in _HIDDEN}


def factors_of(facts: AccountFacts, vehicle: str) -> list[str]:
    """By which factor sets and instruments a vehicle's carbon and coal were reckoned."""
    sources: Iterable[tuple[str, ...]] = (
        footprint.sources for (code, _), footprint in facts.footprints.items() if code == vehicle
    )
    return sorted({source for some in sources for source in some})


def _stores(services: Services) -> AccountStores:
    register = services.register_source()
    return AccountStores(
        services.series, services.records, register, services.rulebook, _zone(services)
    )


def _zone(services: Services) -> ZoneInfo:
    return ZoneInfo(services.settings.timezone)


def _sum(one: Sum) -> dict[str, Any]:
    return {"value": one.value, "by": [by.value for by in one.by]}


def _use(use: Use) -> dict[str, Any]:
    return {
        "amount": _sum(use.amount),
        "per_100km": use.per_100km,
        "known_km": use.rate_km,
        "quota_per_100km": use.quota_per_100km,
        "over_quota_pct": use.over_quota_pct,
    }
