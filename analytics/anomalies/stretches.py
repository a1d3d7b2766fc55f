"""From stretches of days to events: trimmed to their hours, and those of one cause merged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found, Positions
from analytics.anomalies.naming import Effects, effects_of, name_of
from analytics.anomalies.parts import Part
from analytics.anomalies.peeling import Peeled
from analytics.anomalies.segments import Segment
from analytics.grid import Bools, Floats

_MERGED_GAP_H = 4 * 24
"""Stretches on the same side that lie less than this apart are one event."""


def as_found(peeled: Peeled, course: Course, parts: Mapping[Part, Bools]) -> Found:
    """The hours that a segment lives in, named, with the numbers that draw it."""
    segment, residual = peeled.segment, peeled.residual
    effects = effects_of(segment, course, residual, parts)
    likely, part = name_of(segment, effects, course.series.measure)
    within = (course.day >= segment.first) & (course.day < segment.last)
    hours = np.flatnonzero(within & parts[part] & np.isfinite(residual))
    if not segment.ramp:
        hours = _trimmed(hours, residual)
    return Found(
        Shape.DAY, likely, hours, segment.strength, _evidence(segment, part, effects, course)
    )


def _trimmed(hours: Positions, residual: Floats) -> Positions:
    """From the first hour that shows half of the mean difference to the last."""
    mean = residual[hours].mean()
    shows = np.flatnonzero(residual[hours] * np.sign(mean) >= abs(mean) / 2)
    return hours[shows[0] : shows[-1] + 1] if len(shows) else hours


def _evidence(
    segment: Segment, part: Part, effects: Effects, course: Course
) -> dict[str, str | float | int | None]:
    by_part = {f"{p}_per_h": round(v, 6) for p, v in effects.items()}
    days = len(np.unique(course.day[(course.day >= segment.first) & (course.day < segment.last)]))
    return {"part": part.value, "days": days, "share": round(segment.share, 4), **by_part}


def merged(found: Sequence[Found]) -> list[Found]:
    """Stretches that overlap or nearly touch, on the same side: one event, called what the strongest is."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -f.strength):
        near = next((k for k in kept if _near(k, one)), None)
        if near is None:
            kept.append(one)
        else:
            hours = np.union1d(near.hours, one.hours)
            kept[kept.index(near)] = replace(near, hours=hours)
    return kept


def _near(a: Found, b: Found) -> bool:
    same_side = (a.likely is Likely.LOW_USE) == (b.likely is Likely.LOW_USE)
    gap = max(a.hours[0], b.hours[0]) - min(a.hours[-1], b.hours[-1])
    return bool(same_side and gap <= _MERGED_GAP_H)
