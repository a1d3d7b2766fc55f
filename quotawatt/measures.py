"""Measures: what a result series can hold, beside the quantities themselves.

A result is keyed by (subject, measure, grain, start). A counter's quantity name is also the measure
of its use in the interval (``electricity_import_kwh`` of an hour is the energy taken in that hour);
a gauge's name is the measure of its mean. The measures below exist as results only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """Name, unit, and whether finer grains add up to coarser ones (else they are averaged)."""

    name: str
    unit: str
    additive: bool


AMOUNT_UNITS: Mapping[str, str] = MappingProxyType(
    {"kWh": "kwh", "kgce": "kgce", "tce": "tce", "m³": "m3", "L": "l"}
)
"""Units in which quota accounts are kept, and how their measures name them."""

QUOTA_FIGURES = (
    *("used", "limit", "projected", "projected_low", "projected_high"),
    *("budget", "ahead", "allowance"),
)
"""Figures of a quota account in its unit: ``quota_used_kwh``, ...; the allowance is by day."""

_DERIVED: tuple[tuple[str, str, bool], ...] = (
    # what a building is expected to use, and the band that ordinary days stay in
    ("electricity_expected_kwh", "kWh", True),
    ("electricity_expected_low_kwh", "kWh", True),
    ("electricity_expected_high_kwh", "kWh", True),
    ("electricity_excess_kwh", "kWh", True),
    ("electricity_excess_pct", "%", False),
    # yearly accounts; subject is "ASSET/QUOTA" or "ASSET/TARGET"; cumulative, so never added up
    *(
        (f"quota_{figure}_{suffix}", unit, False)
        for unit, suffix in AMOUNT_UNITS.items()
        for figure in QUOTA_FIGURES
    ),
    ("quota_share_pct", "%", False),
    ("quota_projected_share_pct", "%", False),
    ("quota_over_probability_pct", "%", False),
    ("quota_exhaustion_day", "d", False),
    ("carbon_used_kgco2", "kgCO2", False),
    ("carbon_limit_kgco2", "kgCO2", False),
    ("carbon_projected_kgco2", "kgCO2", False),
    ("carbon_share_pct", "%", False),
    ("carbon_projected_share_pct", "%", False),
    *(
        (f"target_{figure}_{suffix}", unit, False)
        for unit, suffix in (("kgce", "kgce"), ("m³", "m3"))
        for figure in ("used", "limit", "projected")
    ),
    ("target_share_pct", "%", False),
    ("target_projected_share_pct", "%", False),
    # carbon of an interval, location-based, and market-based before certificates
    ("carbon_kgco2", "kgCO2", True),
    ("carbon_market_kgco2", "kgCO2", True),
    # money: over all carriers, and by carrier of what can have several
    ("cost_cny", "CNY", True),
    ("electricity_cost_cny", "CNY", True),
    ("water_cost_cny", "CNY", True),
    ("gas_cost_cny", "CNY", True),
    ("heat_cost_cny", "CNY", True),
    ("fuel_cost_cny", "CNY", True),
    # money by the month alone: basic charge, power factor, steps, heat by area
    ("cost_fixed_cny", "CNY", True),
    ("electricity_cost_fixed_cny", "CNY", True),
    ("water_cost_fixed_cny", "CNY", True),
    ("gas_cost_fixed_cny", "CNY", True),
    ("heat_cost_fixed_cny", "CNY", True),
    ("fuel_cost_fixed_cny", "CNY", True),
)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        **{q.name: Measure(q.name, q.unit, q.kind is Kind.COUNTER) for q in QUANTITIES.values()},
        **{name: Measure(name, unit, additive) for name, unit, additive in _DERIVED},
    }
)


def measure(name: str) -> Measure:
    """The measure called ``name``. Raises InputError where there is none."""
    try:
        return MEASURES[name]
    except KeyError:
        raise InputError(f"a measure must be one of docs/nomenclature.md, got {name!r}") from None
