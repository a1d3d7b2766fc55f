"""A part of the day over the days of a course: what a search for stretches needs of each, made once."""

from dataclasses import dataclass

import numpy as np

from analytics.anomalies.course import Course
from analytics.anomalies.found import Positions
from analytics.anomalies.points import persistence, quiet_sd
from analytics.grid import Bools, Floats

_NARROWEST, _WIDEST = 0.25, 0.7
"""Days' means scatter by at least and at most these shares of an hour's standard deviation."""

_LEAST_KNOWN = 0.75


@dataclass(frozen=True)
class PartDays:
    """Days that have enough of a part of the day, whatever differs in them.

    hours, of_day
        Positions of its known intervals, and the day of each.
    day, count
        Those days, and how many such intervals each has.
    level_sums
        Sums of the days' mean levels before each.
    hourly_sd
        Median of the intervals' standard deviations.
    """

    hours: Positions
    of_day: Positions
    day: Positions
    count: Positions
    level_sums: Floats
    hourly_sd: float


@dataclass(frozen=True)
class Days:
    """Mean differences of a part of the day, one for each of its days; sums of all before each.

    width
        Standard deviation of the means, as they show.
    lasting
        How much of one day's difference the next one has.
    """

    day: Positions
    mean: Floats
    sums: Floats
    level_sums: Floats
    width: float
    lasting: float


def part_days(course: Course, residual: Floats, within: Bools) -> PartDays | None:
    """The days that have enough known intervals in a part of the day; None where there are none."""
    hours = np.flatnonzero(within & np.isfinite(residual))
    of_day, size = course.day[hours], course.days
    count = np.bincount(of_day, minlength=size)
    full = np.bincount(course.day[within], minlength=size)
    kept = np.flatnonzero((count > 0) & (count >= _LEAST_KNOWN * full))
    if not len(kept):
        return None
    level = np.bincount(of_day, weights=course.level[hours], minlength=size)[kept] / count[kept]
    level_sums = np.append(0.0, np.cumsum(level))
    hourly = float(np.median(course.scale[hours]))
    return PartDays(hours, of_day, kept, count[kept], level_sums, hourly)


def days_of(part: PartDays, residual: Floats) -> Days:
    """What differs in a part of the day; ``residual`` is known where the part was made to know it."""
    total = np.bincount(part.of_day, weights=residual[part.hours])
    mean = total[part.day] / part.count
    width = min(max(quiet_sd(mean), _NARROWEST * part.hourly_sd), _WIDEST * part.hourly_sd)
    sums = np.append(0.0, np.cumsum(mean))
    return Days(part.day, mean, sums, part.level_sums, width, persistence(mean / width))
