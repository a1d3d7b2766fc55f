"""Nodes of the section ``targets`` → reduction targets, and their check against factor sets."""

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml

from quotawatt.register.rules import COMPONENTS
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import HEADCOUNT
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.targets import CARBON, ENERGY, TARGET_MEASURES, Target, TargetMeasure

_KEYS = ("id", "title", "cites", "measure", "base_year", "target_year", "reduction_pct", "trust")
_FACTORS = {CARBON: "carbon", ENERGY: "coal_equivalent"}


def parse_target(node: yaml.Node, problems: Problems) -> Iterator[Located[Target]]:
    """One target."""
    optional = ("factor_set", "headcount_components", "path", "steps")
    found = schema.fields(node, problems, "a target", _KEYS, optional)
    if not schema.complete(found, _KEYS):
        return
    base_year = schema.year(found["base_year"], problems, "base_year")
    target_year = schema.year(found["target_year"], problems, "target_year")
    if target_year <= base_year:
        problems.note(found["target_year"], "target_year must be after base_year", target_year)
    name = schema.choice(found["measure"], problems, "measure", tuple(TARGET_MEASURES))
    # Up to but not all of it: what is left is divided by.
    reduction_pct = schema.number(found["reduction_pct"], problems, "reduction_pct", 0, 99.9)
    target = Target(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        measure=name,
        factor_set=schema.identifier(found["factor_set"], problems, "factor_set")
        if "factor_set" in found
        else "",
        base_year=base_year,
        target_year=target_year,
        reduction_pct=reduction_pct,
        trust=schema.trust(found["trust"], problems),
        headcount_components=_components(node, found, TARGET_MEASURES[name], problems),
        steps=_steps(node, found, base_year, problems),
    )
    _check_path(node, target, problems)
    yield Located(target, problems.place(node))


def check_targets(draft: Draft) -> Iterator[str]:
    """Targets whose factor set cannot serve them."""
    for target in draft.of("targets"):
        needed = _FACTORS.get(TARGET_MEASURES[target.value.measure].kind)
        name = target.value.factor_set
        if needed is None:
            continue
        sets = [x for x in draft.of("factor_sets") if x.value.id == name]
        if not any(getattr(x.value, needed) for x in sets):
            yield (
                f"{target.place}: a target of {target.value.measure} must name a factor set with "
                f"{needed}, got {name or 'none'}"
            )


def _components(
    node: yaml.Node, found: Fields, measure: TargetMeasure, problems: Problems
) -> tuple[str, ...]:
    listed = found.get("headcount_components")
    if (measure.denominator == HEADCOUNT) != (listed is not None):
        rule = "a target must have headcount_components where it is per head, and only there"
        problems.note(node, rule, measure.name)
    if listed is None:
        return ()
    names = schema.items(listed, problems, "headcount_components")
    return tuple(schema.choice(n, problems, "a headcount component", COMPONENTS) for n in names)


def _steps(node: yaml.Node, found: Fields, base_year: int, problems: Problems) -> dict[int, float]:
    """The steps of a stepwise path; ``path: linear`` is the other way, and what holds without a word."""
    if "path" in found:
        schema.choice(found["path"], problems, "path", ("linear",))
        if "steps" in found:
            problems.note(node, "a target must have path or steps, not both", "both")
    if "steps" not in found:
        return {}
    steps: dict[int, float] = {}
    for key, value in schema.entries(found["steps"], problems, "steps"):
        if not re.fullmatch(r"20\d\d", key) or int(key) <= base_year:
            problems.note(value, f"a step must be of a year after {base_year}", key)
            continue
        steps[int(key)] = schema.number(value, problems, f"the step of {key}", 0, 99.9)
    return steps


def _check_path(node: yaml.Node, target: Target, problems: Problems) -> None:
    """Steps must not fall, and end where the target does."""
    steps = sorted(target.steps.items())
    if not steps:
        return
    if any(after < before for (_, before), (_, after) in pairwise(steps)):
        problems.note(node, "steps must not fall from year to year", dict(steps))
    if steps[-1] != (target.target_year, target.reduction_pct):
        rule = f"the last step must be {target.target_year}: {target.reduction_pct:g}"
        problems.note(node, rule, dict(steps[-1:]))
