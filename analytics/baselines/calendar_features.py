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
_BRIDGE_DAYS = 3
_TABLE_DAYS = 92


class Calendar(NamedTuple):
    """Of each interval: local hour (0 to 23), day of the week (0: Monday), kind of day, local day.

    ``day`` counts days since 1 January 1970; ``kind`` is one of ``WORKING``, ``DAY_OFF``, ``HOLIDAY`` and
    ``MAKE_UP``. ``bridge``: a working day of at most three between days off, when many stay away.
    """

    hour: Ints
    weekday: Ints
    kind: Ints
    day: Ints
    bridge: NDArray[np.bool_]

    @property
    def off(self) -> NDArray[np.bool_]:
        """Whether nobody is expected to work."""
        return np.isin(self.kind, (DAY_OFF, HOLIDAY))


def calendar_of(starts: pd.DatetimeIndex, zone: ZoneInfo, country: str) -> Calendar:
    """The calendar of intervals that begin at ``starts`` (aware; any order, gaps allowed)."""
    local = starts.tz_convert(zone).tz_localize(None).as_unit("us").to_numpy().astype(np.int64)
    day = local // _DAY_US
    hour = (local % _DAY_US) // _HOUR_US
    weekday = (day + _EPOCH_WEEKDAY) % 7
    kind, bridge = _days_of(day, country)
    return Calendar(hour, weekday, kind, day, bridge)


def _days_of(day: Ints, country: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Kind of each day and whether it is a bridge."""
    if not len(day):
        return day, day.astype(bool)
    # Whole quarters, so that a few tables serve all.
    first = int(day.min()) // _TABLE_DAYS * _TABLE_DAYS
    last = (int(day.max()) // _TABLE_DAYS + 1) * _TABLE_DAYS
    kinds, bridges = _table(first, last, country)
    return kinds[day - first], bridges[day - first]


@kept(maxsize=256)
def _table(first: int, end: int, country: str) -> tuple[Ints, NDArray[np.bool_]]:
    """Kinds and bridges of the days from ``first`` to before ``end``, days since 1970."""
    days = np.arange(first - _BRIDGE_DAYS - 1, end + _BRIDGE_DAYS + 1)
    dates = days.astype("datetime64[D]").tolist()
    worked = np.array([is_working_day(d, country) for d in dates], dtype=bool)
    weekend = np.array([is_weekend(d, country) for d in dates], dtype=bool)
    kinds = np.select(
        [worked & ~weekend, ~worked & weekend, ~worked & ~weekend],
        [WORKING, DAY_OFF, HOLIDAY],
        default=MAKE_UP,
    ).astype(np.int64)
    edge = np.flatnonzero(np.diff(worked)) + 1
    lengths = np.diff(np.concatenate([[0], edge, [len(days)]]))
    bridge = worked & (np.repeat(lengths, lengths) <= _BRIDGE_DAYS)
    inner = slice(_BRIDGE_DAYS + 1, len(days) - _BRIDGE_DAYS - 1)
    return kinds[inner], bridge[inner]
