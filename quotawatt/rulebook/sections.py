"""The sections of packs: one line each. Who adds a section adds its values, its parser and a line here.

A parser reads one entry of a section's list: ``parse(node, problems)`` gives the entry's values, each with
its place (``Located``); it may give several or none. What is wrong goes to ``problems``; a parser never
raises. The keys ``effective_from`` and ``effective_until`` are taken off before it sees the entry.
``Rulebook`` has a field of the section's name, from id to value. Modules of values import texts, trust marks
and citations from ``basics`` and never from ``model``, which imports them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.announced_parse import check_calendars, parse_calendar
from quotawatt.rulebook.assessment_parse import (
    check_assessment,
    parse_benchmark,
    parse_ranking,
    parse_scheme,
)
from quotawatt.rulebook.assumptions_parse import parse_assumption
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.driver_scores_parse import parse_driver_score
from quotawatt.rulebook.factors import check_factor_sets, parse_factor_set, parse_grid_table
from quotawatt.rulebook.forms_parse import parse_form
from quotawatt.rulebook.heating_parse import (
    check_heating_dates,
    check_heating_seasons,
    parse_heating_dates,
    parse_heating_seasons,
)
from quotawatt.rulebook.indicators_parse import (
    check_indicators,
    parse_indicator,
    parse_item_purpose,
)
from quotawatt.rulebook.inhibitions_parse import check_inhibitions, parse_inhibition
from quotawatt.rulebook.instruments_parse import parse_instrument
from quotawatt.rulebook.norms_parse import (
    check_kinds,
    parse_asset_kind,
    parse_idle_rule,
    parse_norm,
)
from quotawatt.rulebook.quotas_parse import check_quotas, parse_quota
from quotawatt.rulebook.routes_parse import check_routes, parse_route
from quotawatt.rulebook.rules_parse import parse_rule
from quotawatt.rulebook.schema import Problems
from quotawatt.rulebook.scorecards_parse import check_scorecards, parse_scorecard
from quotawatt.rulebook.scores_parse import parse_score
from quotawatt.rulebook.set_points_parse import parse_set_point
from quotawatt.rulebook.targets_parse import check_targets, parse_target
from quotawatt.rulebook.tariff_tables_parse import parse_agent_prices, parse_power_factor_table
from quotawatt.rulebook.tariffs_parse import check_tariffs, parse_tariff
from quotawatt.rulebook.vehicle_rules_parse import check_vehicle_rules, parse_vehicle_rule

Parse = Callable[[yaml.Node, Problems], Iterable[Located[Any]]]
Check = Callable[[Draft], Iterable[str]]

INSTRUMENTS = "instruments"
GRID_FACTORS = "grid_factors"
PERIOD = ("effective_from", "effective_until")


def _nothing(_: Draft) -> Iterable[str]:
    return ()


def _by_id(value: Any) -> str:
    return str(value.id)


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    title
        What people call one entry.
    check
        What is wrong between its entries and those of all sections, as ``file:line: rule, got value``. It
        sees the whole draft, with the periods in which entries are in force.
    key
        What tells entries apart; versions have the same.
    dated
        Whether entries may say when they are in force; not where they say it by themselves.
    """

    name: str
    title: Text
    parse: Parse
    check: Check = _nothing
    key: Callable[[Any], str] = _by_id
    dated: bool = True


