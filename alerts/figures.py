"""How much: the line of a message with the figures of an alert, in Chinese and English."""

from collections.abc import Mapping
from datetime import datetime

from alerts.evaluate import SILENCE
from alerts.places import zone_of
from alerts.transition import AlertState
from alerts.wording import MARKS, Context, Evidence, account_of, both, labelled, local_time
from quotawatt.measures import MEASURES
from quotawatt.rulebook.model import Rule, Rulebook, Text

_UNITS: Mapping[str, str] = {"kwh": "kWh", "kgce": "kgce", "m3": "m³"}

_BASES: Mapping[str, Text] = {
    "equivalent": Text("（等价值）", " (equivalent value)"),
    "calorific": Text("（当量值）", " (calorific value)"),
}


def figures_line(
    rule: Rule, subject: str, state: AlertState, evidence: Evidence, context: Context
) -> Text:
    """What the alert's input came to, with its account where it has one, by the law of its year."""
    book = context.book_of(subject)
    if rule.input == SILENCE:
        text = _silence(rule, state, evidence, context, subject)
    elif rule.input.startswith("quota_") and "/" in subject:
        text = _quota(subject, evidence, book)
    elif rule.input.startswith("carbon_") and "/" in subject:
        text = _carbon(subject, evidence, book)
    elif rule.input.startswith("target_") and "/" in subject:
        text = _target(subject, evidence, book)
    elif rule.input == "electricity_excess_pct":
        text = _excess(rule, state, evidence)
    else:
        text = _plain(rule, state)
    return labelled("情况", "Figures", text)


def _number(value: float | str | None) -> str:
    return f"{value:,.1f}" if isinstance(value, float | int) else "?"


def _quota(subject: str, evidence: Evidence, rulebook: Rulebook) -> Text:
    quota_id, year = account_of(subject)
    quota = rulebook.quotas.get(quota_id)
    unit = next((u for u in _UNITS if f"quota_used_{u}" in evidence), "")
    factors = rulebook.factor_sets.get(quota.factor_set) if quota else None
    basis = _BASES.get(factors.electricity_basis) if factors and unit == "kgce" else None
    shown = both(lambda lang: _UNITS.get(unit, "") + (basis.in_language(lang) if basis else ""))
    used, limit, projected = (
        _number(evidence.get(f"quota_{part}_{unit}")) for part in ("used", "limit", "projected")
    )
    share = _number(evidence.get("quota_share_pct"))
    projected_share = _number(evidence.get("quota_projected_share_pct"))
    title = quota.title if quota else Text(quota_id, quota_id)
    mark = MARKS[quota.trust] if quota else Text("", "")
    return Text(
        f"{year} 年“{title.zh}”：已用 {used} {shown.zh}，约束值 {limit} {shown.zh}{mark.zh}，"
        f"已用 {share} %；预计全年 {projected} {shown.zh}，为约束值的 {projected_share} %",
        f"{year}, {title.en}: used {used} {shown.en} of the constraint value {limit} {shown.en}"
        f"{mark.en}, {share} %; projected for the year {projected} {shown.en},"
        f" {projected_share} % of it",
    )


def _carbon(subject: str, evidence: Evidence, rulebook: Rulebook) -> Text:
    target_id, year = account_of(subject)
    target = rulebook.targets.get(target_id)
    used, limit, projected = (
        _number(evidence.get(f"carbon_{part}_kgco2")) for part in ("used", "limit", "projected")
    )
    share = _number(evidence.get("carbon_share_pct"))
    projected_share = _number(evidence.get("carbon_projected_share_pct"))
    title = target.title if target else Text(target_id, target_id)
    mark = MARKS[target.trust] if target else Text("", "")
    return Text(
        f"{year} 年“{title.zh}”：已排放 {used} kgCO2，路径允许 {limit} kgCO2{mark.zh}，已用 {share} %；"
        f"预计全年 {projected} kgCO2，为允许值的 {projected_share} %",
        f"{year}, {title.en}: emitted {used} kgCO2 of the {limit} kgCO2 that the path allows"
        f"{mark.en}, {share} %; projected for the year {projected} kgCO2, {projected_share} % of it",
    )


def _target(subject: str, evidence: Evidence, rulebook: Rulebook) -> Text:
    """A target of energy or water; those of carbon have figures of their own."""
    target_id, year = account_of(subject)
    target = rulebook.targets.get(target_id)
    unit = next((u for u in _UNITS if f"target_used_{u}" in evidence), "")
    factors = rulebook.factor_sets.get(target.factor_set) if target else None
    basis = _BASES.get(factors.electricity_basis) if factors and unit == "kgce" else None
    shown = both(lambda lang: _UNITS.get(unit, "") + (basis.in_language(lang) if basis else ""))
    used, limit, projected = (
        _number(evidence.get(f"target_{part}_{unit}")) for part in ("used", "limit", "projected")
    )
    share = _number(evidence.get("target_share_pct"))
    projected_share = _number(evidence.get("target_projected_share_pct"))
    title = target.title if target else Text(target_id, target_id)
    mark = MARKS[target.trust] if target else Text("", "")
    return Text(
        f"{year} 年“{title.zh}”：已用 {used} {shown.zh}，路径允许 {limit} {shown.zh}{mark.zh}，"
        f"已用 {share} %；预计全年 {projected} {shown.zh}，为允许值的 {projected_share} %",
        f"{year}, {title.en}: used {used} {shown.en} of the {limit} {shown.en} that the path allows"
        f"{mark.en}, {share} %; projected for the year {projected} {shown.en},"
        f" {projected_share} % of it",
    )


def _excess(rule: Rule, state: AlertState, evidence: Evidence) -> Text:
    expected = evidence.get("electricity_expected_kwh")
    excess = evidence.get("electricity_excess_kwh")
    used = "?"
    if isinstance(expected, float | int) and isinstance(excess, float | int):
        used = _number(expected + excess)
    day = evidence.get("day", "?")
    upper = _number(evidence.get("electricity_expected_high_kwh"))
    value, above = _number(state.value), f"{rule.above:g}"
    return Text(
        f"{day} 用电 {used} kWh，按天气与日历预期 {_number(expected)} kWh（正常上限 {upper} kWh）；"
        f"超出上限 {value} %，限值 {above} %",
        f"{day}: used {used} kWh where weather and calendar let expect {_number(expected)} kWh"
        f" (ordinary days stay below {upper} kWh); {value} % beyond that, allowed {above} %",
    )


def _silence(
    rule: Rule, state: AlertState, evidence: Evidence, context: Context, subject: str
) -> Text:
    zone = zone_of(context.register, subject, context.zone)
    heard = evidence.get("last_reading")
    last = local_time(datetime.fromisoformat(str(heard)), zone) if heard else "?"
    value, above = _number(state.value), f"{rule.above:g}"
    return Text(
        f"已 {value} 小时没有读数（限值 {above} 小时），最近一次：{last}",
        f"no reading for {value} h (allowed {above} h), the last one at {last}",
    )


def _plain(rule: Rule, state: AlertState) -> Text:
    unit = MEASURES[rule.input].unit if rule.input in MEASURES else ""
    value, above = _number(state.value), f"{rule.above:g}"
    return Text(
        f"{rule.input} 为 {value} {unit}，限值 {above} {unit}",
        f"{rule.input} is {value} {unit}, allowed {above} {unit}",
    )
