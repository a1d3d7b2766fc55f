"""What an alert says, in Chinese and English: who, how much, since when, under which clause, what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.evaluate import SILENCE
from alerts.places import organisation_of, zone_of
from alerts.transition import AlertState
from quotawatt.errors import NotFoundError
from quotawatt.measures import MEASURES
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Citation, Rule, Rulebook, Text, Trust

Evidence = Mapping[str, float | str]

_UNITS: Mapping[str, str] = {"kwh": "kWh", "kgce": "kgce", "m3": "m³"}

_BASES: Mapping[str, Text] = {
    "equivalent": Text("（等价值）", " (equivalent value)"),
    "calorific": Text("（当量值）", " (calorific value)"),
}

_MARKS: Mapping[Trust, Text] = {
    Trust.SOURCE: Text("", ""),
    Trust.SECONDARY: Text("［未核实：二手来源］", " [unverified: secondary source]"),
    Trust.UNVERIFIED: Text("［未核实］", " [unverified]"),
    Trust.INVENTED: Text("［演示虚构］", " [invented for the demo]"),
}

_EVENTS: Mapping[str, Text] = {
    "firing": Text("告警", "Alert"),
    "resolved": Text("解除", "Resolved"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line and a text of several, in both languages."""

    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class Context:
    """What messages are made from. ``zone`` is that of assets without a site."""

    register: Register
    rulebook: Rulebook
    zone: ZoneInfo


def compose(
    event: str, rule: Rule, subject: str, state: AlertState, evidence: Evidence, context: Context
) -> Message:
    """The message of an alert that is ``firing`` or ``resolved``."""
    asset = subject.partition("/")[0]
    name = _name(context.register, asset)
    zone = zone_of(context.register, asset, context.zone)
    title = _both(
        lambda lang: (
            f"[{_EVENTS[event].in_language(lang)}] {rule.title.in_language(lang)}"
            f"{'：' if lang == 'zh' else ': '}{name.in_language(lang)}"
        )
    )
    lines = (
        _where(context.register, asset, name),
        _figures(rule, subject, state, evidence, context),
        *_times(state, zone),
        *_clauses(rule, subject, context.rulebook),
        _labelled("建议", "Advice", rule.advice),
    )
    return Message(title, _both(lambda lang: "\n".join(t.in_language(lang) for t in lines)))


def _both(of: Callable[[str], str]) -> Text:
    return Text(of("zh"), of("en"))


def _labelled(zh: str, en: str, text: Text) -> Text:
    return Text(f"{zh}：{text.zh}", f"{en}: {text.en}")


def _name(register: Register, code: str) -> Text:
    asset = register.assets.get(code)
    return Text(asset.name_zh, asset.name_en) if asset else Text(code, code)


def _where(register: Register, code: str, name: Text) -> Text:
    organisation = organisation_of(register, code)
    zh, en = f"{name.zh}（{code}）", f"{name.en} ({code})"
    if organisation is not None and organisation.code != code:
        zh, en = f"{zh}，{organisation.name_zh}", f"{en}, {organisation.name_en}"
    if organisation is not None and organisation.owner_zh:
        zh = f"{zh}；责任人：{organisation.owner_zh}"
    if organisation is not None and organisation.owner_en:
        en = f"{en}; owner: {organisation.owner_en}"
    return _labelled("对象", "Subject", Text(zh, en))


# --- how much --------------------------------------------------------------------------------------


def _figures(
    rule: Rule, subject: str, state: AlertState, evidence: Evidence, context: Context
) -> Text:
    if rule.input == SILENCE:
        text = _silence(rule, state, evidence, context, subject)
    elif rule.input.startswith("quota_") and "/" in subject:
        text = _quota(subject, evidence, context.rulebook)
    elif rule.input.startswith("carbon_") and "/" in subject:
        text = _carbon(subject, evidence, context.rulebook)
    elif rule.input == "electricity_excess_pct":
        text = _excess(rule, state, evidence)
    else:
        text = _plain(rule, state)
    return _labelled("情况", "Figures", text)


def _number(value: float | str | None) -> str:
    return f"{value:,.1f}" if isinstance(value, float | int) else "?"


