"""Nodes of the sections ``agent_prices`` and ``power_factor_tables`` → their values."""

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.schema import Problems
from quotawatt.rulebook.tariffs import AgentPrice, PowerFactorTable

_MONTH = re.compile(r"(199\d|20\d\d)-(0[1-9]|1[0-2])")
_AGENT_KEYS = ("region", "voltage", "cites", "trust", "months")
_TABLE_KEYS = ("id", "title", "cites", "standard", "points", "trust")


def parse_agent_prices(node: yaml.Node, problems: Problems) -> Iterator[Located[AgentPrice]]:
    """The agent price of each month of one table."""
    found = schema.fields(node, problems, "a table of agent prices", _AGENT_KEYS)
    if not schema.complete(found, _AGENT_KEYS):
        return
    region = schema.identifier(found["region"], problems, "region")
    voltage = schema.identifier(found["voltage"], problems, "voltage")
    cites = schema.citation(found["cites"], problems)
    trust = schema.trust(found["trust"], problems)
    for name, entry in schema.entries(found["months"], problems, "months"):
        match = _MONTH.fullmatch(name)
        if match is None:
            problems.note(entry, "a month of agent prices must be YYYY-MM", name)
            continue
        price = schema.number(entry, problems, f"the agent price of {name}", -2, 5)
        year, month = int(match[1]), int(match[2])
        value = AgentPrice(region, voltage, year, month, price, trust, cites)
        yield Located(value, problems.place(entry))


def parse_power_factor_table(
    node: yaml.Node, problems: Problems
) -> list[Located[PowerFactorTable]]:
    """One table; its points must fall from 1 to 0 and be 0 % at the standard."""
    found = schema.fields(node, problems, "a power-factor table", _TABLE_KEYS)
    if not schema.complete(found, _TABLE_KEYS):
        return []
    points = []
    for entry in schema.items(found["points"], problems, "points"):
        pair = schema.fields(entry, problems, "a point", ("at", "percent"))
        if schema.complete(pair, ("at", "percent")):
            at = schema.number(pair["at"], problems, "at", 0, 1)
            points.append((at, schema.number(pair["percent"], problems, "percent", -50, 200)))
    standard = schema.number(found["standard"], problems, "standard", 0.5, 1)
    falling = all(high > low for (high, _), (low, _) in pairwise(points))
    if not falling or not points or points[0][0] != 1 or points[-1][0] != 0:
        shown = ", ".join(f"{at:g}" for at, _ in points) or "none"
        problems.note(found["points"], "points must fall from power factor 1 to 0", shown)
    elif (standard, 0.0) not in points:
        problems.note(found["standard"], "the standard must be a point of 0 percent", standard)
    table = PowerFactorTable(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        standard=standard,
        points=tuple(points),
        trust=schema.trust(found["trust"], problems),
    )
    return [Located(table, problems.place(node))]
