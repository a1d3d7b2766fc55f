"""The formula of an account in words with its numbers put in."""

from collections.abc import Mapping

from analytics.yearly.quotastatus import QuotaPart, QuotaStatus
from analytics.yearly.terms import NEGATIVE
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.indicators import NO_DENOMINATOR
from quotawatt.rulebook.model import Rulebook

DENOMINATOR_UNITS: Mapping[str, Text] = {
    "gross_area_m2": Text("m²", "m²"),
    "heated_area_m2": Text("m²", "m²"),
    "headcount": Text("人", "people"),
    "km_100": Text("百公里", "x 100 km"),
    "it_electricity_kwh": Text("kWh", "kWh"),
}


def in_numbers(status: QuotaStatus, rulebook: Rulebook) -> Text:
    """Such as ``(1,000 kWh x 0.31 kgce/kWh - 50 kWh x 0.31 kgce/kWh) / 10 m² = 29.45 kgce/m²``."""
    sides = {lang: _in_numbers(status, rulebook, lang) for lang in ("zh", "en")}
    return Text(sides["zh"], sides["en"])


def _in_numbers(status: QuotaStatus, rulebook: Rulebook, lang: str) -> str:
    indicator = rulebook.indicators[status.indicator]
    above = "".join(_term(part, i) for i, part in enumerate(status.parts))
    if status.correction != 1:
        above = f"({above}) × {status.correction:.4g}"
    if status.denominator_name == NO_DENOMINATOR:
        return f"{above} = {_number(status.used)} {indicator.unit}"
    unit = DENOMINATOR_UNITS[status.denominator_name].in_language(lang)
    left = [a.area_m2 for a in status.adjustments if a.area_m2]
    below = f"{_number(status.denominator + sum(left))} {unit}"
    if left:
        below = f"({below}{''.join(f' − {_number(a)} {unit}' for a in left)})"
    return f"({above}) / {below} = {_number(status.intensity)} {indicator.unit}"


def _term(part: QuotaPart, position: int) -> str:
    left_out = part.role in NEGATIVE
    sign = " − " if left_out else " + " if position else ""
    amount = f"{_number(-part.amount if left_out else part.amount)} {part.unit}"
    if part.factor_unit == "1":
        return f"{sign}{amount}"
    return f"{sign}{amount} × {part.factor:.6g} {part.factor_unit}"


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
