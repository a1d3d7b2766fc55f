"""Nodes of the section ``scorecards`` → schemes with their items, checked against the other sections."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.scorecards import BASES, Level, Scorecard, ScorecardItem

_OPTIONS = tuple(dict.fromkeys(key for keys in BASES.values() for key in keys))


def parse_scorecard(node: yaml.Node, problems: Problems) -> Iterator[Located[Scorecard]]:
    """One scorecard."""
    keys = ("id", "title", "cites", "note", "items", "trust")
    found = schema.fields(node, problems, "a scorecard", keys, ("levels", "factor_set"))
    if not schema.complete(found, keys):
        return
    parsed = [_item(n, problems) for n in schema.items(found["items"], problems, "items")]
    items = [item for item in parsed if item is not None]
    if not parsed:
        problems.note(found["items"], "a scorecard must have an item", "none")
    if len({item.id for item in items}) != len(items):
        shown = ", ".join(item.id for item in items)
        problems.note(found["items"], "a scorecard must have each item once", shown)
    card = Scorecard(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        note=schema.both_languages(found["note"], problems, "note"),
        items=tuple(items),
        levels=_levels(found, problems),
        factor_set=schema.identifier(found["factor_set"], problems, "factor_set")
        if "factor_set" in found
        else "",
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(card, problems.place(node))


def check_scorecards(draft: Draft) -> Iterator[str]:
    """Scorecards that name a target or a factor set that is not there."""
    targets = {x.value.id for x in draft.of("targets")}
    sets = {x.value.id for x in draft.of("factor_sets") if x.value.coal_equivalent}
    for card in draft.of("scorecards"):
        for item in card.value.items:
            for name in item.targets:
                if name not in targets:
                    yield f"{card.place}: an item must name a target of the rulebook, got {name}"
            if item.basis == "energy_at_least" and card.value.factor_set not in sets:
                name = card.value.factor_set or "none"
                rule = "a scorecard must name a factor set with coal_equivalent"
                yield f"{card.place}: {rule}, got {name}"


def _item(node: yaml.Node, problems: Problems) -> ScorecardItem | None:
    keys = ("id", "title", "basis", "trust")
    optional = ("weight", "must", "only_kinds", "not_kinds", *_OPTIONS)
    found = schema.fields(node, problems, "an item", keys, optional)
    if not schema.complete(found, keys):
        return None
    basis = schema.choice(found["basis"], problems, "basis", tuple(BASES))
    for key in _OPTIONS:
        if (key in found) != (key in BASES[basis]):
            owners = ", ".join(name for name, needed in BASES.items() if key in needed)
            problems.note(node, f"{key} must be given for {owners}, and only there", basis)
    if ("weight" in found) == ("must" in found):
        got = "both" if "must" in found else "none"
        problems.note(node, "an item must have a weight or must be met", got)
    return ScorecardItem(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        basis=basis,
        trust=schema.trust(found["trust"], problems),
        **_weight(found, problems),
        **_options(found, problems),
    )


def _weight(found: Fields, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "must" in found:
        schema.choice(found["must"], problems, "must", ("true",))
        values["must"] = True
    if "weight" in found:
        values["weight"] = schema.number(found["weight"], problems, "weight", 0.1, 1000)
    for key in ("only_kinds", "not_kinds"):
        if key in found:
            values[key] = _words(found, key, problems)
    return values


def _options(found: Fields, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "tier" in found:
        tiers = [tier.value for tier in Tier]
        values["tier"] = Tier(schema.choice(found["tier"], problems, "tier", tiers))
    if "years" in found:
        values["years"] = int(schema.number(found["years"], problems, "years", 1, 10))
    if "at_least_pct" in found:
        values["at_least_pct"] = schema.number(
            found["at_least_pct"], problems, "at_least_pct", 0.1, 100
        )
    if "at_least_tce" in found:
        values["at_least_tce"] = schema.number(
            found["at_least_tce"], problems, "at_least_tce", 0.1, 1e6
        )
    if "targets" in found:
        values["targets"] = _words(found, "targets", problems)
    return values


def _levels(found: Fields, problems: Problems) -> tuple[Level, ...]:
    if "levels" not in found:
        return ()
    levels = []
    for node in schema.items(found["levels"], problems, "levels"):
        entry = schema.fields(node, problems, "a level", ("title", "points"))
        if schema.complete(entry, ("title", "points")):
            title = schema.both_languages(entry["title"], problems, "title")
            points = schema.number(entry["points"], problems, "points", 0, 10_000)
            levels.append(Level(title, points))
    if any(b.points <= a.points for a, b in pairwise(levels)):
        shown = ", ".join(f"{level.points:g}" for level in levels)
        problems.note(found["levels"], "levels must rise", shown)
    return tuple(levels)


def _words(found: Fields, key: str, problems: Problems) -> tuple[str, ...]:
    nodes = schema.items(found[key], problems, key)
    return tuple(schema.text(node, problems, key) for node in nodes)
