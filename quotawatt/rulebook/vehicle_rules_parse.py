"""Nodes of the section ``vehicle_rules`` → rules for the use of vehicles."""

from collections.abc import Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
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
_LISTS = ("except_kinds", "organisations", "replaces")


def parse_vehicle_rule(node: yaml.Node, problems: Problems) -> Iterator[Located[VehicleRule]]:
    """One rule."""
    found = schema.fields(node, problems, "a vehicle rule", _KEYS, _LISTS)
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
        except_kinds=_listed(found, "except_kinds", problems),
        organisations=_listed(found, "organisations", problems),
        replaces=_listed(found, "replaces", problems),
    )
    yield Located(rule, problems.place(node))


def check_vehicle_rules(draft: Draft) -> Iterator[str]:
    """Rules that stand in for one that is not there, or looks at something else."""
    checks = {entry.value.id: entry.value.check for entry in draft.of("vehicle_rules")}
    for entry in draft.of("vehicle_rules"):
        rule: VehicleRule = entry.value
        for name in rule.replaces:
            if name == rule.id or checks.get(name) is not rule.check:
                yield (
                    f"{entry.place}: replaces must name other rules for vehicles of the check "
                    f"{rule.check}, got {name}"
                )


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


def _listed(found: Fields, name: str, problems: Problems) -> tuple[str, ...]:
    if name not in found:
        return ()
    nodes = schema.items(found[name], problems, name)
    return tuple(schema.text(node, problems, f"an entry of {name}") for node in nodes)
