"""Nodes of the section ``set_points`` → limits of room temperatures."""

from collections.abc import Iterator

import yaml

from quotawatt.quantities import QUANTITIES
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Located
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.set_points import SetPoint

_KEYS = ("id", "title", "cites", "quantity", "months", "trust")


def parse_set_point(node: yaml.Node, problems: Problems) -> Iterator[Located[SetPoint]]:
    """One limit."""
    found = schema.fields(node, problems, "a set point", _KEYS, ("least", "most", "except_kinds"))
    if not schema.complete(found, _KEYS):
        return
    least, most = (_limit(found, name, problems) for name in ("least", "most"))
    if least is None and most is None:
        problems.note(node, "a set point must have least or most", "neither")
    if least is not None and most is not None and most < least:
        problems.note(found["most"], f"most must be at least {least:g}", most)
    kinds = (
        schema.items(found["except_kinds"], problems, "except_kinds")
        if "except_kinds" in found
        else []
    )
    set_point = SetPoint(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        quantity=schema.choice(found["quantity"], problems, "quantity", tuple(QUANTITIES)),
        least=least,
        most=most,
        months=_months(found["months"], problems),
        except_kinds=tuple(schema.text(n, problems, "a kind") for n in kinds),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(set_point, problems.place(node))


def _limit(found: Fields, name: str, problems: Problems) -> float | None:
    return schema.number(found[name], problems, name, -100, 100) if name in found else None


def _months(node: yaml.Node, problems: Problems) -> tuple[int, ...]:
    nodes = schema.items(node, problems, "months")
    months = tuple(int(schema.number(n, problems, "a month", 1, 12)) for n in nodes)
    if not months or len(set(months)) != len(months):
        problems.note(node, "months must name at least one month, each once", list(months))
    return months
