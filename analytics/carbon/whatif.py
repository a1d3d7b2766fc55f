"""What-if: what a plan would change in a year's use.

    PV             self-used kWh leave the grid's electricity; the rest is fed in
    set-point      (air-conditioning electricity + heat + cooling) x % per °C x °C
    lighting       electricity x share of lighting x saving
    vehicle        its fuel goes; its way x kWh/100 km comes
    green power    share of grid electricity covered by certificates: the market ledger only

Where that lands quotas and targets is in ``landings``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.carbon.assumptions import Assumed
from analytics.carbon.emissions import ELECTRICITY
from analytics.carbon.sunshine import generation_kwh
from analytics.yearly.projection import Matrix
from quotawatt.errors import InputError
from quotawatt.rulebook.assumptions import (
    AIR_CONDITIONING_SHARE,
    CAR_USE,
    EV_USE,
    LIGHTING_SAVING,
    LIGHTING_SHARE,
    PV_YIELD,
    SET_POINT,
)

GREEN = "green_power_kwh"
"""What certificates cover, as accounts of the market ledger count it."""

Value = Callable[[str], float]
"""Gives the value of an assumption, and notes that it was used."""

_TEMPERED = ("heat_gj", "cooling_gj")


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody would do. Raises InputError for figures out of their range.

    set_point_c
        Degrees by which cooling is set warmer and heating cooler.
    lighting_pct
        Share of the lighting that is renewed.
    vehicles
        Codes of vehicles to be replaced by electric ones.
    green_share_pct
        Share of grid electricity to be covered by cancelled certificates.
    """

    pv_kwp: float = 0.0
    set_point_c: float = 0.0
    lighting_pct: float = 0.0
    vehicles: Sequence[str] = ()
    green_share_pct: float = 0.0

    def __post_init__(self) -> None:
        for name, high in (
            ("pv_kwp", 1e5),
            ("set_point_c", 5),
            ("lighting_pct", 100),
            ("green_share_pct", 100),
        ):
            value = getattr(self, name)
            if not 0 <= value <= high:
                raise InputError(f"{name} must lie in 0 to {high:g}, got {value}")


@dataclass(frozen=True)
class VehicleYear:
    """Fuel of a vehicle in a year, as ``petrol_l`` or ``diesel_l``, and its way; None: not known."""

    code: str
    measure: str
    fuel_l: float
    km: float | None


@dataclass(frozen=True)
class YearOfUse:
    """The last year's use that a plan is held against.

    amounts
        By measure, over 365 days.
    hour_starts, load_kwh
        Grid electricity by hour of those days; NaN: not known.
    air_conditioning_kwh
        Electricity of the item air conditioning; None: it is not metered.
    latitude_deg, longitude_deg
        Of the site.
    """

    amounts: Mapping[str, float]
    hour_starts: pd.DatetimeIndex
    load_kwh: Matrix
    air_conditioning_kwh: float | None
    vehicles: Sequence[VehicleYear]
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Change:
    """What one action changes of a measure in a whole year; negative: less is used."""

    action: str
    measure: str
    amount: float


@dataclass(frozen=True)
class Changes:
    """All changes of a plan, with the assumptions they rest on and figures that explain them."""

    changes: tuple[Change, ...]
    assumptions: tuple[Assumed, ...]
    pv: Mapping[str, float] = field(default_factory=dict)

    def of(self, measure: str) -> float:
        """What changes of a measure in a whole year."""
        return sum(c.amount for c in self.changes if c.measure == measure)


def changes(plan: Plan, year: YearOfUse, assumed: Mapping[str, Assumed]) -> Changes:
    """What the plan changes in a year such as the last one; savings apply one after the other to it."""
    used: list[Assumed] = []
    found: list[Change] = []

    def value(name: str) -> float:
        used.append(assumed[name])
        return assumed[name].value

    found += _lighting(plan, year, value)
    found += _set_point(plan, year, value)
    for code in plan.vehicles:
        found += _replaced(code, year, value)
    pv: dict[str, float] = {}
    if plan.pv_kwp:
        pv = _pv(plan.pv_kwp * value(PV_YIELD), year)
        found.append(Change("pv", ELECTRICITY, -pv["self_use_kwh"]))
    if plan.green_share_pct:
        left = _electricity(year) + sum(c.amount for c in found if c.measure == ELECTRICITY)
        found.append(Change("green_power", GREEN, -left * plan.green_share_pct / 100))
    kept = [change for change in found if change.amount]
    return Changes(tuple(kept), tuple(dict.fromkeys(used)), pv)


def _electricity(year: YearOfUse) -> float:
    return year.amounts.get(ELECTRICITY, 0.0)


def _lighting(plan: Plan, year: YearOfUse, value: Value) -> list[Change]:
    if not plan.lighting_pct:
        return []
    share = value(LIGHTING_SHARE) / 100 * value(LIGHTING_SAVING) / 100
    saved = _electricity(year) * share * plan.lighting_pct / 100
    return [Change("lighting", ELECTRICITY, -saved)]


def _set_point(plan: Plan, year: YearOfUse, value: Value) -> list[Change]:
    if not plan.set_point_c:
        return []
    saving = min(value(SET_POINT) / 100 * plan.set_point_c, 1.0)
    cooled = year.air_conditioning_kwh
    if cooled is None:
        cooled = _electricity(year) * value(AIR_CONDITIONING_SHARE) / 100
    tempered = {ELECTRICITY: cooled, **{n: year.amounts.get(n, 0.0) for n in _TEMPERED}}
    return [Change("set_point", n, -amount * saving) for n, amount in tempered.items()]


def _replaced(code: str, year: YearOfUse, value: Value) -> list[Change]:
    vehicle = next((v for v in year.vehicles if v.code == code), None)
    if vehicle is None:
        raise InputError(f"a vehicle must be one of the account that burns fuel, got {code!r}")
    km = vehicle.km
    if km is None:
        km = 100 * vehicle.fuel_l / value(CAR_USE)
    return [
        Change("vehicle", vehicle.measure, -vehicle.fuel_l),
        Change("vehicle", ELECTRICITY, km / 100 * value(EV_USE)),
    ]


def _pv(year_kwh: float, year: YearOfUse) -> dict[str, float]:
    """Generation and what of it the load takes hour by hour; hours not known have the share of the others."""
    made = generation_kwh(year.hour_starts, year_kwh, year.latitude_deg, year.longitude_deg)
    known = ~np.isnan(year.load_kwh)
    taken = np.minimum(made[known], np.maximum(year.load_kwh[known], 0.0)).sum()
    whole = made[known].sum()
    share = float(taken / whole) if whole > 0 else 0.0
    return {
        "generation_kwh": year_kwh,
        "self_use_kwh": year_kwh * share,
        "export_kwh": year_kwh * (1 - share),
        "self_use_pct": 100 * share,
        "hours_known": float(known.sum()),
    }
