"""An impact, and the sum of several, in words of one language. What is not known is said to be so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.messages.impact import Impact
from alerts.wording import MARKS
from quotawatt.formatting import percent, significant
from quotawatt.rulebook.basics import Text

TCE_FROM_KGCE = 1000.0
"""From here on coal equivalent is shown in tons."""

_COAL = ("kgce", "tce")
"""Units of an amount that is coal equivalent itself."""

_BASES = {"等价": Text("等价值", "equivalent value"), "当量": Text("当量值", "calorific value")}


@dataclass(frozen=True, slots=True)
class ImpactTexts:
    """The parts of an impact, each with its unit, and all of them in a sentence; empty: not known."""

    amount: str = ""
    coal: str = ""
    share: str = ""
    cost: str = ""
    carbon: str = ""
    sentence: str = ""


NO_TEXTS = ImpactTexts()


def impact_texts(impact: Impact, lang: str) -> ImpactTexts:
    """The texts of an impact; all empty where nothing is too much."""
    if impact.amount is None:
        return NO_TEXTS
    coal, cost, carbon = _coal(impact, lang), _cost(impact, lang), _carbon(impact, lang)
    amount = f"{significant(impact.amount)} {impact.unit}".rstrip()
    if coal and impact.unit in _COAL:
        amount = coal
    share = "" if impact.share_pct is None else percent(impact.share_pct)
    sentence = _sentence(impact, amount, (coal, cost, carbon), share, lang)
    return ImpactTexts(amount, coal, share, cost, carbon, sentence)


def _sentence(
    impact: Impact, amount: str, parts: tuple[str, str, str], share: str, lang: str
) -> str:
    zh = lang == "zh"
    if impact.projected:
        first = f"预计超出 {amount}" if zh else f"projected beyond the limit: {amount}"
    else:
        first = f"超出 {amount}" if zh else f"beyond the limit: {amount}"
    of_limit = (f"为限额的 {share}" if zh else f"{share} of the limit") if share else ""
    said = [first, of_limit, *_told(impact, parts, lang)]
    return ("，" if zh else ", ").join(text for text in said if text)


def _told(impact: Impact, parts: tuple[str, str, str], lang: str) -> list[str]:
    """Coal equivalent, money and carbon, or that they are not known, as far as they say anything new."""
    zh = lang == "zh"
    coal, cost, carbon = parts
    only_carbon, is_water = impact.unit == "kgCO₂", impact.unit == "m³" and not coal
    told = []
    if not (only_carbon or is_water or impact.unit in _COAL):
        unknown = "折标准煤不详" if zh else "coal equivalent not known"
        told.append((f"折标准煤 {coal}" if zh else coal) if coal else unknown)
    if not only_carbon:
        told.append(cost or ("费用不详" if zh else "cost not known"))
        told.append("" if is_water and not carbon else carbon or _no_carbon(lang))
    return told


def _no_carbon(lang: str) -> str:
    return "碳排放不详" if lang == "zh" else "carbon not known"


def _coal(impact: Impact, lang: str) -> str:
    if impact.kgce is None:
        return ""
    basis = _BASES[impact.basis].in_language(lang) if impact.basis in _BASES else ""
    comma = "，" if lang == "zh" else ", "
    by = comma.join(text for text in (basis, impact.factor_set) if text)
    named = (f"（{by}）" if lang == "zh" else f" ({by})") if by else ""
    return f"{_coal_amount(impact.kgce)}{named}{MARKS[impact.kgce_trust].in_language(lang)}"


def _coal_amount(kgce: float) -> str:
    if abs(kgce) < TCE_FROM_KGCE:
        return f"{significant(kgce)} kgce"
    return f"{significant(kgce / 1000)} tce"


def _cost(impact: Impact, lang: str) -> str:
    if impact.cost_cny is None:
        return ""
    amount = significant(impact.cost_cny)
    return f"约 {amount} 元" if lang == "zh" else f"about CNY {amount}"


def _carbon(impact: Impact, lang: str) -> str:
    if impact.kgco2 is None:
        return ""
    mark = MARKS[impact.kgco2_trust].in_language(lang)
    return f"{significant(impact.kgco2)} kgCO₂{mark}"


def totals_text(impacts: Sequence[Impact], lang: str) -> str:
    """Sums over cases: of all where all are known, else with of how many they are; empty: of none.

    Coal equivalent is summed by its basis: 当量 and 等价 are never added up.
    """
    concerned = [one for one in impacts if one.amount is not None]
    sums = [
        _coal_sums(concerned, lang),
        _summed(
            [one.cost_cny for one in concerned], lambda s: _cost(Impact(cost_cny=s), lang), lang
        ),
        _summed([one.kgco2 for one in concerned], lambda s: _carbon(Impact(kgco2=s), lang), lang),
    ]
    return ("；" if lang == "zh" else "; ").join(text for text in sums if text)


def _coal_sums(impacts: Sequence[Impact], lang: str) -> str:
    by_basis: dict[str, float] = {}
    for one in impacts:
        if one.kgce is not None:
            by_basis[one.basis] = by_basis.get(one.basis, 0.0) + one.kgce
    if not by_basis:
        return ""
    parts = (
        _coal(Impact(kgce=kgce, basis=basis), lang) for basis, kgce in sorted(by_basis.items())
    )
    known = sum(one.kgce is not None for one in impacts)
    text = ("、折标准煤 " if lang == "zh" else ", ").join(parts)
    return ("折标准煤 " if lang == "zh" else "") + text + _known(known, len(impacts), lang)


def _summed(values: Sequence[float | None], said: Callable[[float], str], lang: str) -> str:
    known = [value for value in values if value is not None]
    return said(sum(known)) + _known(len(known), len(values), lang) if known else ""


def _known(known: int, of: int, lang: str) -> str:
    """Of how many cases a sum is, where not of all."""
    if known == of:
        return ""
    return f"（{of} 件中 {known} 件已知）" if lang == "zh" else f" (of {known} of {of} known)"
