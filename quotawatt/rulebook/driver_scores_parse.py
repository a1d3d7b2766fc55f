"""Nodes of the section ``driver_scores`` → schemes by which the service of drivers is scored."""

from collections.abc import Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.driver_scores import DRIVER_PARTS, DriverPart, DriverScheme
from quotawatt.rulebook.schema import Problems

_PUNCTUAL = "punctual_pct"


def parse_driver_score(node: yaml.Node, problems: Problems) -> Iterator[Located[DriverScheme]]:
    """One scheme of scoring."""
    keys = ("id", "title", "least_known_pct", "least_km", "least_orders", "parts", "trust")
    found = schema.fields(node, problems, "a driver score", keys)
    if not schema.complete(found, keys):
        return
    parts = [_part(n, problems) for n in schema.items(found["parts"], problems, "parts")]
    bases = [part.basis for part in parts if part is not None]
    if len(set(bases)) != len(bases):
        rule = "a driver score must have each part once"
        problems.note(found["parts"], rule, ", ".join(bases))
    scheme = DriverScheme(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        least_known_pct=schema.number(
            found["least_known_pct"], problems, "least_known_pct", 0, 100
        ),
        least_km=schema.number(found["least_km"], problems, "least_km", 0, 100_000),
        least_orders=schema.number(found["least_orders"], problems, "least_orders", 1, 1000),
        parts=tuple(part for part in parts if part is not None),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(scheme, problems.place(node))


def _part(node: yaml.Node, problems: Problems) -> DriverPart | None:
    keys = ("basis", "title", "weight", "none_at", "full_at")
    found = schema.fields(node, problems, "a part of a driver score", keys, ("grace_minutes",))
    if not schema.complete(found, keys):
        return None
    basis = schema.choice(found["basis"], problems, "basis", DRIVER_PARTS)
    if ("grace_minutes" in found) != (basis == _PUNCTUAL):
        rule = f"grace_minutes must be given for {_PUNCTUAL}, and only there"
        problems.note(node, rule, basis)
    none_at, full_at = (schema.number(found[n], problems, n, 0, 1000) for n in keys[3:])
    if none_at == full_at:
        problems.note(node, "none_at and full_at must differ", str(full_at))
        return None
    return DriverPart(
        basis=basis,
        title=schema.both_languages(found["title"], problems, "title"),
        weight=schema.number(found["weight"], problems, "weight", 0.1, 100),
        none_at=none_at,
        full_at=full_at,
        grace_minutes=schema.number(found["grace_minutes"], problems, "grace_minutes", 0, 1440)
        if "grace_minutes" in found
        else 0.0,
    )
