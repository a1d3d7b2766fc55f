"""Values in another unit: the course of use as ever, ten or a thousand times too high or too low."""

from collections.abc import Iterator

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.event import Likely, Shape
from analytics.anomalies.found import Found, Positions
from analytics.grid import Floats

_LEAST_H = 3
_OFF_DECADE = 0.35
"""How far the logarithm to base 10 of use over expectation may lie from a whole number."""

_MEDIAN_OFF_DECADE = 0.25
_OFF_AT_MOST = 0.5
_CLEAR_SCALES = 4.0
"""Standard deviations that no ordinary variation bears."""

_LONGEST_GAP_H = 18
_FILLED = 0.4
_CERTAIN = 4.0

_PEAK_PERCENTILE = 99.0
"""Of what is expected: what the series can use."""

_THROUGHOUT = 0.85
"""Share of the hours that would tell which are in the other unit."""


def find_unit_mistakes(course: Course) -> Iterator[Found]:
    """Runs of hours in which use is some power of ten times what is expected, upwards or down.

    Hours of little use in between, which tell nothing by themselves, belong to it. What stays within what the
    series can use is in no other unit, nor what comes and goes with the hours of the day: something runs.
    """
    decades = _decades(course)
    clear = np.abs(course.use - course.expected) > _CLEAR_SCALES * course.scale
    for power in (-3, -2, -1, 1, 2, 3):
        towards = decades * np.sign(power)
        far = (
            clear & (towards >= abs(power) - _OFF_AT_MOST) & (towards <= abs(power) + _OFF_AT_MOST)
        )
        for positions in _together(np.flatnonzero(far)):
            off = np.abs(towards[positions] - abs(power))
            enough = (off <= _OFF_DECADE).sum() >= max(_LEAST_H, len(positions) / 2)
            if not enough or np.median(off) > _MEDIAN_OFF_DECADE:
                continue
            if not _something_runs(course, positions, power) and _throughout(
                course, positions, power
            ):
                hours = np.arange(positions[0], positions[-1] + 1)
                evidence = {"factor": 10.0**power}
                yield Found(Shape.RUN, Likely.UNIT_MISTAKE, hours, _CERTAIN, evidence=evidence)


def _something_runs(course: Course, positions: Positions, power: int) -> bool:
    """Whether use is higher, but within what the series can use: at night that is ten times as much, too."""
    peak = np.nanpercentile(course.expected, _PEAK_PERCENTILE)
    return bool(power > 0 and np.median(course.use[positions]) <= peak)


def _throughout(course: Course, positions: Positions, power: int) -> bool:
    """Whether nearly all hours from the first to the last are so, of those that would tell."""
    span = slice(int(positions[0]), int(positions[-1]) + 1)
    would_differ = abs(10.0**power - 1) * course.expected[span]
    tells = (course.use[span] > 0) & (would_differ > _CLEAR_SCALES * course.scale[span])
    return bool(len(positions) >= _THROUGHOUT * tells.sum())


def _together(positions: Positions) -> list[Positions]:
    """Positions in groups whose gaps are short, each group mostly filled."""
    if not len(positions):
        return []
    groups = np.split(positions, np.flatnonzero(np.diff(positions) > _LONGEST_GAP_H) + 1)
    return [g for g in groups if len(g) >= _FILLED * (g[-1] - g[0] + 1)]


def _decades(course: Course) -> Floats:
    """Powers of ten between what is expected and what was used; NaN where one is not above zero."""
    both = (course.use > 0) & (course.expected > 2 * course.scale)
    ratio = np.divide(course.use, course.expected, out=np.ones_like(course.use), where=both)
    return np.where(both, np.log10(ratio), np.nan)
