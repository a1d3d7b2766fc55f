"""Nodes of a pack → values of the rulebook, each with the place it was written at."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

import yaml

from quotawatt.measures import MEASURES
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.factors import parse_factor_set, parse_grid_table
from quotawatt.rulebook.indicators import CARBON_PER_AREA, HEADCOUNT, INDICATORS, Indicator
from quotawatt.rulebook.model import (
    Clause,
    Instrument,
    Quota,
    Rule,
    Selector,
    Target,
    Text,
    Tier,
    Trust,
)
from quotawatt.rulebook.norms_parse import (
    parse_asset_kind,
    parse_idle_rule,
    parse_norm,
    parse_score,
)
from quotawatt.rulebook.schema import Fields, Problems

SILENCE = "silence_h"
"""Input of rules that is no measure: hours since the last reading."""

STATUSES = ("in_force", "amended", "repealed", "superseded", "demo")
LEVELS = ("province", "city", "county")
SEVERITIES = ("info", "warning", "critical")


def parse_pack(root: yaml.Node, draft: Draft, problems: Problems) -> None:
    """Add what a pack holds to the draft; what is wrong goes to ``problems``."""
    found = schema.fields(root, problems, "a pack", (), tuple(_SECTIONS))
    for name, node in found.items():
        for entry in schema.items(node, problems, name):
            _SECTIONS[name](entry, draft, problems)


def _instrument(node: yaml.Node, draft: Draft, problems: Problems) -> None:
    keys = ("id", "title", "number", "issuer", "jurisdiction", "effective_from", "effective_until")
    found = schema.fields(
        node, problems, "an instrument", (*keys, "status", "trust", "source", "clauses")
    )
    if not schema.complete(found, (*keys, "status", "trust", "source", "clauses")):
        return
    clauses = [_clause(c, problems) for c in schema.items(found["clauses"], problems, "clauses")]
    by_number: dict[str, Clause] = {}
    for clause in clauses:
        if clause.number in by_number:
            problems.note(
                found["clauses"], "an instrument must number each clause once", clause.number
            )
        by_number[clause.number] = clause
    first = schema.day(found["effective_from"], problems, "effective_from")
    until = schema.day(found["effective_until"], problems, "effective_until")
    if first and until and until <= first:
        problems.note(
            found["effective_until"], "effective_until must be after effective_from", until
        )
    instrument = Instrument(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        number=schema.text(found["number"], problems, "number"),
        issuer=schema.both_languages(found["issuer"], problems, "issuer"),
        jurisdiction=schema.identifier(found["jurisdiction"], problems, "jurisdiction"),
        effective_from=first,
        effective_until=until,
        status=schema.choice(found["status"], problems, "status", STATUSES),
        trust=schema.trust(found["trust"], problems),
        source=schema.text(found["source"], problems, "source"),
        clauses=by_number,
    )
    draft.instruments.append(Located(instrument, problems.place(node)))


def _clause(node: yaml.Node, problems: Problems) -> Clause:
    found = schema.fields(node, problems, "a clause", ("number", "text", "trust"), ("label",))
    if not schema.complete(found, ("number", "text", "trust")):
        return Clause("", Text("", ""), Trust.UNVERIFIED)
    return Clause(
        number=schema.word(found["number"], problems, "clause number"),
        text=schema.both_languages(found["text"], problems, "clause text"),
        trust=schema.trust(found["trust"], problems),
        label=schema.both_languages(found["label"], problems, "clause label")
        if "label" in found
        else None,
    )


def _quota(node: yaml.Node, draft: Draft, problems: Problems) -> None:
    keys = ("id", "title", "cites", "indicator", "unit", "selectors", "tiers", "trust")
    found = schema.fields(node, problems, "a quota", keys, ("factor_set", "headcount_components"))
    if not schema.complete(found, keys):
        return
    name = schema.choice(found["indicator"], problems, "indicator", tuple(INDICATORS))
    indicator = INDICATORS[name]
    unit = schema.text(found["unit"], problems, "unit")
    if unit != indicator.unit:
        problems.note(found["unit"], f"the unit of {name} must be {indicator.unit}", unit)
    if indicator.converts and "factor_set" not in found:
        problems.note(node, "a quota in coal equivalent must have factor_set", "none")
    quota = Quota(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        indicator=name,
        unit=unit,
        denominator=indicator.denominator,
        headcount_components=_components(node, found, indicator, problems),
        factor_set=schema.identifier(found["factor_set"], problems, "factor_set")
        if "factor_set" in found
        else "",
        selectors=tuple(_selectors(found["selectors"], indicator, problems)),
        tiers=_tiers(found["tiers"], problems),
        trust=schema.trust(found["trust"], problems),
    )
    draft.quotas.append(Located(quota, problems.place(node)))


def _components(
    node: yaml.Node, found: Fields, indicator: Indicator, problems: Problems
) -> tuple[str, ...]:
    listed = found.get("headcount_components")
    if (indicator.denominator == HEADCOUNT) != (listed is not None):
        rule = "a quota must have headcount_components where it is per head, and only there"
        problems.note(node, rule, indicator.name)
    if listed is None:
        return ()
    names = schema.items(listed, problems, "headcount_components")
    return tuple(schema.text(n, problems, "a headcount component") for n in names)


def _selectors(node: yaml.Node, indicator: Indicator, problems: Problems) -> Iterator[Selector]:
    entries = schema.items(node, problems, "selectors")
    if not entries:
        problems.note(node, "a quota must have a selector", "none")
    for entry in entries:
        found = schema.fields(
            entry, problems, "a selector", ("asset",), ("kind", "level", "zone", "province")
        )
        if "asset" not in found:
            continue
        values: dict[str, str] = {
            key: schema.text(found[key], problems, key)
            for key in ("kind", "zone", "province")
            if key in found
        }
        if "level" in found:
            values["level"] = schema.choice(found["level"], problems, "level", LEVELS)
        what = f"the asset of {indicator.name}"
        asset = schema.choice(found["asset"], problems, what, indicator.assets)
        yield Selector(asset=asset, **values)


def _tiers(node: yaml.Node, problems: Problems) -> dict[Tier, float]:
    """Values by tier; each must be below the one before it, or being over would mean nothing."""
    found = schema.fields(node, problems, "tiers", ("constraint",), ("baseline", "guidance"))
    tiers = {
        tier: schema.number(found[tier.value], problems, tier.value, 0.001, 1e6)
        for tier in Tier
        if tier.value in found
    }
    values = list(tiers.values())
    if any(b >= a for a, b in pairwise(values)):
        shown = ", ".join(f"{tier.value} {value:g}" for tier, value in tiers.items())
        problems.note(node, "tiers must fall from constraint to baseline to guidance", shown)
    return tiers


def _target(node: yaml.Node, draft: Draft, problems: Problems) -> None:
    keys = ("id", "title", "cites", "measure", "factor_set", "base_year", "target_year")
    found = schema.fields(node, problems, "a target", (*keys, "reduction_pct", "trust"))
    if not schema.complete(found, (*keys, "reduction_pct", "trust")):
        return
    base_year = schema.year(found["base_year"], problems, "base_year")
    target_year = schema.year(found["target_year"], problems, "target_year")
    if target_year <= base_year:
        problems.note(found["target_year"], "target_year must be after base_year", target_year)
    target = Target(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        measure=schema.choice(found["measure"], problems, "measure", (CARBON_PER_AREA,)),
        factor_set=schema.identifier(found["factor_set"], problems, "factor_set"),
        base_year=base_year,
        target_year=target_year,
        # Up to but not all of it: what is left is divided by.
        reduction_pct=schema.number(found["reduction_pct"], problems, "reduction_pct", 0, 99.9),
        trust=schema.trust(found["trust"], problems),
    )
    draft.targets.append(Located(target, problems.place(node)))


def _rule(node: yaml.Node, draft: Draft, problems: Problems) -> None:
    keys = ("id", "title", "cites", "input", "above", "for", "severity", "advice")
    found = schema.fields(
        node, problems, "a rule", keys, ("clear_below", "keep_firing_for", "trust")
    )
    if not schema.complete(found, keys):
        return
    above = schema.number(found["above"], problems, "above")
    clear_below = above
    if "clear_below" in found:
        clear_below = schema.number(found["clear_below"], problems, "clear_below")
        if clear_below > above:
            problems.note(
                found["clear_below"], f"clear_below must be at most {above:g}", clear_below
            )
    keep = found.get("keep_firing_for")
    rule = Rule(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        input=_input(found["input"], problems),
        above=above,
        clear_below=clear_below,
        for_=schema.duration(found["for"], problems, "for"),
        keep_firing_for=schema.duration(keep, problems, "keep_firing_for")
        if keep
        else timedelta(0),
        severity=schema.choice(found["severity"], problems, "severity", SEVERITIES),
        advice=schema.both_languages(found["advice"], problems, "advice"),
        trust=schema.trust(found["trust"], problems) if "trust" in found else Trust.UNVERIFIED,
    )
    draft.rules.append(Located(rule, problems.place(node)))


def _input(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "input")
    if name and name != SILENCE and name not in MEASURES:
        problems.note(node, f"input must be a measure of docs/nomenclature.md or {SILENCE}", name)
    return name


_SECTIONS: Mapping[str, Callable[[yaml.Node, Draft, Problems], None]] = {
    "instruments": _instrument,
    "factor_sets": parse_factor_set,
    "grid_factors": parse_grid_table,
    "quotas": _quota,
    "targets": _target,
    "rules": _rule,
    "norms": parse_norm,
    "asset_kinds": parse_asset_kind,
    "idle_rules": parse_idle_rule,
    "scores": parse_score,
}
