"""Use that grows slowly: beside the weeks around only its last weeks show, as a step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.naming import effects_of, part_alone
from analytics.anomalies.parts import Part
from analytics.anomalies.segments import Segment
from analytics.grid import Bools, Floats

_LEAST_STEP_DAYS, _SHORTEST_DAYS, _LONGEST_DAYS = 7, 28, 183
_EARLIER_DAYS = 7
_BETTER = 1.15
"""How much more growth must explain than the step: of a true step it explains nine tenths at most."""


@dataclass(frozen=True)
class Peeled:
    """A segment, what differed from expectation before it was taken out, and what of that was."""

    segment: Segment
    residual: Floats
    taken: Floats


def as_creep(
    peeled: Peeled, course: Course, residual: Floats, parts: Mapping[Part, Bools]
) -> Peeled:
    """A step that is better told as the end of use that grew: then from where it began to grow.

    residual
        What differs from the expectation itself, without the other segments.
    """
    segment = peeled.segment
    if segment.mean < 0 or segment.last - segment.first < _LEAST_STEP_DAYS:
        return peeled
    if part_alone(effects_of(segment, course, peeled.residual, parts)) is not None:
        return peeled
    days = _day_means(course, residual)
    first, last = segment.first, segment.last
    step = _gain(days[first:last], np.ones(last - first))
    starts = np.arange(
        max(last - _LONGEST_DAYS, 0), min(first - _EARLIER_DAYS, last - _SHORTEST_DAYS) + 1
    )
    gains = [_gain(days[s:last], (np.arange(last - s) + 0.5) / (last - s)) for s in starts]
    if not gains or max(gains) < _BETTER * step:
        return peeled
    begun = int(starts[int(np.argmax(gains))])
    grown = replace(segment, first=begun, ramp=True, part=Part.ALL)
    return replace(peeled, segment=grown, residual=residual)


def _day_means(course: Course, residual: Floats) -> Floats:
    """Mean difference of every day; 0 where nothing is known."""
    known = np.isfinite(residual)
    total = np.bincount(course.day[known], weights=residual[known], minlength=course.days)
    mean: Floats = total / np.maximum(np.bincount(course.day[known], minlength=course.days), 1)
    return mean


def _gain(values: Floats, shape: Floats) -> float:
    """What a shape, upwards, explains of the values."""
    weighted = float((values * shape).sum())
    return weighted**2 / float((shape**2).sum()) if weighted > 0 else 0.0
