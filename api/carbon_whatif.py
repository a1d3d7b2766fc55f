"""What-if for the route: what the last year used, the accounts that a plan is held against, the answer."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.carbon.assumptions import assumptions
from analytics.carbon.courses import target_statuses
from analytics.carbon.emissions import (
    ELECTRICITY,
    FACTOR_SET,
    RESIDUAL,
    EmissionFactor,
    emission_factor,
    grid_region,
)
from analytics.carbon.landings import Account, Effect, effects
from analytics.carbon.reach import PV
from analytics.carbon.sunshine import DEFAULT_LATITUDE, DEFAULT_LONGITUDE
from analytics.carbon.whatif import GREEN, Plan, VehicleYear, YearOfUse, changes
from analytics.totals.groups import item_subject
from analytics.totals.segments import counts, followed_tree
from analytics.yearly.accounts import held_buildings
from analytics.yearly.dailyuse import year_to_date, zone_of
from api.accounts import read_use
from api.carbon_facts import YEAR_DAYS, answered_for, last_year_amounts, quotas_of
from api.citations import both
from api.coal import coal_item
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.readings import Grain
from quotawatt.register.model import Register, Site
from quotawatt.rulebook.assumptions import PV_YIELD
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.model import Rulebook, Tier
from quotawatt.spans import DAY, INSTANT, Span, local_date

AIR_CONDITIONING = "B"
_YIELD_DAYS = 350
"""Days of the last year that a plant must be measured on, for its yield to count."""

_FUELS = {"petrol": "petrol_l", "diesel": "diesel_l"}


def what_if(
    services: Services, asset: str, plan: Plan, given: Mapping[str, float], as_of: datetime
) -> dict[str, Any]:
    """The plan's changes, where it lands quotas, targets and both ledgers, and what was assumed.

    Raises InputError for a plan or an assumption out of range.
    """
    register = services.register_source()
    zone = zone_of(asset, register, ZoneInfo(services.settings.timezone))
    to_date = year_to_date(as_of, zone)
    province = grid_region(asset, [register]) or ""
    year = _year_of_use(services, asset, register, as_of)
    book = services.rulebook.as_of(local_date(as_of - INSTANT, zone))
    measured = _measured_yield(services, asset, register, as_of) if plan.pv_kwp else {}
    changed = changes(plan, year, assumptions(book, province, measured, given))
    left = (to_date.days_in_year - to_date.complete_days) / to_date.days_in_year
    accounts = [
        *_quotas(services, asset, as_of),
        *_targets(services, asset, as_of),
        *_ledgers(
            asset, answered_for(services, asset, register, as_of), to_date.year, register, book
        ),
    ]
    return {
        "asset": asset,
        "as_of": as_of,
        "year": to_date.year,
        "share_left": left,
        "changes": [
            {**asdict(one), **coal_item(one.measure, one.amount, national_set(book))}
            for one in changed.changes
        ],
        "pv": dict(changed.pv),
        "effects": [_effect(effect) for effect in effects(accounts, changed, left)],
        "assumptions": [
            {**asdict(assumed), "title": both(assumed.title)} for assumed in changed.assumptions
        ],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    """An effect, with shares of the limits in percent."""

    def pct(amount: float | None, limit: float | None) -> float | None:
        return None if amount is None or not limit else 100 * amount / limit

    return {
        **asdict(effect),
        "share_pct": pct(effect.without, effect.limit),
        "share_with_plan_pct": pct(effect.with_plan, effect.limit),
        "next_share_pct": pct(effect.next_without, effect.next_limit),
        "next_share_with_plan_pct": pct(effect.next_with_plan, effect.next_limit),
    }


def _year_of_use(services: Services, asset: str, register: Register, as_of: datetime) -> YearOfUse:
    span = Span(as_of - YEAR_DAYS * DAY, as_of)
    hours = services.series.read_results(Grain.HOUR, [asset], [ELECTRICITY], span).to_pandas()
    site = _site(asset, register)
    return YearOfUse(
        amounts=last_year_amounts(services, asset, as_of),
        hour_starts=pd.DatetimeIndex(hours["start"]),
        load_kwh=hours["value"].to_numpy(float, na_value=math.nan),
        air_conditioning_kwh=_air_conditioning(services, asset, register, span),
        vehicles=_vehicles(services, asset, register, span),
        latitude_deg=_or(None if site is None else site.latitude_deg, DEFAULT_LATITUDE),
        longitude_deg=_or(None if site is None else site.longitude_deg, DEFAULT_LONGITUDE),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _site(asset: str, register: Register) -> Site | None:
    """The site of the asset's first building."""
    held = held_buildings(asset, register)
    return register.sites.get(held[0].site) if held else None


