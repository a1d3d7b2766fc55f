"""Values in another unit: the course of use as ever, ten or a thousand times too high or too low."""

from collections.abc import Iterator

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.dead import runs
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found
from analytics.grid import Floats

_LEAST_H = 2
_OFF_DECADE = 0.35
"""How far the logarithm to base 10 of use over expectation may lie from a whole number."""

_MEDIAN_OFF_DECADE = 0.2
_CERTAIN = 12.0


def find_unit_mistakes(course: Course) -> Iterator[Found]:
    """Runs of hours in which use is some power of ten times what is expected, upwards or down."""
    decades = _decades(course)
    nearest = np.nan_to_num(np.round(decades)).astype(int)
    for power in (-3, -2, -1, 1, 2, 3):
        alike = (nearest == power) & (np.abs(decades - power) <= _OFF_DECADE)
        for first, last in runs(alike & _clear(course)):
            median = float(np.median(decades[first:last]))
            if last - first >= _LEAST_H and abs(median - power) <= _MEDIAN_OFF_DECADE:
                hours = np.arange(first, last)
                evidence = {"factor": 10.0**power}
                yield Found(Shape.RUN, Likely.UNIT_MISTAKE, hours, _CERTAIN, evidence)


def _decades(course: Course) -> Floats:
    """Powers of ten between what is expected and what was used; NaN where one is not above zero."""
    both = (course.use > 0) & (course.expected > 2 * course.scale)
    ratio = np.divide(course.use, course.expected, out=np.ones_like(course.use), where=both)
    return np.where(both, np.log10(ratio), np.nan)


def _clear(course: Course) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Hours so far off that no ordinary variation bears them."""
    return np.abs(course.use - course.expected) > 4 * course.scale
