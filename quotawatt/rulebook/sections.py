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
from quotawatt.rulebook.assessment_parse import (
    check_assessment,
    parse_benchmark,
    parse_ranking,
    parse_scheme,
)
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.factors import check_factor_sets, parse_factor_set, parse_grid_table
from quotawatt.rulebook.forms_parse import parse_form
from quotawatt.rulebook.indicators_parse import (
    check_heating_seasons,
    check_indicators,
    parse_heating_seasons,
    parse_indicator,
    parse_item_purpose,
)
from quotawatt.rulebook.instruments_parse import parse_instrument
from quotawatt.rulebook.norms_parse import (
    check_kinds,
    parse_asset_kind,
    parse_idle_rule,
    parse_norm,
    parse_score,
)
from quotawatt.rulebook.quotas_parse import check_quotas, parse_quota
from quotawatt.rulebook.rules_parse import parse_rule
from quotawatt.rulebook.schema import Problems
from quotawatt.rulebook.scorecards_parse import check_scorecards, parse_scorecard
from quotawatt.rulebook.set_points_parse import parse_set_point
from quotawatt.rulebook.targets_parse import check_targets, parse_target
from quotawatt.rulebook.tariff_tables_parse import parse_agent_prices, parse_power_factor_table
from quotawatt.rulebook.tariffs_parse import check_tariffs, parse_tariff

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

    check
        What is wrong between its entries and those of all sections, as ``file:line: rule, got value``. It
        sees the whole draft, with the periods in which entries are in force.
    key
        What tells entries apart; versions have the same.
    dated
        Whether entries may say when they are in force; not where they say it by themselves.
    """

    name: str
    parse: Parse
    check: Check = _nothing
    key: Callable[[Any], str] = _by_id
    dated: bool = True


SECTIONS: Sequence[Section] = (
    Section(INSTRUMENTS, parse_instrument, dated=False),
    Section("factor_sets", parse_factor_set, check_factor_sets),
    Section(GRID_FACTORS, parse_grid_table, key=lambda f: f"{f.region} {f.year}", dated=False),
    Section("item_purposes", parse_item_purpose),
    Section("indicators", parse_indicator, check_indicators),
    Section("heating_seasons", parse_heating_seasons, check_heating_seasons),
    Section("quotas", parse_quota, check_quotas),
    Section("targets", parse_target, check_targets),
    Section("scorecards", parse_scorecard, check_scorecards),
    Section("rules", parse_rule),
    Section("set_points", parse_set_point),
    Section("norms", parse_norm, check_kinds),
    Section("asset_kinds", parse_asset_kind),
    Section("idle_rules", parse_idle_rule, check_kinds),
    Section("scores", parse_score),
    Section("rankings", parse_ranking, check_assessment),
    Section("benchmarks", parse_benchmark, check_assessment),
    Section("schemes", parse_scheme, check_assessment),
    Section("tariffs", parse_tariff, check_tariffs),
    Section("agent_prices", parse_agent_prices, dated=False),
    Section("power_factor_tables", parse_power_factor_table),
    Section("forms", parse_form),
)


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
