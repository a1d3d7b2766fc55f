"""The demo's grid of time: quarter-hours of local time, from the start of 2022 on.

Step ``i`` is the quarter-hour ``[mark i, mark i + 1)``; a load or use belongs to a step, a register
shows at a mark. The demo's zone is Asia/Shanghai, which has had no DST since 1991, so every local
day has 96 steps.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from quotawatt.calendars import is_working_day
from quotawatt.spans import local_midnight
from simulators.streams import Floats

ZONE = ZoneInfo("Asia/Shanghai")
STEP_S = 900
STEPS_PER_HOUR = 4
STEPS_PER_DAY = 96
WORLD_START = date(2022, 1, 1)
DEMO_START = date(2023, 1, 1)

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def midnight_s(day: date) -> int:
    """Local midnight at which ``day`` begins, in seconds since the epoch."""
    return int(local_midnight(day, ZONE).timestamp())


@dataclass(frozen=True)
class Timeline:
    """All quarter-hours of the local days ``[first, until)``."""

    first: date
    until: date

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The local days, in order."""
        count = (self.until - self.first).days
        return tuple(self.first + timedelta(days=n) for n in range(count))

    @property
    def steps(self) -> int:
        """How many quarter-hours there are."""
        return len(self.days) * STEPS_PER_DAY

    @cached_property
    def marks_s(self) -> Ints:
        """Ends of the steps in seconds since the epoch; one more than there are steps."""
        return midnight_s(self.first) + STEP_S * np.arange(self.steps + 1, dtype=np.int64)

    @cached_property
    def hour(self) -> Floats:
        """Local hour of day in the middle of each step, 0.125 to 23.875."""
        return np.tile((np.arange(STEPS_PER_DAY) + 0.5) / STEPS_PER_HOUR, len(self.days))

    @cached_property
    def day_of_year(self) -> Floats:
        """Days since the year's start in the middle of each step."""
        starts = np.array([day.timetuple().tm_yday - 1 for day in self.days], dtype=np.float64)
        return np.repeat(starts, STEPS_PER_DAY) + self.hour / 24

    @cached_property
    def working_days(self) -> Flags:
        """Whether each day is worked, by the Chinese calendar of holidays and make-up days."""
        return np.array([is_working_day(day) for day in self.days], dtype=np.bool_)

    @cached_property
    def working(self) -> Flags:
        """``working_days`` for each step."""
        return np.repeat(self.working_days, STEPS_PER_DAY)

    def mark(self, day: date) -> int:
        """Index of the mark at which the local ``day`` begins; it may lie outside the grid."""
        return (day - self.first).days * STEPS_PER_DAY

    def over_days(self, by_day: Floats) -> Floats:
        """A value a day, held over the day's steps."""
        return np.repeat(by_day, STEPS_PER_DAY)

    def between_midnights(self, at_midnights: Floats) -> Floats:
        """Values at the midnights (one more than days), interpolated to the middle of each step."""
        knots = np.arange(len(self.days) + 1, dtype=np.float64)
        return np.interp((np.arange(self.steps) + 0.5) / STEPS_PER_DAY, knots, at_midnights)
