"""What the clock and the working calendar say of each interval: features that every model shares."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.calendars import is_weekend, is_working_day, kept

Ints = NDArray[np.int64]

WORKING, DAY_OFF, HOLIDAY, MAKE_UP = range(4)
"""Kinds of days: an ordinary working day, its weekend, a weekday that is off, a weekend that is worked."""

_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
_DAY_US = 86_400_000_000
_HOUR_US = 3_600_000_000


class Calendar(NamedTuple):
    """Of each interval: local hour (0 to 23), day of the week (0: Monday), kind of day, local day.

    ``day`` counts days since 1 January 1970; ``kind`` is one of ``WORKING``, ``DAY_OFF``, ``HOLIDAY`` and
    ``MAKE_UP``.
    """

    hour: Ints
    weekday: Ints
    kind: Ints
    day: Ints

    @property
    def off(self) -> NDArray[np.bool_]:
        """Whether nobody is expected to work."""
        return (self.kind == DAY_OFF) | (self.kind == HOLIDAY)


def calendar_of(starts: pd.DatetimeIndex, zone: ZoneInfo, country: str) -> Calendar:
    """The calendar of intervals that begin at ``starts`` (aware; any order, gaps allowed)."""
    local = starts.tz_convert(zone).tz_localize(None).as_unit("us").to_numpy().astype(np.int64)
    day = local // _DAY_US
    hour = (local % _DAY_US) // _HOUR_US
    weekday = (day + _EPOCH_WEEKDAY) % 7
    return Calendar(hour, weekday, _kinds(day, country), day)


def _kinds(day: Ints, country: str) -> Ints:
    if not len(day):
        return day
    first, last = int(day.min()), int(day.max())
    return _kinds_of_days(first, last, country)[day - first]


@kept(maxsize=256)
def _kinds_of_days(first: int, last: int, country: str) -> Ints:
    """Kinds of the days from ``first`` to ``last``, days since 1970."""
    days = np.arange(first, last + 1)
    dates = days.astype("datetime64[D]").tolist()
    worked = np.array([is_working_day(d, country) for d in dates], dtype=bool)
    weekend = np.array([is_weekend(d, country) for d in dates], dtype=bool)
    kinds = np.select(
        [worked & ~weekend, ~worked & weekend, ~worked & ~weekend],
        [WORKING, DAY_OFF, HOLIDAY],
        default=MAKE_UP,
    ).astype(np.int64)
    kinds.setflags(write=False)
    return kinds
