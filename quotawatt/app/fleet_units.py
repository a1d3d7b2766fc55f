"""What the cells of a vehicle's log are in, and the factor to the unit of their quantity."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_MILE_KM = 1.609344
_GALLON_L = 3.785411784  # US

_SPEED = {
    **dict.fromkeys(("km/h", "kmh", "kph", "kmph", "公里/小时", "千米/时"), 1.0),
    **dict.fromkeys(("mph", "mi/h", "miles/h", "miles/hour"), _MILE_KM),
    **dict.fromkeys(("m/s", "mps", "ms-1", "meters/second", "metres/second"), 3.6),
    **dict.fromkeys(("kn", "kt", "kts", "knot", "knots"), 1.852),
}
_LENGTH = {
    **dict.fromkeys(("km", "kilometers", "kilometres", "公里", "千米"), 1.0),
    **dict.fromkeys(("m", "meters", "metres", "米"), 0.001),
    **dict.fromkeys(("mi", "mile", "miles"), _MILE_KM),
}
_VOLUME = {
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters", "升"), 1.0),
    "ml": 0.001,
    **dict.fromkeys(("gal", "gallon", "gallons"), _GALLON_L),
}
_ENERGY = {"kwh": 1.0, "wh": 0.001}
_POWER = {"kw": 1.0, "w": 0.001}
_PERCENT = {"%": 1.0, "pct": 1.0, "percent": 1.0}
_DEGREES = dict.fromkeys(("deg", "°", "degrees"), 1.0)

FUEL_RATE = "fuel_rate_l_h"
"""Litres an hour: no quantity of its own, it adds up to ``fuel_used_l``."""

TRACTION_POWER = "traction_power_kw"
"""What the battery gives, positive while driving: no quantity of its own, it is voltage times current."""

UNITS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "speed_kmh": _SPEED,
        "odometer_km": _LENGTH,
        "altitude_m": {"m": 1.0, "meters": 1.0, "metres": 1.0, "ft": 0.3048, "feet": 0.3048},
        "latitude_deg": _DEGREES,
        "longitude_deg": _DEGREES,
        "heading_deg": _DEGREES,
        "engine_rpm": {"rpm": 1.0, "1/min": 1.0, "r/min": 1.0, "转/分": 1.0},
        "fuel_level_pct": _PERCENT,
        "battery_soc_pct": _PERCENT,
        "fuel_level_l": _VOLUME,
        "fuel_used_l": _VOLUME,
        FUEL_RATE: {
            **dict.fromkeys(("l/h", "lph", "l/hr", "liters/hour", "litres/hour"), 1.0),
            **dict.fromkeys(("cc/min", "ml/min"), 0.06),
            "gal/min": 60 * _GALLON_L,
            **dict.fromkeys(("gal/h", "gph", "gal/hr", "gallons/hour"), _GALLON_L),
        },
        "charge_energy_kwh": _ENERGY,
        "charge_power_kw": _POWER,
        TRACTION_POWER: _POWER,
        "vehicle_supply_voltage_v": {"v": 1.0, "mv": 0.001, "volt": 1.0, "volts": 1.0},
        "traction_voltage_v": {"v": 1.0, "mv": 0.001, "volt": 1.0, "volts": 1.0},
        "traction_current_a": {"a": 1.0, "ma": 0.001, "amp": 1.0, "amps": 1.0},
    }
)
"""Of each quantity the units that it is written in, with the factor to its own."""

ALL_UNITS = frozenset(unit for units in UNITS.values() for unit in units)

_BRACKETS = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")


def split_unit(heading: str) -> tuple[str, str]:
    """A heading without what stands in brackets, and the unit that it names; empty: none.

    ``Speed (OBD)(km/h)`` is ``Speed`` in ``km/h``; ``SOC%`` is ``SOC`` in ``%``.
    """
    inside = [part.strip().lower().replace(" ", "") for part in _BRACKETS.findall(heading)]
    base = _BRACKETS.sub(" ", heading).strip()
    if base.endswith("%"):
        base, inside = base[:-1], [*inside, "%"]
    return base, next((part for part in inside if part in ALL_UNITS), "")
