"""Anomalies as values, from the hours that were found."""

from collections.abc import Sequence

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Anomaly
from analytics.anomalies.found import Found

_MIDDLE, _STEEPNESS = 4.0, 1.0


def assemble(course: Course, found: Sequence[Found]) -> list[Anomaly]:
    """One anomaly for each, by start."""
    return sorted((_anomaly(course, f) for f in found), key=lambda a: (a.start, a.likely))


def _anomaly(course: Course, found: Found) -> Anomaly:
    hours = found.hours
    known = hours[np.isfinite(course.expected[hours])]
    expected = float(course.expected[known].sum())
    use = float(np.nansum(course.use[known]))
    last = int(hours[-1])
    return Anomaly(
        subject=course.series.subject,
        measure=course.series.measure,
        shape=found.shape,
        likely=found.likely,
        start=course.start_of(int(hours[0])),
        end=course.end_of(last),
        open=bool(last + 24 >= len(course.starts)),
        hours=len(hours),
        size=use - expected,
        expected=expected,
        confidence=confidence(found.strength),
        evidence=found.evidence,
    )


def confidence(strength: float) -> float:
    """How surely a strength is no ordinary variation, 0 to 1."""
    return float(1 / (1 + np.exp(-_STEEPNESS * (strength - _MIDDLE))))
