"""Nodes of the section ``assumptions`` → figures that a what-if takes for granted."""

from collections.abc import Iterator

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.assumptions import NAMES, Assumption
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.schema import Problems

_KEYS = ("id", "title", "cites", "value", "unit", "low", "high", "trust")


def parse_assumption(node: yaml.Node, problems: Problems) -> Iterator[Located[Assumption]]:
    """One figure; it and those of provinces lie in ``low`` to ``high``."""
    found = schema.fields(node, problems, "an assumption", _KEYS, ("by_province",))
    if not schema.complete(found, _KEYS):
        return
    low = schema.number(found["low"], problems, "low")
    high = schema.number(found["high"], problems, "high", low=low)
    provinces = (
        schema.entries(found["by_province"], problems, "by_province")
        if "by_province" in found
        else []
    )
    assumption = Assumption(
        id=schema.choice(found["id"], problems, "id", NAMES),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        value=schema.number(found["value"], problems, "value", low, high),
        unit=schema.text(found["unit"], problems, "unit"),
        low=low,
        high=high,
        trust=schema.trust(found["trust"], problems),
        by_province={
            name: schema.number(value, problems, f"the value of {name}", low, high)
            for name, value in provinces
        },
    )
    yield Located(assumption, problems.place(node))
