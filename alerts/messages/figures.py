"""How much: a sentence with the figures of a case, in Chinese and English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.cases.model import Case
from alerts.messages.words import input_unit, input_word
from alerts.wording import MARKS, account_of, both, local_time
from quotawatt.formatting import formula, percent, significant
from quotawatt.measures import AMOUNT_UNITS
from quotawatt.register.finding_texts import finding_words
from quotawatt.rulebook.alert_rules import SILENCE, Direction, Rule, Source
from quotawatt.rulebook.model import Quota, Rulebook, Text
from quotawatt.rulebook.targets import Target

Figures = Mapping[str, Any]

ACCOUNTS = ("quota", "target", "carbon")
"""First words of the measures of yearly accounts."""

UNKNOWN = Text("不详", "not known")

BASES: Mapping[str, Text] = {
    "equivalent": Text("等价值", "equivalent value"),
    "calorific": Text("当量值", "calorific value"),
}

_UNITS: Mapping[str, str] = {suffix: unit for unit, suffix in AMOUNT_UNITS.items()} | {
    "kgco2": "kgCO₂"
}

# By the kind of account: what was done of it, and what its limit is called.
_SPENT: Mapping[str, Text] = {
    "quota": Text("已用", "used"),
    "target": Text("已用", "used"),
    "carbon": Text("已排放", "emitted"),
}
_LIMIT: Mapping[str, Text] = {
    "quota": Text("约束值", "the constraint value"),
    "target": Text("路径允许", "what the path allows,"),
    "carbon": Text("路径允许", "what the path allows,"),
}


def account_kind(case: Case, rule: Rule) -> str:
    """Of which yearly account a case is: one of ``ACCOUNTS``; empty: of none."""
    kind = rule.input.partition("_")[0]
    return kind if kind in ACCOUNTS and "/" in case.subject else ""


def account_unit(kind: str, figures: Figures) -> str:
    """How the measures of an account name its unit (``kgce``); empty where there are none."""
    return next((u for u in _UNITS if f"{kind}_used_{u}" in figures), "")


def unit_of(suffix: str) -> str:
    """The unit that measures name so: ``m³`` for ``m3``."""
    return _UNITS.get(suffix, "")


def value_of(case: Case, rule: Rule) -> float | None:
    """The rule's input when it was last known; None also of a finding, which has none."""
    if rule.source is Source.FINDINGS:
        return None
    found = case.figures.get("value", case.figures.get(rule.input))
    return found if isinstance(found, float | int) else None


def figures_of(case: Case, rule: Rule, name: Text, book: Rulebook, zone: ZoneInfo) -> Text:
    """What the input of a case's rule came to, with its account by the law of its year (``book``).

    ``name`` is what the asset is called, ``zone`` that of its site.
    """
    if kind := account_kind(case, rule):
        return _account(kind, case, book)
    if rule.input == "electricity_excess_pct":
        return _excess(case, rule)
    if rule.input == SILENCE:
        return _silence(case, rule, zone)
    if rule.source is Source.FINDINGS:
        return finding_sentence(rule.input, case, name, zone)
    return _plain(case, rule, zone)


def finding_sentence(code: str, case: Case, name: Text, zone: ZoneInfo) -> Text:
    """What was found at the asset called ``name``, with the evidence in it."""

    def said(lang: str) -> str:
        named = name.in_language(lang)
        return finding_words(code, named, case.figures, lang, zone)["sentence"]

    return both(said)


def _number(value: object, lang: str) -> str:
    return significant(value) if isinstance(value, float | int) else UNKNOWN.in_language(lang)


def _share(value: object, lang: str) -> str:
    return percent(value) if isinstance(value, float | int) else UNKNOWN.in_language(lang)


