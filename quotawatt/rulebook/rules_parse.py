"""Nodes of the section ``rules`` → alert rules."""

from collections.abc import Iterator
from datetime import timedelta

import yaml

from quotawatt.measures import MEASURES
from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Trust
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.model import Rule
from quotawatt.rulebook.schema import Problems

SILENCE = "silence_h"
"""Input of rules that is no measure: hours since the last reading."""

SEVERITIES = ("info", "warning", "critical")


def parse_rule(node: yaml.Node, problems: Problems) -> Iterator[Located[Rule]]:
    """One alert rule."""
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
    yield Located(rule, problems.place(node))


def _input(node: yaml.Node, problems: Problems) -> str:
    name = schema.text(node, problems, "input")
    if name and name != SILENCE and name not in MEASURES:
        problems.note(node, f"input must be a measure of docs/nomenclature.md or {SILENCE}", name)
    return name
