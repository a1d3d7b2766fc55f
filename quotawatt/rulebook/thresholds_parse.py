"""Thresholds of an alert rule and its steps of severity: on which side, from where on, until where."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import yaml

from quotawatt.rulebook import schema
from quotawatt.rulebook.alert_rules import SEVERITIES, Direction, Level
from quotawatt.rulebook.schema import Fields, Problems

_CLEARS = {Direction.ABOVE: "clear_below", Direction.BELOW: "clear_above"}

THRESHOLD_KEYS = ("above", "clear_below", "below", "clear_above")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a rule's condition begins and ends, and the steps beyond."""

    direction: Direction
    threshold: float
    clear: float
    levels: Sequence[Level] = ()

    @property
    def extent(self) -> tuple[float, ...]:
        """Every threshold, and every value at which one clears."""
        steps = ((self.threshold, self.clear), *((x.threshold, x.clear) for x in self.levels))
        return tuple(limit for step in steps for limit in step)


def parse_thresholds(
    node: yaml.Node, found: Fields, severity: str, problems: Problems
) -> Thresholds:
    """Thresholds of a rule's entry ``node`` with the keys ``found``; what is wrong is noted."""
    given = [way for way in Direction if way.value in found]
    if len(given) != 1:
        got = "both" if given else "neither"
        problems.note(node, "a rule must have exactly one of above and below", got)
        return Thresholds(Direction.ABOVE, 1.0, 1.0)
    (direction,) = given
    threshold, clear = _limit(found, direction, problems)
    levels = []
    for entry in schema.items(found["levels"], problems, "levels") if "levels" in found else ():
        level = _level(entry, direction, problems)
        if level is not None:
            levels.append((entry, level))
    _check_order(Level(severity, threshold, clear), levels, direction, problems)
    return Thresholds(direction, threshold, clear, tuple(level for _, level in levels))


def _limit(found: Fields, direction: Direction, problems: Problems) -> tuple[float, float]:
    """Threshold and where it clears; by itself it clears at the threshold."""
    threshold = schema.number(found[direction.value], problems, direction.value)
    key, other = _CLEARS[direction], _CLEARS[_opposite(direction)]
    if other in found:
        problems.note(
            found[other],
            f"a rule with {direction} must have {key}, not {other}",
            found[other].value,
        )
    if key not in found:
        return threshold, threshold
    clear = schema.number(found[key], problems, key)
    if direction.beyond(clear, threshold):
        bound = "at most" if direction is Direction.ABOVE else "at least"
        problems.note(found[key], f"{key} must be {bound} {threshold:g}", f"{clear:g}")
    return threshold, clear


def _level(entry: yaml.Node, direction: Direction, problems: Problems) -> Level | None:
    keys = ("severity", direction.value)
    found = schema.fields(entry, problems, "a level", keys, (_CLEARS[direction],))
    if not schema.complete(found, keys):
        return None
    severity = schema.choice(found["severity"], problems, "severity", SEVERITIES)
    return Level(severity, *_limit(found, direction, problems))


def _check_order(
    first: Level,
    levels: Sequence[tuple[yaml.Node, Level]],
    direction: Direction,
    problems: Problems,
) -> None:
    """Each step is graver and farther out than the one before, and clears no later than that one."""
    nodes = [node for node, _ in levels]
    steps = [first, *(level for _, level in levels)]
    for node, (before, after) in zip(nodes, pairwise(steps), strict=True):
        if SEVERITIES.index(after.severity) <= SEVERITIES.index(before.severity):
            rule = f"a level must be graver than the one before, {before.severity}"
            problems.note(node, rule, after.severity)
        if not direction.beyond(after.threshold, before.threshold):
            rule = f"{direction} of a level must lie beyond that of the one before, "
            problems.note(node, f"{rule}{before.threshold:g}", f"{after.threshold:g}")
        elif direction.beyond(before.clear, after.clear):
            rule = f"{_CLEARS[direction]} of a level must not lie short of that of the one before, "
            problems.note(node, f"{rule}{before.clear:g}", f"{after.clear:g}")


def _opposite(direction: Direction) -> Direction:
    return Direction.BELOW if direction is Direction.ABOVE else Direction.ABOVE
