"""Non-routine events on the adjusted baseline, interval by interval."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import Interval, UseSeries
from quotawatt.performance.values import EventKind, NonRoutineEvent
from quotawatt.spans import Span, local_midnight

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def adjustments(
    series: UseSeries, expected: Floats, events: Sequence[NonRoutineEvent]
) -> tuple[Floats, Bools]:
    """What events add to each interval's expected use, in the series' unit, and which do not count at all.

    An amount a day is spread evenly over the day's time; an interval that an event touches only in part
    takes that part of it. An interval that excluded days touch does not count.
    """
    added = np.zeros(len(expected))
    excluded = np.zeros(len(expected), dtype=bool)
    edges = edges_of(series)
    days = local_days(edges, series.zone)
    for event in events:
        shared = _shared(edges, event_span(event, series))
        if event.kind is EventKind.EXCLUDED:
            excluded |= shared > 0
        elif event.kind is EventKind.AMOUNT:
            added += shared * days * (event.amount or 0.0)
        else:
            added += shared * np.nan_to_num(expected) * (event.amount or 0.0) / 100
    return added, excluded


def event_span(event: NonRoutineEvent, series: UseSeries) -> Span:
    """The instants of an event's local days."""
    return Span(
        local_midnight(event.first_day, series.zone), local_midnight(event.until, series.zone)
    )


def edges_of(series: UseSeries) -> pd.DatetimeIndex:
    """Where the intervals of a series begin, and where the last one ends (UTC)."""
    return interval_edges(pd.DatetimeIndex(series.frame.index), series.zone, series.interval)


def interval_edges(
    starts: pd.DatetimeIndex, zone: ZoneInfo, interval: Interval
) -> pd.DatetimeIndex:
    """The starts of intervals in a row, and the end of the last one (UTC)."""
    if not len(starts):
        return starts
    last = starts[-1].tz_convert(zone)
    if interval is Interval.HOUR:
        last = starts[-1] + pd.Timedelta(hours=1)
    elif interval is Interval.DAY:
        last += pd.DateOffset(days=1)
    else:
        last += pd.DateOffset(months=1)
    return pd.DatetimeIndex([*starts, last.tz_convert("UTC")])


def local_days(edges: pd.DatetimeIndex, zone: ZoneInfo) -> Floats:
    """How many local days each interval has: of an hour of an ordinary day 1/24, in spring 1/23."""
    if not len(edges):
        return np.zeros(0)
    local = edges.tz_convert(zone)
    midnight = local.normalize()
    next_midnight = (midnight + pd.DateOffset(days=1)).normalize()
    into = (local - midnight) / (next_midnight - midnight)
    day = (midnight.tz_localize(None) - pd.Timestamp(0)) / pd.Timedelta(days=1)
    return np.diff(day.to_numpy(float) + into.to_numpy(float))


def _shared(edges: pd.DatetimeIndex, span: Span) -> Floats:
    """The share of each interval that lies in the span."""
    if not len(edges):
        return np.zeros(0)
    at = (edges - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(hours=1)
    start, end = (
        (pd.Timestamp(instant) - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(hours=1)
        for instant in (span.start, span.end)
    )
    clipped = np.clip(at.to_numpy(float), start, end)
    found: Floats = np.diff(clipped) / np.diff(at.to_numpy(float))
    return found
