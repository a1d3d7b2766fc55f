"""Nodes of the section ``inhibitions`` → which cases make others superfluous."""

from collections.abc import Collection, Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import SEVERITIES
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.inhibitions import EQUAL, Inhibition, Side
from quotawatt.rulebook.schema import Problems

_FINDING = "finding:"
_KEYS = ("id", "title", "source", "target", "equal")


def parse_inhibition(node: yaml.Node, problems: Problems) -> Iterator[Located[Inhibition]]:
    """One inhibition."""
    found = schema.fields(node, problems, "an inhibition", _KEYS)
    if not schema.complete(found, _KEYS):
        return
    equal = _words(found["equal"], problems, "equal", EQUAL)
    if not equal:
        # Else one case anywhere would keep everybody from hearing of all others.
        problems.note(
            found["equal"], "equal must name what both share", schema.shown(found["equal"])
        )
    inhibition = Inhibition(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        source=_side(found["source"], problems, "source"),
        target=_side(found["target"], problems, "target"),
        equal=equal,
    )
    yield Located(inhibition, problems.place(node))


def check_inhibitions(draft: Draft) -> Iterator[str]:
    """Rules that are named must be those of the rulebook."""
    known = draft.ids("rules")
    for entry in draft.of("inhibitions"):
        for rule in (*entry.value.source.rules, *entry.value.target.rules):
            if rule not in known and not rule.startswith(_FINDING):
                yield f"{entry.place}: an inhibition must name rules of the rulebook, got {rule}"


def _side(node: yaml.Node, problems: Problems, what: str) -> Side:
    found = schema.fields(node, problems, what, (), ("rules", "severities"))
    rules = schema.items(found["rules"], problems, "rules") if "rules" in found else []
    severities: tuple[str, ...] = ()
    if "severities" in found:
        severities = _words(found["severities"], problems, "severities", SEVERITIES)
    if isinstance(node, yaml.MappingNode) and not rules and not severities:
        problems.note(node, f"{what} must name rules or severities", "neither")
    return Side(tuple(schema.text(n, problems, "a rule") for n in rules), severities)


def _words(
    node: yaml.Node, problems: Problems, what: str, allowed: Collection[str]
) -> tuple[str, ...]:
    nodes = schema.items(node, problems, what)
    return tuple(schema.choice(n, problems, f"a word of {what}", allowed) for n in nodes)
