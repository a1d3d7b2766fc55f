"""Emissions: use times factor (the shape of JS/T 303-2026, see its pack).

Location-based, purchased electricity counts by the factor of the province's grid in the year; market-based by
the country's residual factor, before certificates, which ``certificates`` matches by period. Heat, gas and
fuels count by a factor set. PV used on the spot emits nothing and stands as a memo; charging of vehicles at
one's own chargers is inside the building's electricity.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from analytics.yearly.accounts import held_buildings
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Factor, GridFactor, Rulebook

FACTOR_SET = "jst303-2026"
"""The factor set of emissions that no target asks for, such as the series by interval."""

ELECTRICITY = "electricity_import_kwh"

RESIDUAL = "cn-residual"
"""Region of the market-based factor: the country's power without non-fossil power that was traded."""


class Scope(StrEnum):
    """Where an emission arises."""

    DIRECT = "direct"
    """What the institution burns: boilers, kitchens, generators, vehicles."""
    PURCHASED = "purchased"
    """Electricity, heat and cooling that others make for it."""


SCOPES: Mapping[str, Scope] = {
    ELECTRICITY: Scope.PURCHASED,
    "heat_gj": Scope.PURCHASED,
    "cooling_gj": Scope.PURCHASED,
    "steam_t": Scope.PURCHASED,
    "gas_m3": Scope.DIRECT,
    "gas_kwh": Scope.DIRECT,
    "coal_kg": Scope.DIRECT,
    "lpg_kg": Scope.DIRECT,
    "petrol_l": Scope.DIRECT,
    "diesel_l": Scope.DIRECT,
}
"""Measures whose use is an emission."""

MEMOS = ("pv_generation_kwh",)
"""Measures shown beside, of which nothing is emitted."""


class EmissionFactor(NamedTuple):
    """kgCO2 for one unit of a measure; ``grid`` is the grid's factor where it is electricity."""

    factor: Factor
    grid: GridFactor | None = None


def grid_region(asset: str, snapshots: Iterable[Register]) -> str | None:
    """The province whose grid feeds the asset; None where its buildings lie in none or in several.

    ``snapshots`` of the register are those of the days that are asked for.
    """
    provinces = {
        register.sites[building.site].province
        for register in snapshots
        for building in held_buildings(asset, register)
        if building.site in register.sites
    }
    return provinces.pop() if len(provinces) == 1 else None


def emission_factor(
    name: str,
    asset: str,
    year: int,
    snapshots: Iterable[Register],
    rulebook: Rulebook,
    factor_set: str,
) -> EmissionFactor | Finding:
    """The factor of a measure of ``SCOPES`` at an organisation or building in a calendar year.

    A finding where there is none: ``factor_missing``, ``grid_region_ambiguous`` or
    ``grid_factor_missing``. Where the grid's factor of the year is not published the latest earlier one
    stands in, as its ``year`` tells. ``snapshots`` of the register are those of the days counted. Raises
    NotFoundError for a factor set that does not exist.
    """
    if name == ELECTRICITY:
        return _grid_factor(asset, year, snapshots, rulebook)
    if factor_set not in rulebook.factor_sets:
        raise NotFoundError(f"a factor set must be one of the rulebook, got {factor_set!r}")
    factor = rulebook.factor_sets[factor_set].carbon.get(name)
    if factor is None:
        return Finding("factor_missing", asset, {"factor_set": factor_set, "measures": name})
    return EmissionFactor(factor)


def _grid_factor(
    asset: str, year: int, snapshots: Iterable[Register], rulebook: Rulebook
) -> EmissionFactor | Finding:
    region = grid_region(asset, snapshots)
    if region is None:
        return Finding("grid_region_ambiguous", asset, {"year": year})
    try:
        grid = rulebook.grid_factor(region, year)
    except NotFoundError:
        return Finding("grid_factor_missing", asset, {"region": region, "year": year})
    return EmissionFactor(Factor(grid.kgco2_per_kwh, "kgCO2/kWh", grid.trust), grid)
