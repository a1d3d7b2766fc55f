"""Anomalies of a series against what was expected of it: each one event."""

import numpy as np
import pandas as pd

from analytics.anomalies.assembling import assemble
from analytics.anomalies.course import Course, course_of
from analytics.anomalies.dead import find_outages, find_stuck
from analytics.anomalies.event import Anomaly
from analytics.anomalies.found import Found
from analytics.anomalies.parts import part_hours
from analytics.anomalies.peeling import peel
from analytics.anomalies.points import find_spikes, strongest_run
from analytics.anomalies.stretches import as_found, is_so, merged
from analytics.anomalies.units import find_unit_mistakes
from analytics.baselines.series import UseSeries
from analytics.grid import Floats
from quotawatt.errors import InputError

_MOST_RUNS = 30

_FULL_SHARE = 1.2
"""A holiday that is worked uses at most this share of what working days use on the mean."""


def find_anomalies(
    series: UseSeries, expected: pd.DataFrame, *, sensitivity: float = 1.0
) -> list[Anomaly]:
    """Events in which the series is out of the ordinary, by start.

    expected
        Columns ``expected``, ``low`` and ``high`` (90 %) by the series' starts; NaN where not known: what
        is missing is never out of the ordinary.
    sensitivity
        Above 1 finds smaller anomalies, and more that are none; below 1 the other way.

    Raises InputError for a sensitivity not above 0, or frames without their columns.
    """
    if not 0 < sensitivity < np.inf:
        raise InputError(f"sensitivity must be a number above 0, got {sensitivity}")
    if not len(series.frame) or not len(expected):
        return []
    course = course_of(series, expected)
    residual = _residual(course)
    if not np.isfinite(residual).any():
        return []
    found, residual = _gross(course, residual)
    parts = part_hours(course)
    stretches, left = peel(course, residual, parts, sensitivity)
    stretched = [one for p in stretches if is_so(one := as_found(p, course, parts), course)]
    rest = [*stretched, *_runs(course, left, sensitivity)]
    if course.gauge:
        return assemble(course, merged([*found, *rest], course))
    return assemble(course, [*found, *merged(rest, course)])


def _residual(course: Course) -> Floats:
    """What differs from expectation; weekdays that are public holidays may be worked as well as not."""
    residual: Floats = course.use - course.expected
    working = ~course.off & np.isfinite(course.expected)
    if course.gauge or not course.holiday.any() or not working.any():
        return residual
    total = np.bincount(course.hour[working], weights=course.expected[working], minlength=24)
    usual = total / np.maximum(np.bincount(course.hour[working], minlength=24), 1)
    full = _FULL_SHARE * usual[course.hour]
    lowest, highest = np.minimum(course.expected, full), np.maximum(course.expected, full)
    worked = course.holiday & (course.use >= lowest) & (course.use <= highest)
    return np.where(worked, 0.0, residual)


def _gross(course: Course, residual: Floats) -> tuple[list[Found], Floats]:
    """What the meter itself does wrong, and what is left to look at without these hours."""
    found: list[Found] = []
    left = residual.copy()
    outages, units = ((), ()) if course.gauge else ((find_outages,), (find_unit_mistakes,))
    for finder in (*outages, find_stuck, *units):
        for one in finder(course):
            if (
                2 * np.isfinite(left[one.hours]).sum() >= len(one.hours)
                or "missing_h" in one.evidence
            ):
                found.append(one)
                left[one.hours] = np.nan
    for one in find_spikes(course, left):
        found.append(one)
        left[one.hours] = np.nan
    return found, left


def _runs(course: Course, residual: Floats, sensitivity: float) -> list[Found]:
    """Hours in a row that stand out from what is left, the strongest first."""
    left = residual.copy()
    found: list[Found] = []
    if course.columns == 1:
        return found
    for _ in range(_MOST_RUNS):
        run = strongest_run(course, left)
        if run is None or run.strength * sensitivity < 1:
            break
        found.append(run)
        left[run.hours] = np.nan
    return found
