"""Stretches of days, the strongest first; each is taken out before the next is looked for."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.creeping import Peeled, as_creep
from analytics.anomalies.medians import medians_around
from analytics.anomalies.partdays import PartDays, part_days
from analytics.anomalies.parts import Part
from analytics.anomalies.segments import Bar, Segment, strongest_segment
from analytics.grid import Bools, Floats

_MOST_SEGMENTS = 30

_STEPS = Bar(strength=5.0, short_strength=3.0, above=0.12, below=0.25)
_SWINGS = Bar(strength=3.5, short_strength=0.5, above=0.22, below=0.22)
"""Of gauges, whose differences are shares of what they move in."""

_LONG = Bar(strength=5.0, short_strength=0.0, above=0.15, below=0.3, least_days=28)

_SHOWN = 0.4
"""Of what a step differs from the weeks around, at least this share shows against the expectation."""

_SLOW_DAYS = 113
"""A level that came slower than in eight weeks is not a step."""

_LONGEST_BREAK_DAYS = 16
_EMPTY_SHARE = 0.6
"""A break uses at least this share of what days off use."""


def peel(
    course: Course, residual: Floats, parts: Mapping[Part, Bools], sensitivity: float
) -> tuple[list[Peeled], Floats]:
    """Segments that are out of the ordinary, and what is left when all of them are taken out.

    Steps are looked for beside the level of the weeks around, so that an expectation that has drifted makes
    none; then what is long, beside the expectation itself.
    """
    slow = slow_level(course, residual)
    bar = _SWINGS if course.gauge else _STEPS
    days = ((part, part_days(course, residual, hours)) for part, hours in parts.items())
    held = {part: known for part, known in days if known is not None}
    steps, left = _peeled(course, residual - slow, held, replace(bar, sensitivity=sensitivity))
    longer, _ = _peeled(course, left + slow, held, replace(_LONG, sensitivity=sensitivity))
    steps = [
        as_creep(p, course, left + slow + p.taken, parts)
        for p in steps
        if _shows(p.segment, residual, course, parts)
    ]
    return [*steps, *longer], left


def _shows(segment: Segment, residual: Floats, course: Course, parts: Mapping[Part, Bools]) -> bool:
    """Whether it lies on the same side of the expectation itself: beside a higher level it may not."""
    within = (course.day >= segment.first) & (course.day < segment.last) & parts[segment.part]
    return bool(np.nanmean(residual[within]) * np.sign(segment.mean) > abs(segment.mean) * _SHOWN)


def _peeled(
    course: Course, residual: Floats, held: Mapping[Part, PartDays], bar: Bar
) -> tuple[list[Peeled], Floats]:
    found: list[Peeled] = []
    for _ in range(_MOST_SEGMENTS):
        segments = (strongest_segment(days, residual, part, bar) for part, days in held.items())
        best = max((s for s in segments if s is not None), key=lambda s: s.gain, default=None)
        if best is None:
            break
        rest = _without(best, course, residual)
        if not _is_break(best, course):
            found.append(Peeled(best, residual, residual - rest))
        residual = rest
    return found, residual


def slow_level(course: Course, residual: Floats) -> Floats:
    """The level of the weeks around, of each hour of working days and days off."""
    if not course.days:
        return residual
    kind = course.hour + 24 * course.off
    table = np.full((course.days, 48), np.nan)
    table[course.day, kind] = residual
    medians = medians_around(table, _SLOW_DAYS)
    # Near an end fewer weeks would be known, and four of them would be half: the nearest whole ones stand.
    edge = min(_SLOW_DAYS, course.days) // 2
    near = np.clip(course.day, edge, course.days - 1 - edge)
    return np.nan_to_num(medians[near, kind])


def _is_break(segment: Segment, course: Course) -> bool:
    """Whether these are but days off that nobody has announced (Christmas, a week of festivals).

    Less use for up to 16 days, yet that of days off.
    """
    if course.gauge or segment.mean > 0 or segment.last - segment.first > _LONGEST_BREAK_DAYS:
        return False
    within = (course.day >= segment.first) & (course.day < segment.last) & np.isfinite(course.use)
    usual = float(_usual(course, course.off)[course.hour[within]].sum())
    return bool(0 < _EMPTY_SHARE * usual <= course.use[within].sum())


def _usual(course: Course, kind: Bools) -> Floats:
    """Mean expectation of every local hour of days of a kind; 0 where there are none."""
    chosen = kind & np.isfinite(course.expected)
    total = np.bincount(course.hour[chosen], weights=course.expected[chosen], minlength=24)
    mean: Floats = total / np.maximum(np.bincount(course.hour[chosen], minlength=24), 1)
    return mean


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