def _measured_yield(
    services: Services, asset: str, register: Register, as_of: datetime
) -> dict[str, float]:
    """PV generation of a year [kWh/kWp] by one's own plants, else by those of one's organisation.

    Of plants that are measured on nearly all days of the last year; nothing where there is none.
    """
    held = register.buildings.get(asset)
    for holder in [asset] if held is None else [asset, held.organisation]:
        buildings = {b.code for b in held_buildings(holder, register)}
        plants = {
            plant.code: plant.peak_power_kw
            for plant in register.pv_plants.values()
            if plant.building in buildings and counts(register, plant.code)
        }
        span = Span(as_of - YEAR_DAYS * DAY, as_of)
        found = services.series.read_results(Grain.DAY, sorted(plants), [PV], span).to_pandas()
        days = found[found["coverage"] >= 1].groupby("subject")["value"].agg(["mean", "count"])
        known = days[days["count"] >= _YIELD_DAYS]
        peak_kw = math.fsum(plants[code] for code in known.index)
        if peak_kw > 0:
            return {PV_YIELD: YEAR_DAYS * float(known["mean"].sum()) / peak_kw}
    return {}


def _air_conditioning(
    services: Services, asset: str, register: Register, span: Span
) -> float | None:
    """Electricity of air conditioning; None unless every building of the asset meters it."""
    items = [item_subject(b.code, AIR_CONDITIONING) for b in held_buildings(asset, register)]
    table = services.series.sum_results(Grain.DAY, items, [ELECTRICITY], span)
    found = [row["value"] for row in table.to_pylist() if row["value"] is not None]
    return math.fsum(found) if items and len(found) == len(items) else None


def _vehicles(services: Services, asset: str, register: Register, span: Span) -> list[VehicleYear]:
    """Vehicles of an organisation that burn fuel, with what they burnt and their way."""
    if asset not in register.organisations:
        return []
    held = {
        v.code: _FUELS[v.energy]
        for v in register.vehicles_of(asset, followed_tree(register, asset))
        if v.energy in _FUELS
    }
    measures = ["fuel_used_l", "odometer_km"]
    table = services.series.sum_results(Grain.DAY, sorted(held), measures, span)
    sums = {(r["subject"], r["measure"]): r["value"] for r in table.to_pylist()}
    return [
        VehicleYear(
            code, name, sums.get((code, "fuel_used_l")) or 0.0, sums.get((code, "odometer_km"))
        )
        for code, name in held.items()
    ]


def _quotas(services: Services, asset: str, as_of: datetime) -> list[Account]:
    return [
        Account(
            kind="quota",
            id=status.quota,
            unit=status.unit,
            projected=status.projected,
            limit=status.limits[Tier.CONSTRAINT],
            next_limit=status.limits[Tier.CONSTRAINT],
            factors={part.measure: part.factor for part in status.parts},
        )
        for status in quotas_of(services, asset, as_of)
    ]


def _targets(services: Services, asset: str, as_of: datetime) -> list[Account]:
    register, zone = services.register_source(), ZoneInfo(services.settings.timezone)
    use = read_use(services, register, as_of, asset)
    found = target_statuses(use, register, services.rulebook, as_of, zone, {asset})
    accounts = []
    for status in found.statuses:
        share = services.rulebook.targets[status.target].allowed_share(status.year + 1)
        accounts.append(
            Account(
                kind="target",
                id=status.target,
                unit=status.amount_unit,
                projected=status.projected,
                limit=status.limit,
                next_limit=status.base_value * share * status.denominator,
                factors={factor.measure: factor.value for factor in status.factors},
            )
        )
    return accounts


def _ledgers(
    asset: str, amounts: Mapping[str, float], year: int, register: Register, rulebook: Rulebook
) -> list[Account]:
    """Both ledgers of a year such as the last; none where a factor is missing."""
    factors: dict[str, float] = {}
    for name in amounts:
        found = emission_factor(name, asset, year, [register], rulebook, FACTOR_SET)
        if not isinstance(found, EmissionFactor):
            return []
        factors[name] = found.factor.value
    try:
        residual = rulebook.grid_factor(RESIDUAL, year).kgco2_per_kwh
    except NotFoundError:
        return []
    market = {**factors, ELECTRICITY: residual, GREEN: residual}
    return [_ledger("location", amounts, factors), _ledger("market", amounts, market)]


def _ledger(name: str, amounts: Mapping[str, float], factors: Mapping[str, float]) -> Account:
    total = math.fsum(amount * factors[n] for n, amount in amounts.items())
    return Account("ledger", name, "kgCO2", total, None, None, factors)
