"""Nodes of the sections ``norms``, ``asset_kinds`` and ``idle_rules`` → their values."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import yaml

from quotawatt.quantities import QUANTITIES
from quotawatt.register.rules import LEVELS
from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Text
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators_parse import name_of
from quotawatt.rulebook.norms import (
    AssetKind,
    Holding,
    IdleRule,
    Norm,
    PostArea,
    Step,
)
from quotawatt.rulebook.schema import Fields, Problems

ASSETS = ("equipment", "space")
_COMMON = ("id", "title", "cites", "holding", "trust")
_BY_HOLDING: Mapping[Holding, tuple[str, ...]] = {
    Holding.OFFICE_AREA: ("posts",),
    Holding.VEHICLES: (),
    Holding.EQUIPMENT: ("equipment", "headcount_components", "steps"),
}


def parse_norm(node: yaml.Node, problems: Problems) -> Iterator[Located[Norm]]:
    """One norm."""
    own = tuple(key for keys in _BY_HOLDING.values() for key in keys)
    found = schema.fields(node, problems, "a norm", _COMMON, ("kind", "levels", *own))
    if not schema.complete(found, _COMMON):
        return
    holding = Holding(schema.choice(found["holding"], problems, "holding", list(Holding)))
    for key in own:
        if (key in found) != (key in _BY_HOLDING[holding]):
            belongs = ", ".join(_BY_HOLDING[holding]) or "none of " + ", ".join(own)
            problems.note(node, f"a norm of {holding} must have {belongs}", key)
    norm = Norm(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        holding=holding,
        kind=name_of(found["kind"], problems, "kind") if "kind" in found else None,
        levels=tuple(
            schema.choice(n, problems, "a level", LEVELS)
            for n in _listed(found, "levels", problems)
        ),
        trust=schema.trust(found["trust"], problems),
        posts=_posts(found, problems),
        equipment=_names(found, "equipment", problems),
        headcount_components=_names(found, "headcount_components", problems),
        steps=_steps(found, problems),
    )
    yield Located(norm, problems.place(node))


def parse_asset_kind(node: yaml.Node, problems: Problems) -> Iterator[Located[AssetKind]]:
    """One kind of equipment or use of rooms."""
    keys = ("id", "asset", "zh", "en")
    found = schema.fields(node, problems, "an asset kind", keys)
    if not schema.complete(found, keys):
        return
    kind = AssetKind(
        id=name_of(found["id"], problems, "id"),
        asset=schema.choice(found["asset"], problems, "asset", ASSETS),
        words_zh=_words(found, "zh", problems),
        words_en=_words(found, "en", problems),
    )
    yield Located(kind, problems.place(node))


def parse_idle_rule(node: yaml.Node, problems: Problems) -> Iterator[Located[IdleRule]]:
    """One rule of what is idle."""
    keys = ("id", "title", "cites", "asset", "unused_for", "least_coverage", "trust")
    more = ("kinds", "standby_pct", "standby_w_per_m2", "peaks")
    found = schema.fields(node, problems, "an idle rule", keys, more)
    if not schema.complete(found, keys):
        return
    rule = IdleRule(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        asset=schema.choice(found["asset"], problems, "asset", ASSETS),
        kinds=_names(found, "kinds", problems),
        unused_for=schema.whole_days(found["unused_for"], problems, "unused_for", least=1),
        least_coverage=schema.number(found["least_coverage"], problems, "least_coverage", 0.5, 1),
        standby_pct=_share(found, "standby_pct", 100, problems),
        standby_w_per_m2=_share(found, "standby_w_per_m2", 1000, problems),
        peaks=_peaks(found, problems),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(rule, problems.place(node))


def check_kinds(draft: Draft) -> Iterator[str]:
    """Kinds of equipment that a norm or idle rule names and that nobody has words for."""
    known = draft.ids("asset_kinds")
    named = [
        *((x.place, kind) for x in draft.of("norms") for kind in x.value.equipment),
        *((x.place, kind) for x in draft.of("idle_rules") for kind in x.value.kinds),
    ]
    for place, kind in named:
        if kind not in known:
            yield f"{place}: a kind must be one of the section asset_kinds, got {kind}"


def _posts(found: Fields, problems: Problems) -> tuple[PostArea, ...]:
    posts: list[PostArea] = []
    for node in _listed(found, "posts", problems):
        entry = schema.fields(node, problems, "a post", ("post", "title", "m2_per_person"))
        if not schema.complete(entry, ("post", "title", "m2_per_person")):
            continue
        name = name_of(entry["post"], problems, "post")
        if name in {post.post for post in posts}:
            problems.note(node, "a norm must name each post once", name)
        area = schema.number(entry["m2_per_person"], problems, "m2_per_person", 0.1, 1000)
        posts.append(PostArea(name, _title(entry, problems), area))
    return tuple(posts)


def _steps(found: Fields, problems: Problems) -> tuple[Step, ...]:
    steps: list[Step] = []
    for node in _listed(found, "steps", problems):
        steps += _step(node, problems)
    ends = [step.staff_up_to for step in steps]
    rising = all(a is not None and (b is None or a < b) for a, b in pairwise(ends))
    if ends and not (rising and ends[-1] is None):
        problems.note(found["steps"], "steps must rise, and the last must be for all others", ends)
    return tuple(steps)


def _step(node: yaml.Node, problems: Problems) -> Iterator[Step]:
    """A step says how many people share a piece, or how many pieces a hundred people have."""
    ways = ("staff_per_piece", "pieces_per_100_staff")
    entry = schema.fields(node, problems, "a step", (), ("staff_up_to", *ways))
    given = [way for way in ways if way in entry]
    if len(given) != 1:
        problems.note(
            node, f"a step must have one of {' and '.join(ways)}", ", ".join(given) or "none"
        )
        return
    until = None
    if "staff_up_to" in entry:
        until = int(schema.number(entry["staff_up_to"], problems, "staff_up_to", 1, 1e6))
    value = schema.number(entry[given[0]], problems, given[0], 0.01, 1e6)
    yield Step(until, value if given[0] == ways[0] else 100 / value)


def _peaks(found: Fields, problems: Problems) -> dict[str, float]:
    peaks: dict[str, float] = {}
    if "peaks" not in found:
        return peaks
    for name, node in schema.entries(found["peaks"], problems, "peaks"):
        if name not in QUANTITIES:
            problems.note(node, "a peak must be of a quantity of docs/nomenclature.md", name)
        peaks[name] = schema.number(node, problems, name, 0)
    return peaks


def _share(found: Fields, key: str, high: float, problems: Problems) -> float:
    return schema.number(found[key], problems, key, 0, high) if key in found else 0.0


def _title(found: Fields, problems: Problems) -> Text:
    return schema.both_languages(found["title"], problems, "title")


def _listed(found: Fields, key: str, problems: Problems) -> list[yaml.Node]:
    if key not in found:
        return []
    nodes = schema.items(found[key], problems, key)
    if not nodes:
        problems.note(found[key], f"{key} must not be empty", "none")
    return nodes


def _names(found: Fields, key: str, problems: Problems) -> tuple[str, ...]:
    return tuple(name_of(node, problems, key) for node in _listed(found, key, problems))


def _words(found: Fields, key: str, problems: Problems) -> tuple[str, ...]:
    return tuple(schema.text(node, problems, key) for node in _listed(found, key, problems))
