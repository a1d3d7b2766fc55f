"""Which trips carried somebody, by the orders of their vehicle: the others are empty running (空驶).

A trip in the time of an order with passengers carried them. One in the time of orders without passengers
only, or in the time of none, was empty: a tolerance is allowed for, since people write quarters of an hour.
Of a vehicle that has no order in the whole time nothing says what it drove for: its trips are unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TOLERANCE = timedelta(minutes=30)
"""As orders and trips are matched."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Carried(IntEnum):
    """What a trip carried."""

    UNKNOWN = 0
    EMPTY = 1
    PASSENGERS = 2


@dataclass(frozen=True, slots=True)
class OrderWindow:
    """The time of an order that stands (UTC, ``[start, end)``), and how many it was to carry."""

    vehicle: str
    start: datetime
    end: datetime
    passengers: int


def carried_by_trip(
    trips: pd.DataFrame, windows: Iterable[OrderWindow], tolerance: timedelta = TOLERANCE
) -> NDArray[np.int8]:
    """``Carried`` of each trip of a table of ``TRIP_COLUMNS``, in its order."""
    by_vehicle: dict[str, list[OrderWindow]] = {}
    for window in windows:
        by_vehicle.setdefault(window.vehicle, []).append(window)
    found = np.full(len(trips), Carried.UNKNOWN, dtype=np.int8)
    starts, ends = (_micros(trips[name]) for name in ("start", "end"))
    for vehicle, rows in _rows_of(trips).items():
        own = by_vehicle.get(vehicle)
        if own:
            with_people = [window for window in own if window.passengers > 0]
            inside = _overlaps(starts[rows], ends[rows], with_people, tolerance)
            found[rows] = np.where(inside, Carried.PASSENGERS, Carried.EMPTY)
    return found


def _rows_of(trips: pd.DataFrame) -> Mapping[str, Ints]:
    groups = trips.groupby("vehicle", observed=True).indices
    return {str(vehicle): np.asarray(rows, dtype=np.int64) for vehicle, rows in groups.items()}


def _micros(instants: "pd.Series[pd.Timestamp]") -> Ints:
    return np.asarray(instants.dt.as_unit("us").astype("int64"), dtype=np.int64)


def _overlaps(
    starts: Ints, ends: Ints, windows: Iterable[OrderWindow], tolerance: timedelta
) -> Bools:
    """Whether each trip overlaps any of the windows."""
    sorted_windows = sorted(windows, key=lambda window: window.start)
    if not sorted_windows:
        return np.zeros(len(starts), dtype=np.bool_)
    begin, until = (
        _micros(pd.Series(pd.to_datetime([getattr(w, name) for w in sorted_windows], utc=True)))
        for name in ("start", "end")
    )
    latest = np.maximum.accumulate(until)
    slack = tolerance // timedelta(microseconds=1)
    before = np.searchsorted(begin, ends + slack, side="left")
    inside: Bools = (before > 0) & (latest[np.maximum(before - 1, 0)] > starts - slack)
    return inside
