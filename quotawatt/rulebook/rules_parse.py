"""Nodes of the section ``rules`` → alert rules."""

from collections.abc import Iterator
from datetime import timedelta

import yaml

from quotawatt.measures import MEASURES
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.readings import Grain
from quotawatt.register.finding_texts import finding_texts
from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import (
    OF_SILENCE,
    REGISTER_FIGURES,
    SEVERITIES,
    AppliesTo,
    CasePolicy,
    Direction,
    Flapping,
    Judged,
    Rule,
    Source,
    When,
)
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.rules_parts_parse import (
    parse_applies_to,
    parse_case,
    parse_flapping,
    parse_judged,
    parse_offers,
    parse_when,
)
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.thresholds_parse import THRESHOLD_KEYS, Thresholds, parse_thresholds

KEYS = ("id", "title", "cites", "input", "for", "severity", "advice")
OPTIONAL = (
    *("from", "grain", "per", *THRESHOLD_KEYS, "levels", "keep_firing_for", "judges"),
    *("applies_to", "during", "flapping", "case", "offers", "trust"),
)

# Keys that say nothing where the input is of another source.
_ONLY_RESULTS = ("grain", "per")
_NOT_FINDINGS = (*THRESHOLD_KEYS, "levels", "judges", "during")

_FLAPPING = Flapping(4, timedelta(hours=24))
"""Of rules that look oftener than once a day, where they say nothing else."""


def parse_rule(node: yaml.Node, problems: Problems) -> Iterator[Located[Rule]]:
    """One alert rule."""
    found = schema.fields(node, problems, "a rule", KEYS, OPTIONAL)
    if not schema.complete(found, KEYS):
        return
    source = _source(found, problems)
    _check_keys(found, source, problems)
    name = _INPUTS[source](found["input"], problems)
    grain = Grain.DAY
    if "grain" in found:
        grain = Grain(schema.choice(found["grain"], problems, "grain", tuple(Grain)))
    severity = schema.choice(found["severity"], problems, "severity", SEVERITIES)
    limits = _limits(node, found, source, severity, problems)
    _check_reachable(found, source, name, limits, problems)
    rule = Rule(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        input=name,
        threshold=limits.threshold,
        clear=limits.clear,
        for_=schema.duration(found["for"], problems, "for"),
        keep_firing_for=_keep(found, problems),
        severity=severity,
        advice=schema.both_languages(found["advice"], problems, "advice"),
        trust=schema.trust(found["trust"], problems) if "trust" in found else Trust.UNVERIFIED,
        direction=limits.direction,
        source=source,
        grain=grain,
        per=_per(found, name, problems),
        levels=limits.levels,
        judges=parse_judged(found["judges"], limits.extent, problems)
        if "judges" in found
        else Judged(),
        applies_to=parse_applies_to(found["applies_to"], problems)
        if "applies_to" in found
        else AppliesTo(),
        during=parse_when(found["during"], problems) if "during" in found else When(),
        flapping=_flapping(found, source, grain, problems),
        case=parse_case(found["case"], problems) if "case" in found else CasePolicy(),
        offers=parse_offers(found["offers"], problems) if "offers" in found else (),
    )
    yield Located(rule, problems.place(node))


def _source(found: Fields, problems: Problems) -> Source:
    if "from" not in found:
        return Source.RESULTS
    return Source(schema.choice(found["from"], problems, "from", tuple(Source)))


def _check_keys(found: Fields, source: Source, problems: Problems) -> None:
    """Note the keys that this source has no use for."""
    silence = found["input"].value if found["input"].value in OF_SILENCE else ""
    unused: dict[str, str] = {}
    if source is not Source.RESULTS or silence:
        what = silence if source is Source.RESULTS else f"from: {source}"
        unused |= dict.fromkeys(_ONLY_RESULTS, what)
    if source is Source.FINDINGS:
        unused |= dict.fromkeys(_NOT_FINDINGS, f"from: {source}")
    elif source is Source.RESULTS and silence:
        unused |= dict.fromkeys(("below", "clear_above", "judges", "during"), silence)
    for key, what in unused.items():
        if key in found:
            problems.note(found[key], f"a rule with {what} must not have {key}", _said(found[key]))


def _result(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "input")
    if name and name not in OF_SILENCE and name not in MEASURES:
        others = " or ".join(OF_SILENCE)
        problems.note(node, f"input must be a measure of docs/nomenclature.md or {others}", name)
    return name


def _quantity(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "input")
    if name and (name not in QUANTITIES or QUANTITIES[name].kind is Kind.COUNTER):
        problems.note(
            node, "input must be a gauge or state of docs/nomenclature.md (from: readings)", name
        )
    return name


def _finding(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "input")
    if name and name not in finding_texts():
        problems.note(node, "input must be the code of a finding (from: findings)", name)
    return name


_INPUTS = {Source.RESULTS: _result, Source.READINGS: _quantity, Source.FINDINGS: _finding}


def _limits(
    node: yaml.Node, found: Fields, source: Source, severity: str, problems: Problems
) -> Thresholds:
    if source is Source.FINDINGS:
        return Thresholds(Direction.ABOVE, 0.0, 0.0)
    return parse_thresholds(node, found, severity, problems)


def _check_reachable(
    found: Fields, source: Source, name: str, limits: Thresholds, problems: Problems
) -> None:
    """A reading outside its plausible range is not used: nothing can lie beyond a threshold there."""
    quantity = QUANTITIES.get(name)
    key = limits.direction.value
    if source is not Source.READINGS or quantity is None or key not in found:
        return
    end = quantity.high if limits.direction is Direction.ABOVE else quantity.low
    for limit in (limits.threshold, *(level.threshold for level in limits.levels)):
        if not limits.direction.beyond(end, limit):
            rule = f"{key} must leave room within the plausible range of {name}, "
            problems.note(found[key], f"{rule}{quantity.low:g} to {quantity.high:g}", f"{limit:g}")


def _keep(found: Fields, problems: Problems) -> timedelta:
    if "keep_firing_for" not in found:
        return timedelta(0)
    return schema.duration(found["keep_firing_for"], problems, "keep_firing_for")


def _per(found: Fields, name: str, problems: Problems) -> str:
    if "per" not in found:
        return ""
    per = schema.text(found["per"], problems, "per")
    if per and per not in MEASURES and per not in REGISTER_FIGURES:
        figures = ", ".join(REGISTER_FIGURES)
        problems.note(
            found["per"], f"per must be a measure of docs/nomenclature.md or one of {figures}", per
        )
    if per == name:
        problems.note(found["per"], "per must not be the input itself", per)
    return per


def _flapping(found: Fields, source: Source, grain: Grain, problems: Problems) -> Flapping | None:
    if "flapping" in found:
        return parse_flapping(found["flapping"], problems)
    often = source is Source.READINGS or (source is Source.RESULTS and grain is Grain.HOUR)
    return _FLAPPING if often else None


def _said(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else schema.shown(node)
