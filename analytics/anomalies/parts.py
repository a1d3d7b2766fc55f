"""Parts of the day and the week that faults live in: nights, evenings, weekends, working hours."""

from enum import StrEnum

import numpy as np

from analytics.anomalies.course import Course
from analytics.grid import Bools

_NIGHT_FROM, _NIGHT_UNTIL = 22, 6
_DAY_FROM, _DAY_UNTIL = 8, 18


class Part(StrEnum):
    """Hours of the local clock: nights are 22 to 6 h, days 8 to 18 h, evenings 18 to 22 h."""

    ALL = "all"
    NIGHT = "night"
    EVENING = "evening"
    WORKING = "working"
    OFF = "off"


def part_hours(course: Course) -> dict[Part, Bools]:
    """Which intervals belong to each part; gauges, and intervals of a day or longer, have none."""
    everything = np.ones(len(course.hour), dtype=bool)
    if course.gauge:
        return {Part.ALL: everything}
    if course.columns == 1:
        return {Part.ALL: everything, Part.OFF: course.off}
    daytime = (course.hour >= _DAY_FROM) & (course.hour < _DAY_UNTIL)
    night = (course.hour >= _NIGHT_FROM) | (course.hour < _NIGHT_UNTIL)
    return {
        Part.ALL: everything,
        Part.NIGHT: night,
        Part.EVENING: (course.hour >= _DAY_UNTIL) & ~night & ~course.off,
        Part.WORKING: daytime & ~course.off,
        Part.OFF: daytime & course.off,
    }
