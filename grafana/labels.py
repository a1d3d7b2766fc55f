"""What readers of a board see: texts in both languages, a measure's label and its unit in Grafana."""

from collections.abc import Mapping
from types import MappingProxyType

from grafana_foundation_sdk.models import units

from quotawatt.errors import InputError
from quotawatt.measures import measure
from quotawatt.rulebook.model import Text

_NO_DATA = Text("所选时段无数据", "No data in the time range")
_USED = Text("已用", "Used")
_LIMIT = Text("约束值", "Constraint value")
_PROJECTED = Text("年末预计", "Projected at year's end")

LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "electricity_import_kwh": Text("用电", "Electricity"),
        "electricity_expected_kwh": Text("预期用电", "Expected"),
        "electricity_expected_low_kwh": Text("预期下限", "Expected, low"),
        "electricity_expected_high_kwh": Text("预期上限", "Expected, high"),
        "electricity_excess_kwh": Text("与预期之差", "Difference from expected"),
        "electricity_excess_pct": Text("超出预期区间", "Above the expected band"),
        "outdoor_temperature_c": Text("室外温度", "Outdoor temperature"),
        "temperature_setpoint_c": Text("温度设定值", "Temperature set point"),
        **{f"quota_used_{unit}": _USED for unit in ("kwh", "kgce", "m3")},
        **{f"quota_limit_{unit}": _LIMIT for unit in ("kwh", "kgce", "m3")},
        **{f"quota_projected_{unit}": _PROJECTED for unit in ("kwh", "kgce", "m3")},
        "carbon_used_kgco2": Text("已排放", "Emitted"),
        "carbon_limit_kgco2": Text("目标路径限值", "Limit of the target path"),
        "carbon_projected_kgco2": _PROJECTED,
    }
)

# Grafana has no unit of its own for the rest; "suffix:" prints the number and the unit as they are.
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "1": units.NoUnit,
        "kWh": units.KiloWattHour,
        "kW": units.KiloWatt,
        "kvar": units.KiloVoltAmpereReactive,
        "kVA": units.KiloVoltAmpere,
        "V": units.Volt,
        "A": units.Ampere,
        "Hz": units.Hertz,
        "kvarh": "suffix:kvarh",
        "m³": units.CubicMeter,
        "m³/h": "suffix:m³/h",
        "GJ": "suffix:GJ",
        "t": units.MetricTon,
        "kg": units.Kilogram,
        "L": units.Litre,
        "°C": units.Celsius,
        "%": units.Percent,
        "lx": units.Lux,
        "ppm": units.PartsPerMillion,
        "W/m²": units.WattPerSquareMeter,
        "°": units.Degrees,
        "m": units.Meter,
        "km": units.Kilometer,
        "km/h": units.KilometersPerHour,
        "1/min": units.RevolutionsPerMinute,
        "dBm": units.DecibelMilliWatt,
        "kgce": "suffix:kgce",
        "tce": "suffix:tce",
        "CNY": "currencyCNY",
        "d": units.Days,
        "kgCO2": "suffix:kgCO₂",
    }
)


def label(name: str, language: str) -> str:
    """The measure's label in ``zh`` or ``en``. Raises InputError where it has none."""
    try:
        return LABELS[name].in_language(language)
    except KeyError:
        raise InputError(f"a measure on a board must have a label, got {name!r}") from None


def words(language: str, title: Text, description: Text) -> tuple[str, str, str]:
    """Title and description of a panel, and what stands in it where there is no data."""
    return (
        title.in_language(language),
        description.in_language(language),
        _NO_DATA.in_language(language),
    )


def unit_id(name: str) -> str:
    """Grafana's identifier of the measure's unit. Raises InputError for an unknown measure or unit."""
    unit = measure(name).unit
    try:
        return _UNITS[unit]
    except KeyError:
        raise InputError(f"a unit on a board must be known to Grafana, got {unit!r}") from None