def _account(kind: str, case: Case, book: Rulebook) -> Text:
    name, year = account_of(case.subject)
    found: Quota | Target | None
    found = book.quotas.get(name) if kind == "quota" else book.targets.get(name)
    suffix = account_unit(kind, case.figures)
    factors = book.factor_sets.get(found.factor_set) if found else None
    basis = BASES.get(factors.electricity_basis) if factors and suffix == "kgce" else None
    title = found.title if found else Text(name, name)
    mark = MARKS[found.trust] if found else Text("", "")

    def said(lang: str) -> str:
        unit = formula(unit_of(suffix))
        used, limit, projected = (
            f"{_number(case.figures.get(f'{kind}_{part}_{suffix}'), lang)} {unit}".rstrip()
            for part in ("used", "limit", "projected")
        )
        share = _share(case.figures.get(f"{kind}_share_pct"), lang)
        whole_year = _share(case.figures.get(f"{kind}_projected_share_pct"), lang)
        spent, bound = _SPENT[kind].in_language(lang), _LIMIT[kind].in_language(lang)
        by, note = basis.in_language(lang) if basis else "", mark.in_language(lang)
        if lang == "zh":
            by = f"（{by}）" if by else ""
            return (
                f"{year} 年“{title.zh}”：{spent} {used}{by}，{bound} {limit}{by}{note}，占 {share}；"
                f"预计全年 {projected}{by}，占 {whole_year}"
            )
        by = f" ({by})" if by else ""
        return (
            f"{year}, {title.en}: {spent} {used}{by} of {bound} {limit}{by}{note}, {share};"
            f" projected for the year {projected}{by}, {whole_year} of it"
        )

    return both(said)


def _excess(case: Case, rule: Rule) -> Text:
    expected = case.figures.get("electricity_expected_kwh")
    excess = case.figures.get("electricity_excess_kwh")
    used = None
    if isinstance(expected, float | int) and isinstance(excess, float | int):
        used = expected + excess
    day = case.figures.get("day")

    def said(lang: str) -> str:
        shown = day or UNKNOWN.in_language(lang)
        upper = _number(case.figures.get("electricity_expected_high_kwh"), lang)
        beyond, limit = _share(value_of(case, rule), lang), percent(rule.threshold)
        if lang == "zh":
            return (
                f"{shown} 用电 {_number(used, lang)} kWh，按天气与工作日历预期"
                f" {_number(expected, lang)} kWh（正常上限 {upper} kWh）；超出上限 {beyond}，限值 {limit}"
            )
        return (
            f"{shown}: used {_number(used, lang)} kWh where weather and calendar let expect"
            f" {_number(expected, lang)} kWh (ordinary days stay below {upper} kWh);"
            f" {beyond} beyond that, allowed {limit}"
        )

    return both(said)


def _silence(case: Case, rule: Rule, zone: ZoneInfo) -> Text:
    heard = instant_of(case.figures.get("last_reading"))
    waiting = instant_of(case.figures.get("waiting_since"))

    def said(lang: str) -> str:
        last = local_time(heard, zone) if heard else UNKNOWN.in_language(lang)
        if waiting and not heard:
            since = local_time(waiting, zone)
            return (
                f"自 {since} 起等待，从未有读数"
                if lang == "zh"
                else f"no reading ever, waited for since {since}"
            )
        hours, limit = _number(value_of(case, rule), lang), f"{rule.threshold:g}"
        if lang == "zh":
            return f"已 {hours} 小时没有读数（限值 {limit} 小时），最近一次：{last}"
        return f"no reading for {hours} h (allowed {limit} h), the last one at {last}"

    return both(said)


def _plain(case: Case, rule: Rule, zone: ZoneInfo) -> Text:
    """Any other measure or quantity: its value, its limit, and when it was so."""
    name, unit = input_word(rule), input_unit(rule)
    at = instant_of(case.figures.get("last_reading"))
    above = rule.direction is Direction.ABOVE

    def said(lang: str) -> str:
        value = f"{_number(value_of(case, rule), lang)} {unit.in_language(lang)}".rstrip()
        limit = f"{rule.threshold:,g} {unit.in_language(lang)}".rstrip()
        when = local_time(at, zone) if at else str(case.figures.get("day", ""))
        if lang == "zh":
            side = "高于上限" if above else "低于下限"
            return f"{f'{when} ' if when else ''}{name.zh} {value}，{side} {limit}"
        side = "above the limit of" if above else "below the limit of"
        return f"{f'{when}: ' if when else ''}{name.en} {value}, {side} {limit}"

    return both(said)


def instant_of(value: object) -> datetime | None:
    """An instant of the evidence (ISO 8601); None where there is none, or it is none."""
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