SECTIONS: Sequence[Section] = (
    Section(INSTRUMENTS, Text("法规标准", "instrument"), parse_instrument, dated=False),
    Section("factor_sets", Text("折算系数", "factor set"), parse_factor_set, check_factor_sets),
    Section(
        GRID_FACTORS,
        Text("电网因子", "grid factor"),
        parse_grid_table,
        key=lambda f: f"{f.region} {f.year}",
        dated=False,
    ),
    Section("item_purposes", Text("分项用途", "purpose of items"), parse_item_purpose),
    Section("indicators", Text("指标", "indicator"), parse_indicator, check_indicators),
    Section(
        "heating_seasons",
        Text("供暖季", "heating seasons"),
        parse_heating_seasons,
        check_heating_seasons,
    ),
    Section(
        "heating_dates",
        Text("供暖起止日", "dates of a heating season"),
        parse_heating_dates,
        check_heating_dates,
    ),
    Section("quotas", Text("定额", "quota"), parse_quota, check_quotas),
    Section("targets", Text("目标", "target"), parse_target, check_targets),
    Section("scorecards", Text("评价评分表", "scorecard"), parse_scorecard, check_scorecards),
    Section("assumptions", Text("测算假设", "assumption"), parse_assumption),
    Section("rules", Text("告警规则", "alert rule"), parse_rule),
    Section(
        "calendars",
        Text("工作日历", "working calendar"),
        parse_calendar,
        check_calendars,
        dated=False,
    ),
    Section("set_points", Text("室温限值", "set point"), parse_set_point),
    Section(
        "vehicle_rules",
        Text("用车规则", "rule for vehicles"),
        parse_vehicle_rule,
        check_vehicle_rules,
    ),
    Section("norms", Text("实物定额", "norm"), parse_norm, check_kinds),
    Section("asset_kinds", Text("资产类别", "kind of asset"), parse_asset_kind),
    Section("idle_rules", Text("闲置规则", "idle rule"), parse_idle_rule, check_kinds),
    Section("scores", Text("资产评分办法", "asset score"), parse_score),
    Section("driver_scores", Text("司勤评价办法", "driver score"), parse_driver_score),
    Section("rankings", Text("排名", "ranking"), parse_ranking, check_assessment),
    Section("benchmarks", Text("对标值", "benchmark"), parse_benchmark, check_assessment),
    Section("schemes", Text("考核办法", "assessment scheme"), parse_scheme, check_assessment),
    Section("tariffs", Text("价格", "tariff"), parse_tariff, check_tariffs),
    Section("agent_prices", Text("代理购电价", "agent price"), parse_agent_prices, dated=False),
    Section(
        "power_factor_tables", Text("力调电费表", "power-factor table"), parse_power_factor_table
    ),
    Section("forms", Text("统计报表", "form"), parse_form),
    Section("inhibitions", Text("告警抑制", "inhibition"), parse_inhibition, check_inhibitions),
    Section("routes", Text("通知路由", "route"), parse_route, check_routes),
)


def section_title(name: str) -> Text:
    """What people call an entry of a section."""
    return next((s.title for s in SECTIONS if s.name == name), Text(name, name))


def parse_pack(root: yaml.Node, draft: Draft, problems: Problems) -> None:
    """Add what a pack holds to the draft; what is wrong goes to ``problems``."""
    known = {section.name: section for section in SECTIONS}
    found = schema.fields(root, problems, "a pack", (), tuple(known))
    for name, node in found.items():
        for entry in schema.items(node, problems, name):
            draft.add(name, _entry(entry, known[name], problems))


def _entry(node: yaml.Node, section: Section, problems: Problems) -> Iterable[Located[Any]]:
    if not section.dated or not isinstance(node, yaml.MappingNode):
        return section.parse(node, problems)
    first, until = _period(node, problems)
    located = section.parse(_without_period(node), problems)
    return [replace(x, effective_from=first, effective_until=until) for x in located]


def _period(node: yaml.MappingNode, problems: Problems) -> tuple[date | None, date | None]:
    said: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if _is_period(key) and key.value in said:
            problems.note(key, "an entry must have each key once", key.value)
        elif _is_period(key):
            said[key.value] = value
    days = [schema.day(said[name], problems, name) if name in said else None for name in PERIOD]
    first, until = days
    if first and until and until <= first:
        problems.note(
            said["effective_until"], "effective_until must be after effective_from", until
        )
        return first, None
    return first, until


def _without_period(node: yaml.MappingNode) -> yaml.MappingNode:
    kept = [(key, value) for key, value in node.value if not _is_period(key)]
    return yaml.MappingNode(node.tag, kept, node.start_mark, node.end_mark, node.flow_style)


def _is_period(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value in PERIOD
