"""Nodes of the section ``scores`` → schemes by which the care of assets is scored."""

from collections.abc import Iterator
from datetime import timedelta

import yaml

from quotawatt.register.rows import KINDS, columns
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.norms import PARTS, ScorePart, ScoreScheme
from quotawatt.rulebook.schema import Problems


def parse_score(node: yaml.Node, problems: Problems) -> Iterator[Located[ScoreScheme]]:
    """One scheme of scoring."""
    keys = ("id", "title", "least_known_pct", "parts", "trust")
    found = schema.fields(node, problems, "a score", keys)
    if not schema.complete(found, keys):
        return
    parts = [_part(n, problems) for n in schema.items(found["parts"], problems, "parts")]
    bases = [part.basis for part in parts if part is not None]
    if len(set(bases)) != len(bases):
        problems.note(found["parts"], "a score must have each part once", ", ".join(bases))
    scheme = ScoreScheme(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        least_known_pct=schema.number(
            found["least_known_pct"], problems, "least_known_pct", 0, 100
        ),
        parts=tuple(part for part in parts if part is not None),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(scheme, problems.place(node))


def _part(node: yaml.Node, problems: Problems) -> ScorePart | None:
    keys = ("basis", "title", "weight")
    found = schema.fields(node, problems, "a part of a score", keys, ("needed", "older_than"))
    if not schema.complete(found, keys):
        return None
    basis = schema.choice(found["basis"], problems, "basis", PARTS)
    for key, owner in (("needed", "register_complete"), ("older_than", "open_findings")):
        if (key in found) != (basis == owner):
            problems.note(node, f"{key} must be given for {owner}, and only there", basis)
    return ScorePart(
        basis=basis,
        title=schema.both_languages(found["title"], problems, "title"),
        weight=schema.number(found["weight"], problems, "weight", 0.1, 100),
        needed=_needed(found["needed"], problems) if "needed" in found else {},
        older_than=schema.whole_days(found["older_than"], problems, "older_than", least=0)
        if "older_than" in found
        else timedelta(0),
    )


def _needed(node: yaml.Node, problems: Problems) -> dict[str, tuple[str, ...]]:
    needed: dict[str, tuple[str, ...]] = {}
    for kind, listed in schema.entries(node, problems, "needed"):
        if kind not in KINDS:
            problems.note(listed, f"a kind must be one of {', '.join(KINDS)}", kind)
            continue
        known = [column.name for column in columns(kind)]
        nodes = schema.items(listed, problems, kind)
        needed[kind] = tuple(
            schema.choice(n, problems, f"a column of {kind}", known) for n in nodes
        )
    return needed
