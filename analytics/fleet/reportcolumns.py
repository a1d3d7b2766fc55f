"""The columns of reports on vehicles by their key: name, unit, source, digits."""

from collections.abc import Mapping, Sequence

from quotawatt.fleet.reportwords import report_word
from quotawatt.fleet.sheets import Column
from quotawatt.settings import Language

Head = str
"""Key of a column, and of its name among the words."""

_REGISTER, _RESULTS, _COSTS = "from_register", "from_results", "from_costs"
_ORDERS, _FACTORS, _RULES = "from_orders", "from_factors", "from_deviations"

_FORMS: Mapping[Head, tuple[str, str, int]] = {
    "vehicle_quota": ("vehicles_unit", _REGISTER, 0),
    "held": ("vehicles_unit", _REGISTER, 0),
    "own_held": ("vehicles_unit", _REGISTER, 0),
    "held_below": ("vehicles_unit", _REGISTER, 0),
    "over": ("vehicles_unit", _REGISTER, 0),
    "exempt": ("vehicles_unit", _REGISTER, 0),
    "nev": ("vehicles_unit", _REGISTER, 0),
    "nev_share": ("%", _REGISTER, 1),
    "km": ("km", _RESULTS, 1),
    "fuel": ("L", _RESULTS, 1),
    "electricity": ("kWh", _RESULTS, 1),
    "l_per_100km": ("L/100 km", _RESULTS, 2),
    "kwh_per_100km": ("kWh/100 km", _RESULTS, 2),
    "per_100km": ("L; kWh / 100 km", _RESULTS, 2),
    "quota_per_100km": ("L; kWh / 100 km", _REGISTER, 2),
    "cost": ("CNY", _COSTS, 2),
    "cost_per_km": ("CNY/km", _COSTS, 3),
    "kgco2": ("kgCO2", _FACTORS, 1),
    "kgce": ("kgce", _FACTORS, 1),
    "trips": ("trips_unit", _RESULTS, 0),
    "days": ("days_unit", _RESULTS, 0),
    "hours": ("h", _RESULTS, 1),
    "idling_h": ("h", _RESULTS, 1),
    "used_share": ("%", _RESULTS, 1),
    "deviations": ("count_unit", _RULES, 0),
    "km_per_vehicle": ("km", _RESULTS, 1),
    "hours_per_vehicle": ("h", _RESULTS, 1),
    "empty_km": ("km", _ORDERS, 1),
    "empty_share": ("%", _ORDERS, 1),
    "unknown_km": ("km", _ORDERS, 1),
    "most_at_once": ("vehicles_unit", _RESULTS, 0),
    "figure": ("", "", 2),
    "distance_km": ("km", _RESULTS, 1),
    "fuel_l": ("L", _RESULTS, 2),
    "electricity_kwh": ("kWh", _RESULTS, 2),
    "cost_cny": ("CNY", _ORDERS, 2),
}
"""Unit, source and digits after the point; what is not here is words of the register."""

_WIDE = {"organisation": 24, "detail": 70, "item": 24, "place": 24, "purpose": 24, "source": 22}


def columns_of(heads: Sequence[Head], language: Language) -> list[Column]:
    """The columns of these keys."""
    return [_column(head, language) for head in heads]


def _column(head: Head, language: Language) -> Column:
    unit, source, decimals = _FORMS.get(head, ("", "", 0))
    return Column(
        name=report_word(head, language),
        unit=report_word(unit, language) if unit.endswith("_unit") else unit,
        source=report_word(source, language),
        decimals=decimals,
        width=_WIDE.get(head, 13),
    )
