"""Nodes of the section ``vehicle_rules`` → rules for the use of vehicles."""

from collections.abc import Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.vehicle_rules import (
    PARAMETERS,
    Check,
    Clock,
    Kind,
    Number,
    Value,
    VehicleRule,
)

_KEYS = ("id", "title", "cites", "check", "parameters", "trust")


def parse_vehicle_rule(node: yaml.Node, problems: Problems) -> Iterator[Located[VehicleRule]]:
    """One rule."""
    found = schema.fields(node, problems, "a vehicle rule", _KEYS, ("except_kinds",))
    if not schema.complete(found, _KEYS):
        return
    check = Check(schema.choice(found["check"], problems, "check", tuple(Check)))
    rule = VehicleRule(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        check=check,
        parameters=_parameters(check, found["parameters"], problems),
        trust=schema.trust(found["trust"], problems),
        except_kinds=_kinds(found, problems),
    )
    yield Located(rule, problems.place(node))


def _parameters(check: Check, node: yaml.Node, problems: Problems) -> dict[str, Value]:
    wanted = PARAMETERS[check]
    given = schema.fields(node, problems, f"the parameters of {check}", tuple(wanted))
    return {
        name: _value(given[name], kind, name, problems)
        for name, kind in wanted.items()
        if name in given
    }


def _value(node: yaml.Node, kind: Kind, name: str, problems: Problems) -> Value:
    if isinstance(kind, Number):
        return schema.number(node, problems, name, kind.low, kind.high)
    if isinstance(kind, Clock):
        return schema.clock(node, problems, name)
    return schema.choice(node, problems, name, kind.words)


def _kinds(found: Fields, problems: Problems) -> tuple[str, ...]:
    if "except_kinds" not in found:
        return ()
    nodes = schema.items(found["except_kinds"], problems, "except_kinds")
    return tuple(schema.text(node, problems, "a kind") for node in nodes)
