"""The one table of quantities: identifier, unit, kind, sign, plausible range.

Every reading names one of these. The unit stands in the identifier, so a value can't be misread; a
device's own unit is converted once, on the way in. ``docs/nomenclature.md`` is checked against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from quotawatt.errors import InputError


class Kind(StrEnum):
    """How readings of a quantity become figures for an interval."""

    COUNTER = "counter"
    """Only ever grows; an interval's use is the difference between its ends."""
    GAUGE = "gauge"
    """A momentary value; an interval has a mean."""
    STATE = "state"
    """0 or 1; an interval has a share of time."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One line of the table.

    low, high
        Plausible range in ``unit``, both ends included. A reading outside it is kept as ``suspect``.
    sign
        What a negative value means; empty where there is none.
    """

    name: str
    unit: str
    kind: Kind
    low: float
    high: float
    sign: str = ""


# A counter's ceiling is that of the largest registers in use (12 digits), not of any one meter.
_COUNTER_MAX = 1e12

_LINES: tuple[tuple[str, str, str, float, float, str], ...] = (
    # electricity
    ("electricity_import_kwh", "kWh", "counter", 0, _COUNTER_MAX, ""),
    ("electricity_export_kwh", "kWh", "counter", 0, _COUNTER_MAX, ""),
    ("pv_generation_kwh", "kWh", "counter", 0, _COUNTER_MAX, ""),
    ("electricity_power_kw", "kW", "gauge", -1e6, 1e6, "negative: export"),
    ("electricity_reactive_power_kvar", "kvar", "gauge", -1e6, 1e6, "negative: capacitive"),
    ("electricity_apparent_power_kva", "kVA", "gauge", 0, 1e6, ""),
    ("power_factor", "1", "gauge", -1, 1, "negative: export"),
    ("voltage_v", "V", "gauge", 0, 800_000, ""),
    ("current_a", "A", "gauge", -1e5, 1e5, "negative: export"),
    ("frequency_hz", "Hz", "gauge", 0, 500, ""),
    ("electricity_reactive_import_kvarh", "kvarh", "counter", 0, _COUNTER_MAX, ""),
    ("electricity_reactive_export_kvarh", "kvarh", "counter", 0, _COUNTER_MAX, ""),
    # water, gas, heat, fuels
    ("gas_kwh", "kWh", "counter", 0, _COUNTER_MAX, ""),
    ("water_m3", "m³", "counter", 0, _COUNTER_MAX, ""),
    ("reclaimed_water_m3", "m³", "counter", 0, _COUNTER_MAX, ""),
    ("water_flow_m3h", "m³/h", "gauge", -1e5, 1e5, "negative: backflow"),
    ("gas_m3", "m³", "counter", 0, _COUNTER_MAX, ""),
    ("heat_gj", "GJ", "counter", 0, _COUNTER_MAX, ""),
    ("cooling_gj", "GJ", "counter", 0, _COUNTER_MAX, ""),
    ("steam_t", "t", "counter", 0, _COUNTER_MAX, ""),
    ("coal_kg", "kg", "counter", 0, _COUNTER_MAX, ""),
    ("lpg_kg", "kg", "counter", 0, _COUNTER_MAX, ""),
    ("diesel_l", "L", "counter", 0, _COUNTER_MAX, ""),
    ("petrol_l", "L", "counter", 0, _COUNTER_MAX, ""),
    ("heat_power_kw", "kW", "gauge", -1e6, 1e6, "negative: cooling"),
    ("heat_supply_temperature_c", "°C", "gauge", -50, 250, ""),
    ("heat_return_temperature_c", "°C", "gauge", -50, 250, ""),
    # surroundings
    ("temperature_c", "°C", "gauge", -90, 1000, ""),
    ("indoor_temperature_c", "°C", "gauge", -40, 70, ""),
    ("outdoor_temperature_c", "°C", "gauge", -60, 60, ""),
    ("temperature_setpoint_c", "°C", "gauge", 0, 60, ""),
    ("humidity_pct", "%", "gauge", 0, 100, ""),
    ("illuminance_lx", "lx", "gauge", 0, 200_000, ""),
    ("co2_ppm", "ppm", "gauge", 0, 50_000, ""),
    ("irradiance_w_m2", "W/m²", "gauge", -20, 1600, ""),
    # vehicle
    ("latitude_deg", "°", "gauge", -90, 90, "negative: south"),
    ("longitude_deg", "°", "gauge", -180, 180, "negative: west"),
    ("altitude_m", "m", "gauge", -500, 9000, "negative: below sea level"),
    ("heading_deg", "°", "gauge", 0, 360, ""),
    ("speed_kmh", "km/h", "gauge", 0, 300, ""),
    ("speed_limit_kmh", "km/h", "gauge", 0, 200, ""),
    ("odometer_km", "km", "counter", 0, 5_000_000, ""),
    ("ignition", "1", "state", 0, 1, ""),
    ("engine_rpm", "1/min", "gauge", 0, 20_000, ""),
    ("fuel_level_pct", "%", "gauge", 0, 100, ""),
    ("fuel_level_l", "L", "gauge", 0, 2000, ""),
    ("fuel_used_l", "L", "counter", 0, _COUNTER_MAX, ""),
    ("battery_soc_pct", "%", "gauge", 0, 100, ""),
    ("charge_power_kw", "kW", "gauge", -1000, 1000, "negative: feeding back"),
    ("charge_energy_kwh", "kWh", "counter", 0, _COUNTER_MAX, ""),
    ("charging", "1", "state", 0, 1, ""),
    ("plugged", "1", "state", 0, 1, ""),
    ("vehicle_supply_voltage_v", "V", "gauge", 0, 60, ""),
    ("traction_voltage_v", "V", "gauge", 0, 1500, ""),
    ("traction_current_a", "A", "gauge", -3000, 3000, "negative: recuperating or charging"),
    # device
    ("device_battery_pct", "%", "gauge", 0, 100, ""),
    ("rssi_dbm", "dBm", "gauge", -200, 20, ""),
    ("switch_on", "1", "state", 0, 1, ""),
    ("online", "1", "state", 0, 1, ""),
)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        name: Quantity(name, unit, Kind(kind), low, high, sign)
        for name, unit, kind, low, high, sign in _LINES
    }
)

POSITION_QUANTITIES = frozenset(
    {"latitude_deg", "longitude_deg", "altitude_m", "heading_deg", "speed_kmh"}
)
"""What tells where a vehicle was and how it moved: personal data."""

MAIN_QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "electricity": "electricity_import_kwh",
        "water": "water_m3",
        "heat": "heat_gj",
        "gas": "gas_m3",
    }
)
"""What a meter is there for, by its carrier."""

COUNTERS = frozenset(name for name, q in QUANTITIES.items() if q.kind is Kind.COUNTER)


def quantity(name: str) -> Quantity:
    """The line of the table for ``name``.

    Raises InputError where there is no such quantity.
    """
    try:
        return QUANTITIES[name]
    except KeyError:
        raise InputError(f"a quantity must be one of docs/nomenclature.md, got {name!r}") from None