def _quota(subject: str, evidence: Evidence, rulebook: Rulebook) -> Text:
    quota_id, year = _account(subject)
    quota = rulebook.quotas.get(quota_id)
    unit = next((u for u in _UNITS if f"quota_used_{u}" in evidence), "")
    factors = rulebook.factor_sets.get(quota.factor_set) if quota else None
    basis = _BASES.get(factors.electricity_basis) if factors and unit == "kgce" else None
    shown = _both(lambda lang: _UNITS.get(unit, "") + (basis.in_language(lang) if basis else ""))
    used, limit, projected = (
        _number(evidence.get(f"quota_{part}_{unit}")) for part in ("used", "limit", "projected")
    )
    share = _number(evidence.get("quota_share_pct"))
    projected_share = _number(evidence.get("quota_projected_share_pct"))
    title = quota.title if quota else Text(quota_id, quota_id)
    mark = _MARKS[quota.trust] if quota else Text("", "")
    return Text(
        f"{year} 年“{title.zh}”：已用 {used} {shown.zh}，约束值 {limit} {shown.zh}{mark.zh}，"
        f"已用 {share} %；预计全年 {projected} {shown.zh}，为约束值的 {projected_share} %",
        f"{year}, {title.en}: used {used} {shown.en} of the constraint value {limit} {shown.en}"
        f"{mark.en}, {share} %; projected for the year {projected} {shown.en},"
        f" {projected_share} % of it",
    )


def _carbon(subject: str, evidence: Evidence, rulebook: Rulebook) -> Text:
    target_id, year = _account(subject)
    target = rulebook.targets.get(target_id)
    used, limit, projected = (
        _number(evidence.get(f"carbon_{part}_kgco2")) for part in ("used", "limit", "projected")
    )
    share = _number(evidence.get("carbon_share_pct"))
    projected_share = _number(evidence.get("carbon_projected_share_pct"))
    title = target.title if target else Text(target_id, target_id)
    mark = _MARKS[target.trust] if target else Text("", "")
    return Text(
        f"{year} 年“{title.zh}”：已排放 {used} kgCO2，路径允许 {limit} kgCO2{mark.zh}，已用 {share} %；"
        f"预计全年 {projected} kgCO2，为允许值的 {projected_share} %",
        f"{year}, {title.en}: emitted {used} kgCO2 of the {limit} kgCO2 that the path allows"
        f"{mark.en}, {share} %; projected for the year {projected} kgCO2, {projected_share} % of it",
    )


def _account(subject: str) -> tuple[str, str]:
    """Quota or target, and year, of ``ASSET/ID/YEAR``."""
    _, _, rest = subject.partition("/")
    account, _, year = rest.rpartition("/")
    return account, year


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
    last = _local(datetime.fromisoformat(str(heard)), zone) if heard else "?"
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


# --- since when, under which clause -----------------------------------------------------------------


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _times(state: AlertState, zone: ZoneInfo) -> Sequence[Text]:
    lines = []
    if state.pending_since is not None:
        since = _local(state.pending_since, zone)
        lines.append(_labelled("起始", "Since", Text(since, since)))
    if state.resolved_at is not None:
        until = _local(state.resolved_at, zone)
        lines.append(_labelled("解除", "Resolved", Text(until, until)))
    return lines


def _clauses(rule: Rule, subject: str, rulebook: Rulebook) -> Sequence[Text]:
    """The rule's clause, and that of the quota or target that it holds against."""
    account, _ = _account(subject)
    basis = rulebook.quotas.get(account) or rulebook.targets.get(account)
    cited = [rule.cites] + ([basis.cites] if basis and basis.cites != rule.cites else [])
    return [_labelled("依据", "Under", _clause(cites, rulebook)) for cites in cited]


def _clause(cites: Citation, rulebook: Rulebook) -> Text:
    try:
        instrument, clause = rulebook.clause(cites)
    except NotFoundError:
        return Text(f"{cites.instrument} {cites.clause}", f"{cites.instrument} {cites.clause}")
    mark = _MARKS[clause.trust]
    title = instrument.title
    number = "" if instrument.number == title.zh else instrument.number
    return Text(
        f"《{title.zh}》{f'（{number}）' if number else ''}{clause.name.zh}：{clause.text.zh}{mark.zh}",
        f"{title.en}{f' ({number})' if number else ''}, {clause.name.en}:"
        f" {clause.text.en}{mark.en}",
    )
