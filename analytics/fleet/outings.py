"""How many vehicles of a group are out at once, and how many would have carried all it drove.

An outing is one trip after the other of a vehicle with rests shorter than ``REST``: it waits for whom it
brought, and nobody else can have it. The least number of vehicles that carry all outings is the greatest
number that are out at once: outings are intervals, and a graph of intervals needs as many colours as its
largest clique. Handed out by whole days more are needed: the most that were used on any one day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.fleet.tripframe import local_days

Ints = NDArray[np.int64]

REST = timedelta(hours=2)
"""A longer rest ends an outing: ours, no standard's. Shorter, a vehicle away from home waits."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """The most vehicles out at once, when that first was (UTC), and the most by local hour of the day."""

    most: int
    at: datetime | None
    by_hour: tuple[int, ...]


def outings(trips: pd.DataFrame, rest: timedelta = REST) -> pd.DataFrame:
    """The outings of trips (``TRIP_COLUMNS``): columns vehicle, start, end, by vehicle and start."""
    ordered = trips.sort_values(["vehicle", "start"])[["vehicle", "start", "end"]]
    latest = ordered.groupby("vehicle", observed=True)["end"].cummax()
    before = latest.groupby(ordered["vehicle"], observed=True).shift()
    begins = before.isna() | (ordered["start"] - before >= rest)
    number = begins.cumsum().rename("number")
    grouped = ordered.assign(number=number).groupby("number")
    found = grouped.agg(vehicle=("vehicle", "first"), start=("start", "min"), end=("end", "max"))
    return found.reset_index(drop=True)


def concurrency(intervals: pd.DataFrame, zone: ZoneInfo) -> Concurrency:
    """Of intervals ``[start, end)`` with columns start and end."""
    if intervals.empty:
        return Concurrency(0, None, (0,) * 24)
    times, out = _course(intervals)
    most = int(out.max())
    hours = _by_hour(times, out, zone)
    return Concurrency(most, times[int(np.argmax(out))].to_pydatetime(), hours)


def most_on_a_day(intervals: pd.DataFrame, zone: ZoneInfo) -> tuple[int, date | None]:
    """The most vehicles that are used on any one local day, and the first such day."""
    if intervals.empty:
        return 0, None
    first, last = (local_days(intervals[name], zone) for name in ("start", "end"))
    spread = [
        pd.DataFrame({"vehicle": intervals["vehicle"], "day": first + pd.Timedelta(days=n)})[
            first + pd.Timedelta(days=n) <= last
        ]
        for n in range(int((last - first).dt.days.max()) + 1)
    ]
    per_day = pd.concat(spread).drop_duplicates().groupby("day").size()
    most = int(per_day.max())
    return most, pd.Timestamp(str(per_day.idxmax())).date()


def _course(intervals: pd.DataFrame) -> tuple[pd.DatetimeIndex, Ints]:
    """How many are out from each instant on at which that changes; who returns makes room at once."""
    changes = pd.concat(
        [
            pd.Series(1, index=pd.DatetimeIndex(intervals["start"])),
            pd.Series(-1, index=pd.DatetimeIndex(intervals["end"])),
        ]
    )
    net = changes.groupby(level=0).sum().sort_index()
    return pd.DatetimeIndex(net.index), np.cumsum(np.asarray(net, dtype=np.int64))


def _by_hour(times: pd.DatetimeIndex, out: Ints, zone: ZoneInfo) -> tuple[int, ...]:
    """The most that are out in each local hour of the day, those out at its beginning included."""
    whole = pd.date_range(times[0].floor("h"), times[-1], freq="h")
    at_hours = np.searchsorted(times.as_unit("us").asi8, whole.as_unit("us").asi8, side="right") - 1
    running = np.where(at_hours >= 0, out[np.maximum(at_hours, 0)], 0)
    hours = np.concatenate([times.tz_convert(zone).hour, whole.tz_convert(zone).hour])
    values = np.concatenate([out, running])
    found = np.zeros(24, dtype=np.int64)
    np.maximum.at(found, hours, values)
    return tuple(int(value) for value in found)
