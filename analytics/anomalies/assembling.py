"""Anomalies as values, from the hours that were found."""

from collections.abc import Sequence

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Anomaly
from analytics.anomalies.found import Found

_STRENGTHS = (0.5, 1.0, 1.75, 2.25, 3.0, 6.0)
_MEASURED = (0.3, 0.45, 0.5, 0.8, 0.9, 0.97)
"""Shares of events of these strengths that were faults put into real buildings; docs/anomalies.md."""


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
    """How surely it is no ordinary variation, 0 to 1, by multiples of what makes an anomaly."""
    return float(np.interp(strength, _STRENGTHS, _MEASURED))
