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


_DERIVED: tuple[tuple[str, str, bool], ...] = (
    # what a building is expected to use, and the band that ordinary days stay in
    ("electricity_expected_kwh", "kWh", True),
    ("electricity_expected_low_kwh", "kWh", True),
    ("electricity_expected_high_kwh", "kWh", True),
    ("electricity_excess_kwh", "kWh", True),
    ("electricity_excess_pct", "%", False),
    # yearly accounts; subject is "ASSET/QUOTA" or "ASSET/TARGET"; cumulative, so never added up
    ("quota_used_kwh", "kWh", False),
    ("quota_limit_kwh", "kWh", False),
    ("quota_projected_kwh", "kWh", False),
    ("quota_used_kgce", "kgce", False),
    ("quota_limit_kgce", "kgce", False),
    ("quota_projected_kgce", "kgce", False),
    ("quota_used_m3", "m³", False),
    ("quota_limit_m3", "m³", False),
    ("quota_projected_m3", "m³", False),
    ("quota_share_pct", "%", False),
    ("quota_projected_share_pct", "%", False),
    ("carbon_used_kgco2", "kgCO2", False),
    ("carbon_limit_kgco2", "kgCO2", False),
    ("carbon_projected_kgco2", "kgCO2", False),
    ("carbon_share_pct", "%", False),
    ("carbon_projected_share_pct", "%", False),
    # carbon of an interval, location-based
    ("carbon_kgco2", "kgCO2", True),
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
