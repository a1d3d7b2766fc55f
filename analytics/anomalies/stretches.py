"""From stretches of days to events: trimmed to their hours, and those of one cause merged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.creeping import Peeled
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found, Positions
from analytics.anomalies.naming import Effects, effects_of, name_of
from analytics.anomalies.parts import Part
from analytics.anomalies.segments import Segment
from analytics.grid import Bools, Floats

_MERGED_GAP_H = 4 * 24
"""Stretches on the same side that lie at most this apart are one event."""

_DISTURBED_H = 2 * 24
_MOSTLY = 0.5
_ALIKE = 0.4
"""What differs by less than this share of what it belongs to says nothing of where that begins and ends."""

_COUNTS = ("nights", "days")

_LARGER = 1.5
"""What differs by more than so many times what is around it is an event of its own."""


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
        Shape.DAY,
        likely,
        hours,
        segment.strength,
        float(residual[hours].mean()),
        _evidence(segment, part, effects, course, hours),
    )


def is_so(found: Found, course: Course) -> bool:
    """Whether its hours lie on the same side of the expectation itself, too."""
    beyond = float(np.nansum((course.use - course.expected)[found.hours]))
    return beyond * found.mean > 0


def _trimmed(hours: Positions, residual: Floats) -> Positions:
    """From the first hour that shows half of the mean difference to the last."""
    mean = residual[hours].mean()
    shows = np.flatnonzero(residual[hours] * np.sign(mean) >= abs(mean) / 2)
    return hours[shows[0] : shows[-1] + 1] if len(shows) else hours


def _evidence(
    segment: Segment, part: Part, effects: Effects, course: Course, hours: Positions
) -> dict[str, str | float | int | None]:
    by_part = {f"{p}_per_h": round(v, 6) for p, v in effects.items()}
    count = "nights" if part is Part.NIGHT else "days"
    days = _days_of(hours, course)
    return {"part": part.value, count: days, "share": round(segment.share, 4), **by_part}


def _days_of(hours: Positions, course: Course) -> int:
    """On how many local days these hours lie."""
    return len(np.unique(course.day[hours]))


def merged(found: Sequence[Found], course: Course) -> list[Found]:
    """Stretches of one cause as one event, called what the largest of them is.

    A gauge that is disturbed swings both ways: what lies at most two days apart is one event.
    """
    gauge = course.gauge
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: -abs(f.mean) * len(f.hours)):
        near = next((n for n, k in enumerate(kept) if _one_cause(k, one, gauge)), None)
        if near is None:
            kept.append(one)
        else:
            whole = kept[near]
            hours = np.union1d(whole.hours, one.hours if gauge else _belonging(one, whole))
            strength = max(whole.strength, one.strength)
            # What it comes to in a day is told by these counts: they are of all its hours.
            counts = {k: _days_of(hours, course) for k in _COUNTS if k in whole.evidence}
            evidence = {**whole.evidence, **counts}
            kept[near] = replace(whole, hours=hours, strength=strength, evidence=evidence)
    return kept


def _belonging(one: Found, whole: Found) -> Positions:
    """The hours of a stretch that belong to a larger one: what is far weaker lengthens it in no direction."""
    if abs(one.mean) >= _ALIKE * abs(whole.mean):
        return one.hours
    within: Positions = one.hours[(one.hours >= whole.hours[0]) & (one.hours <= whole.hours[-1])]
    return within


def _one_cause(a: Found, b: Found, gauge: bool) -> bool:
    """Whether both are on one side, and nearly touch, or the second lies mostly in the first, no larger."""
    overlap = min(a.hours[-1], b.hours[-1]) - max(a.hours[0], b.hours[0])
    if gauge:
        return bool(-overlap <= _DISTURBED_H)
    if np.sign(a.mean) != np.sign(b.mean):
        return False
    if overlap <= 0:
        longer = max(np.ptp(a.hours), np.ptp(b.hours))
        return bool(-overlap <= min(_MERGED_GAP_H, longer))
    inside = overlap >= _MOSTLY * np.ptp(b.hours)
    larger = _LARGER * (
        2 if a.likely is Likely.CREEP else 1
    )  # what grows is twice its mean at the end
    return bool(inside and abs(b.mean) <= larger * abs(a.mean))
