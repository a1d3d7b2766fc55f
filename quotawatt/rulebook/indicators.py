"""The indicators a quota can be set on: which use stands above the line, and what it is divided by.

The formulae are those of DB37/T 2672-2019 (Shandong), as far as its summary is known; see its pack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

GROSS_AREA = "gross_area_m2"
HEADCOUNT = "headcount"

CARBON_PER_AREA = "carbon_kgco2_per_m2"
"""Measure of carbon targets and their base values: kgCO2 a year and m² of gross area."""

BUILDING_CARRIERS = (
    "electricity_import_kwh",
    "gas_m3",
    "gas_kwh",
    "cooling_gj",
    "steam_t",
    "coal_kg",
    "lpg_kg",
)
"""Energy that a building takes in, heating apart. PV used on the spot is not taken in."""

HEATING_CARRIERS = ("heat_gj",)
TRANSPORT_CARRIERS = ("petrol_l", "diesel_l")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    amount_unit
        Unit of the use above the line: ``kWh``, ``kgce`` or ``m³``.
    denominator
        ``gross_area_m2`` or ``headcount``.
    measures
        Whose use is added up.
    converts
        Whether the use is converted to coal equivalent, so that a factor set is needed.
    assets
        The kinds of asset that it can be formed for.
    """

    name: str
    unit: str
    amount_unit: str
    denominator: str
    measures: tuple[str, ...]
    converts: bool
    assets: tuple[str, ...]


_LINES = (
    Indicator(
        # (E - E heating - E transport) / M: heating and fuels of vehicles are left out of the sum.
        "non_heating_kgce_per_m2",
        "kgce/m²",
        "kgce",
        GROSS_AREA,
        BUILDING_CARRIERS,
        True,
        ("organisation", "building"),
    ),
    Indicator(
        "electricity_kwh_per_m2",
        "kWh/m²",
        "kWh",
        GROSS_AREA,
        ("electricity_import_kwh",),
        False,
        ("organisation", "building"),
    ),
    Indicator(
        # E / P: every carrier, heating and vehicles included. Charging of electric vehicles is
        # inside the building's electricity.
        "energy_kgce_per_head",
        "kgce/person",
        "kgce",
        HEADCOUNT,
        BUILDING_CARRIERS + HEATING_CARRIERS + TRANSPORT_CARRIERS,
        True,
        ("organisation",),
    ),
    Indicator(
        # Water is never converted to coal equivalent.
        "water_m3_per_head",
        "m³/person",
        "m³",
        HEADCOUNT,
        ("water_m3",),
        False,
        ("organisation",),
    ),
)

INDICATORS: Mapping[str, Indicator] = MappingProxyType({i.name: i for i in _LINES})
