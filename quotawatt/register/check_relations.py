"""What the columns of an asset and those of another must have to do with each other, on every day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from quotawatt.geography.outlines import is_circle
from quotawatt.register import outline_rules, rules
from quotawatt.register.check_cells import broken_by
from quotawatt.register.problems import Problem, Rule
from quotawatt.register.timeline import NOW, Past, Timeline

Cells = Mapping[str, Any]
Broken = Iterator[tuple[str, Rule]]
LookUp = Callable[[str], Cells]

_AREA_PARTS = ("data_centre_area_m2", "kitchen_area_m2", "excluded_area_m2")
_LINKS: Mapping[str, tuple[str, ...]] = {"meters": ("parent", "serves"), "equipment": ("space",)}
"""Kinds that must agree with other assets, and the columns that name these."""


def check_relations(timeline: Timeline, buildings: Collection[str]) -> Iterator[Problem]:
    """The problems between columns: as the rows say them, and before each change.

    ``buildings``: codes that there are; of one that is wrong by itself nothing more is said.
    """
    for kind, relation in _RELATIONS.items():
        for _, row in timeline.assets(kind):
            for column, rule in relation(row.cells, _on(timeline, NOW), buildings):
                yield Problem(row.where.at(column), rule, row.cells[column])
    dependents = _dependents(timeline)
    for past in timeline.pasts:
        yield from _before(timeline, past, dependents, buildings)


def _before(
    timeline: Timeline,
    past: Past,
    dependents: Mapping[str, Collection[tuple[str, str]]],
    buildings: Collection[str],
) -> Iterator[Problem]:
    """Of a former value on its last day: what breaks that the row as it is now does not."""
    look_up = _on(timeline, past.last_day)
    for kind, code in [(past.kind, past.code), *dependents.get(past.code, ())]:
        relation = _RELATIONS.get(kind)
        if relation is None:
            continue
        for _, rule in relation(look_up(code), look_up, buildings):
            told = rules.until(_of(rule, code), past.until)
            yield Problem(past.row.where.at("value"), told, past.row.cells["value"])


def _of(rule: Rule, code: str) -> Rule:
    return Rule(rule.code, f"{code} {rule.en}", f"{code} {rule.zh}")


def _on(timeline: Timeline, day: date) -> LookUp:
    return lambda code: timeline.cells(code, day)


def _dependents(timeline: Timeline) -> Mapping[str, Collection[tuple[str, str]]]:
    """By asset those that must agree with it, now or before."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for kind, columns in _LINKS.items():
        for code, row in timeline.assets(kind):
            for other in filter(None, map(row.cells.get, columns)):
                found[other].add((kind, code))
    for past in timeline.pasts:
        if past.column in _LINKS.get(past.kind, ()) and past.value:
            found[past.value].add((past.kind, past.code))
    return found


def _areas(building: Cells, _: LookUp, __: Collection[str]) -> Broken:
    gross = building.get("gross_area_m2")
    if gross is None or gross <= 0:
        return
    fits = True
    for column in ("heated_area_m2", *_AREA_PARTS):
        if (building.get(column) or 0) > gross:
            fits = False
            yield column, rules.AREA_PART.of(gross=f"{gross:g}")
    total = sum(building.get(column) or 0 for column in _AREA_PARTS)
    if fits and total > gross:
        yield "gross_area_m2", rules.AREA_PARTS.of(sum=f"{total:g}")


def _meter(meter: Cells, look_up: LookUp, buildings: Collection[str]) -> Broken:
    yield from _meter_behind_meter(meter, look_up, buildings)
    served, building = meter.get("serves"), meter.get("building")
    if served and building in buildings:
        stands_in = look_up(served).get("building")
        # Where equipment stands may be unknown.
        if stands_in in buildings and stands_in != building:
            yield "serves", rules.SERVED_BUILDING.of(building=building)


def _meter_behind_meter(meter: Cells, look_up: LookUp, buildings: Collection[str]) -> Broken:
    """A sub-meter of another building or carrier would be missing from its own building's total."""
    parent = meter.get("parent")
    if not parent:
        return
    above = look_up(parent)
    for column in ("building", "carrier"):
        both = (meter.get(column), above.get(column))
        if both[0] != both[1] and all(_right(column, value, buildings) for value in both):
            yield column, rules.OF_PARENT.of(parent=parent)


def _right(column: str, value: str | None, buildings: Collection[str]) -> bool:
    """Whether the value is none that is complained of already."""
    if value is None:
        return False
    return value in buildings if column == "building" else not broken_by("meters", column, value)


def _space_of_building(equipment: Cells, look_up: LookUp, buildings: Collection[str]) -> Broken:
    space, building = equipment.get("space"), equipment.get("building")
    if space and building in buildings:
        stands_in = look_up(space).get("building")
        if stands_in in buildings and stands_in != building:
            yield "space", rules.SPACE_BUILDING.of(building=building)


def _radius(geofence: Cells, _: LookUp, __: Collection[str]) -> Broken:
    circle = is_circle(geofence.get("outline") or "")
    if circle is None or "radius_m" not in geofence:
        return  # complained of already
    if circle and geofence["radius_m"] is None:
        yield "radius_m", outline_rules.RADIUS_DUE
    if not circle and geofence["radius_m"] is not None:
        yield "radius_m", outline_rules.RADIUS_EMPTY


_RELATIONS: Mapping[str, Callable[[Cells, LookUp, Collection[str]], Broken]] = {
    "buildings": _areas,
    "meters": _meter,
    "equipment": _space_of_building,
    "geofences": _radius,
}
