"""What a stretch of days most likely is, told from the hours in which it shows."""

from collections.abc import Mapping

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Likely
from analytics.anomalies.parts import Part
from analytics.anomalies.segments import Segment
from analytics.grid import Bools, Floats

_ELSEWHERE = 0.45
"""What shows in one part of the day has at most this share of its difference in the others."""

_EVERYWHERE = 0.4
"""What runs round the clock has at least this share of its largest difference in every part."""

_AS_MUCH = 0.8
"""What differs at night by this share of its largest difference lives in the night: a fan that runs from one
working day to the next differs as much, or a little more, in evenings and on days off."""

_FLOWS = ("water", "reclaimed_water", "gas", "steam")
"""Measures of what can leak, by how their names begin."""

_BY_PART = {
    Part.NIGHT: Likely.NIGHT_RUNNING,
    Part.EVENING: Likely.LATE_SWITCH_OFF,
    Part.OFF: Likely.WEEKEND_RUNNING,
}

Effects = Mapping[Part, float]
"""Mean difference an hour, by part of the day."""


def effects_of(
    segment: Segment, course: Course, residual: Floats, parts: Mapping[Part, Bools]
) -> Effects:
    """How much more than expected is used an hour in each part of the day, over the segment's days."""
    within = (course.day >= segment.first) & (course.day < segment.last) & np.isfinite(residual)
    effects: dict[Part, float] = {}
    for part, hours in parts.items():
        chosen = within & hours
        if part is not Part.ALL and chosen.any():
            effects[part] = float(residual[chosen].mean())
    return effects


def name_of(segment: Segment, effects: Effects, measure: str) -> tuple[Likely, Part]:
    """The likely kind, and the part of the day that it lives in."""
    if segment.mean < 0:
        return Likely.LOW_USE, segment.part
    concentrated = part_alone(effects)
    if segment.ramp and concentrated is None:
        return Likely.CREEP, Part.ALL
    if concentrated in _BY_PART:
        return _BY_PART[concentrated], concentrated
    if concentrated is None and _round_the_clock(effects):
        return (Likely.LEAK if measure.startswith(_FLOWS) else Likely.JUMP), Part.ALL
    return Likely.HIGH_USE, segment.part


def part_alone(effects: Effects) -> Part | None:
    """The one part of the day that holds the difference; None where several do."""
    if not effects:
        return None
    strongest = max(effects, key=lambda part: effects[part])
    if effects.get(Part.NIGHT, 0.0) >= _AS_MUCH * effects[strongest] > 0:
        strongest = Part.NIGHT
    others = [
        abs(v)
        for part, v in effects.items()
        if part is not strongest and not _goes_along(part, strongest)
    ]
    alone = all(v <= _ELSEWHERE * effects[strongest] for v in others)
    return strongest if alone and len(effects) > 1 else None


def _goes_along(part: Part, strongest: Part) -> bool:
    """What runs through the night often runs through evenings and days off too."""
    return strongest is Part.NIGHT and part in (Part.EVENING, Part.OFF)


def _round_the_clock(effects: Effects) -> bool:
    most = max(effects.values(), default=0.0)
    return all(v >= _EVERYWHERE * most for v in effects.values())
