"""Nodes of the sections ``rankings``, ``benchmarks`` and ``schemes`` → their values."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import yaml

from quotawatt.measures import MEASURES
from quotawatt.rulebook import schema
from quotawatt.rulebook.assessment import (
    BASES,
    Benchmark,
    Convert,
    Grade,
    Ranking,
    Scheme,
    SchemeItem,
)
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import GROSS_AREA, HEADCOUNT
from quotawatt.rulebook.schema import Fields, Problems

_LEVELS = ("province", "city", "county")
_STANDINGS = ("within_guidance", "over_guidance", "over_baseline", "over_constraint")
_ELECTRICITY = ("equivalent", "calorific", "unknown", "none")
_ABOUT = ("quota_standing", "target_met", "reduction")
_GROWING = ("reduction", "data_quality", "findings_dealt_with")


def parse_ranking(node: yaml.Node, problems: Problems) -> list[Located[Any]]:
    """The ranking of an entry."""
    keys = ("id", "title", "unit", "measures", "denominator", "least_coverage", "trust")
    more = ("convert", "factor_set", "headcount_components", "least_peers", "indicator")
    found = schema.fields(node, problems, "a ranking", keys, more)
    if not schema.complete(found, keys):
        return []
    convert = Convert.NONE
    if "convert" in found:
        convert = Convert(schema.choice(found["convert"], problems, "convert", list(Convert)))
    denominator = schema.choice(
        found["denominator"], problems, "denominator", (GROSS_AREA, HEADCOUNT)
    )
    _only_with(node, problems, "factor_set", found, convert is not Convert.NONE, "convert")
    by_head = denominator == HEADCOUNT
    _only_with(node, problems, "headcount_components", found, by_head, HEADCOUNT)
    ranking = Ranking(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        unit=schema.text(found["unit"], problems, "unit"),
        convert=convert,
        factor_set=_text(found, "factor_set", problems),
        measures=_choices(found["measures"], "measures", MEASURES, problems),
        denominator=denominator,
        headcount_components=_words(found, "headcount_components", problems),
        least_coverage=schema.number(found["least_coverage"], problems, "least_coverage", 0, 1),
        least_peers=_whole(found, "least_peers", 3, problems),
        indicator=_text(found, "indicator", problems),
        trust=schema.trust(found["trust"], problems),
    )
    return [Located(ranking, problems.place(node))]


def parse_benchmark(node: yaml.Node, problems: Problems) -> list[Located[Any]]:
    """The benchmark of an entry."""
    keys = ("id", "title", "ranking", "year", "value", "electricity_basis", "source", "trust")
    found = schema.fields(node, problems, "a benchmark", keys, ("kinds", "levels", "province"))
    if not schema.complete(found, keys):
        return []
    benchmark = Benchmark(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        ranking=schema.text(found["ranking"], problems, "ranking"),
        year=schema.year(found["year"], problems, "year"),
        value=schema.number(found["value"], problems, "value", 0.001, 1e6),
        kinds=_words(found, "kinds", problems),
        levels=_choices(found["levels"], "levels", _LEVELS, problems) if "levels" in found else (),
        province=_text(found, "province", problems),
        electricity_basis=schema.choice(
            found["electricity_basis"], problems, "electricity_basis", _ELECTRICITY
        ),
        source=schema.text(found["source"], problems, "source"),
        trust=schema.trust(found["trust"], problems),
    )
    return [Located(benchmark, problems.place(node))]


def parse_scheme(node: yaml.Node, problems: Problems) -> list[Located[Any]]:
    """The scheme of an entry."""
    keys = ("id", "title", "grades", "items", "least_known_pct", "source", "trust")
    found = schema.fields(node, problems, "a scheme", keys, ("template",))
    if not schema.complete(found, keys):
        return []
    items = [_item(n, problems) for n in schema.items(found["items"], problems, "items")]
    known = tuple(item for item in items if item is not None)
    names = [item.id for item in known]
    if not names or len(set(names)) != len(names):
        rule = "a scheme must have items, each once"
        problems.note(found["items"], rule, ", ".join(names) or "none")
    scheme = Scheme(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        grades=_grades(found["grades"], problems),
        items=known,
        least_known_pct=schema.number(
            found["least_known_pct"], problems, "least_known_pct", 0, 100
        ),
        template="template" in found and _truth(found["template"], problems, "template"),
        source=schema.text(found["source"], problems, "source"),
        trust=schema.trust(found["trust"], problems),
    )
    return [Located(scheme, problems.place(node))]


def check_assessment(draft: Draft) -> Iterable[str]:
    """Rankings, benchmarks and schemes that name what no section has."""
    rankings, sets = draft.ids("rankings"), draft.ids("factor_sets")
    for entry in draft.of("rankings"):
        if entry.value.factor_set and entry.value.factor_set not in sets:
            rule = "a ranking must name a factor set of the packs"
            yield f"{entry.place}: {rule}, got {entry.value.factor_set}"
    for entry in draft.of("benchmarks"):
        if entry.value.ranking not in rankings:
            rule = "a benchmark must name a ranking of the packs"
            yield f"{entry.place}: {rule}, got {entry.value.ranking}"
    for entry in draft.of("schemes"):
        for item in entry.value.items:
            if item.basis == "reduction" and item.about not in rankings:
                rule = "an item of reduction must be about a ranking of the packs"
                yield f"{entry.place}: {rule}, got {item.about}"


def _item(node: yaml.Node, problems: Problems) -> SchemeItem | None:
    keys = ("id", "title", "basis", "points")
    more = ("binding", "about", "shares", "none_at", "full_at", "older_than_days")
    found = schema.fields(node, problems, "an item of a scheme", keys, more)
    if not schema.complete(found, keys):
        return None
    basis = schema.choice(found["basis"], problems, "basis", BASES)
    _only_with(node, problems, "about", found, basis in _ABOUT, ", ".join(_ABOUT))
    _only_with(node, problems, "shares", found, basis == "quota_standing", "quota_standing")
    dealt = basis == "findings_dealt_with"
    _only_with(node, problems, "older_than_days", found, dealt, "findings_dealt_with")
    for key in ("none_at", "full_at"):
        _only_with(node, problems, key, found, basis in _GROWING, ", ".join(_GROWING))
    none_at, full_at = (_figure(found, key, problems) for key in ("none_at", "full_at"))
    if basis in _GROWING and none_at >= full_at:
        problems.note(node, "full_at must be above none_at", f"{full_at:g}")
    return SchemeItem(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        basis=basis,
        points=schema.number(found["points"], problems, "points", 0.1, 1000),
        binding="binding" in found and _truth(found["binding"], problems, "binding"),
        about=_text(found, "about", problems),
        shares=_shares(found, problems),
        none_at=none_at,
        full_at=full_at,
        older_than_days=_whole(found, "older_than_days", 0, problems),
    )


def _grades(node: yaml.Node, problems: Problems) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    for entry in schema.items(node, problems, "grades"):
        keys = ("id", "title", "least")
        found = schema.fields(entry, problems, "a grade", keys)
        if schema.complete(found, keys):
            name = schema.identifier(found["id"], problems, "id")
            title = schema.both_languages(found["title"], problems, "title")
            grades.append(Grade(name, title, schema.number(found["least"], problems, "least", 0)))
    falling = all(a.least > b.least for a, b in pairwise(grades))
    if not grades or not falling or grades[-1].least != 0:
        shown = ", ".join(f"{grade.least:g}" for grade in grades) or "none"
        problems.note(node, "grades must fall from the best to the last, at 0 points", shown)
    return tuple(grades)


def _shares(found: Fields, problems: Problems) -> Mapping[str, float]:
    if "shares" not in found:
        return {}
    keyed = schema.fields(found["shares"], problems, "shares", _STANDINGS)
    return {name: schema.number(n, problems, name, 0, 1) for name, n in keyed.items()}


def _only_with(
    node: yaml.Node, problems: Problems, key: str, found: Fields, wanted: bool, owner: str
) -> None:
    if (key in found) != wanted:
        problems.note(node, f"{key} must be given with {owner}, and only there", key in found)


def _truth(node: yaml.Node, problems: Problems, what: str) -> bool:
    return schema.choice(node, problems, what, ("false", "true")) == "true"


def _text(found: Fields, key: str, problems: Problems) -> str:
    return schema.text(found[key], problems, key) if key in found else ""


def _figure(found: Fields, key: str, problems: Problems) -> float:
    return schema.number(found[key], problems, key, -100, 100) if key in found else 0.0


def _whole(found: Fields, key: str, default: int, problems: Problems) -> int:
    return int(schema.number(found[key], problems, key, 0, 10_000)) if key in found else default


def _words(found: Fields, key: str, problems: Problems) -> tuple[str, ...]:
    if key not in found:
        return ()
    return tuple(schema.text(n, problems, key) for n in schema.items(found[key], problems, key))


def _choices(
    node: yaml.Node, what: str, allowed: Iterable[str], problems: Problems
) -> tuple[str, ...]:
    known = tuple(allowed)
    return tuple(
        schema.choice(n, problems, what, known) for n in schema.items(node, problems, what)
    )
