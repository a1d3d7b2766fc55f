"""Stretches of days, the strongest first; each is taken out before the next is looked for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.parts import Part
from analytics.anomalies.segments import Segment, strongest_segment
from analytics.grid import Bools, Floats

_MOST_SEGMENTS = 30
_LEAST_STRENGTH = 4.0
_SHORT_STRENGTH = 3.0
"""A stretch of n days must be 4 + 3 / sqrt(n) standard errors from nothing."""

_LEAST_SHARE = 0.12
_LEAST_SHARE_BELOW = 0.25
"""Shares of what was expected that a difference must have, above and below."""

_LONGEST_BREAK_DAYS = 16
_EMPTY_SHARE = 0.6
"""A break of up to 16 days (Christmas, a week of festivals) uses at least this share of a day off's use."""


@dataclass(frozen=True)
class Peeled:
    """A segment, and what differed from expectation before it was taken out."""

    segment: Segment
    residual: Floats


def peel(
    course: Course, residual: Floats, parts: Mapping[Part, Bools], sensitivity: float
) -> tuple[list[Peeled], Floats]:
    """Segments that are out of the ordinary, and what is left when all of them are taken out."""
    found: list[Peeled] = []
    for _ in range(_MOST_SEGMENTS):
        segment = _strongest(course, residual, parts)
        if segment is None or not _stands_out(segment, sensitivity):
            break
        if not _is_break(segment, course) and _is_large(segment, sensitivity):
            found.append(Peeled(segment, residual))
        residual = _without(segment, course, residual)
    return found, residual


def _strongest(course: Course, residual: Floats, parts: Mapping[Part, Bools]) -> Segment | None:
    segments = (strongest_segment(course, residual, part, h) for part, h in parts.items())
    return max((s for s in segments if s is not None), key=lambda s: s.gain, default=None)


def _stands_out(segment: Segment, sensitivity: float) -> bool:
    days = segment.last - segment.first
    least = _LEAST_STRENGTH + _SHORT_STRENGTH / np.sqrt(days)
    return segment.strength * sensitivity >= least


def _is_large(segment: Segment, sensitivity: float) -> bool:
    least = _LEAST_SHARE if segment.mean > 0 else _LEAST_SHARE_BELOW
    return abs(segment.share) * sensitivity >= least


def _is_break(segment: Segment, course: Course) -> bool:
    """Whether these are but days off that nobody has announced: less use, yet that of a day off."""
    if segment.mean > 0 or segment.last - segment.first > _LONGEST_BREAK_DAYS:
        return False
    within = (course.day >= segment.first) & (course.day < segment.last) & np.isfinite(course.use)
    known = np.isfinite(course.expected)
    off = known & course.off
    if not off.any():
        return False
    usual = np.bincount(course.hour[off], weights=course.expected[off], minlength=24)
    usual /= np.maximum(np.bincount(course.hour[off], minlength=24), 1)
    return float(course.use[within].sum()) >= _EMPTY_SHARE * float(usual[course.hour[within]].sum())


def _without(segment: Segment, course: Course, residual: Floats) -> Floats:
    """What is left when the mean course of the day over the segment is taken out; a ramp's grows."""
    within = (course.day >= segment.first) & (course.day < segment.last) & np.isfinite(residual)
    kind = (course.hour + 24 * course.off)[within]
    days = segment.last - segment.first
    weight = (
        (course.day[within] - segment.first + 0.5) / days if segment.ramp else np.ones(len(kind))
    )
    top = np.bincount(kind, weights=weight * residual[within], minlength=48)
    bottom = np.bincount(kind, weights=weight**2, minlength=48)
    profile = np.divide(top, bottom, out=np.zeros(48), where=bottom > 0)
    left = residual.copy()
    left[within] -= weight * profile[kind]
    return left
