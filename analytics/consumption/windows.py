"""What has to be computed anew after readings were touched: which series together, over which hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from analytics.consumption.cleaning import GAUGES, TAKEN, CleanReadings
from analytics.consumption.points import Wiring
from analytics.consumption.policy import REACH
from analytics.grid import Key, Micros, instant_of, micros_of
from quotawatt.readings import SeriesKey
from quotawatt.spans import HOUR, Span, ceil_hour, floor_hour
from quotawatt.storage.touched import Touched

CONTEXT = 24
"""Readings to read on either side, so that most meters need no second look: those in reach, the rest of
the hour that they lead into, and what tells whether they are glitches."""

_TELLING = 4  # readings beyond a window that tell what counts inside it

_SHORT = timedelta(days=8)
_TOGETHER = {True: timedelta(days=4), False: timedelta(days=31)}


@dataclass(frozen=True)
class TouchedGroup:
    """Series that were touched at about the same time, and the hours within which all of them were."""

    series: tuple[SeriesKey, ...]
    span: Span


def group_touched(marks: Iterable[Touched]) -> list[TouchedGroup]:
    """Marks of quantities that results are made from, grouped so that little is read that was not touched.

    A late reading of last month must not pull in a month of every series that reported today: series
    touched over more than eight days stand apart, and groups begin within a few days.
    """
    hours: dict[SeriesKey, list[datetime]] = {}
    for device, channel, quantity, hour in marks:
        if quantity in TAKEN:
            hours.setdefault(SeriesKey(device, channel, quantity), []).append(hour)
    spans = {key: Span(min(found), max(found) + HOUR) for key, found in hours.items()}
    groups: list[TouchedGroup] = []
    for short in (True, False):
        mine = [(s, k) for k, s in spans.items() if (s.end - s.start <= _SHORT) == short]
        groups += _by_start(sorted(mine, key=lambda m: (m[0].start, m[1])), _TOGETHER[short])
    return sorted(groups, key=lambda g: (g.span.start, g.series))


def reach_windows(readings: CleanReadings, wiring: Wiring, group: TouchedGroup) -> dict[Key, Span]:
    """For each point that the group feeds, the hours in which its results can change.

    That is the group's span and, for counters, the increments that a change within it can alter.
    """
    windows: dict[Key, Span] = {}
    index = {series: i for i, series in enumerate(readings.series)}
    for series in group.series:
        reached = group.span
        if series in index and series.quantity not in GAUGES:
            low, high = readings.offsets[index[series] : index[series] + 2]
            reached = _reached(readings.time_us[low:high], group.span)
        for point in wiring.points_of([series]):
            windows[point] = hull([windows.get(point, reached), reached])
    return windows


def limited(
    windows: Mapping[Key, Span], now: datetime, frozen: datetime | None = None
) -> dict[Key, Span]:
    """The windows without hours that begin at ``now`` or later, or lie before ``frozen`` (a full hour).

    Those that are nothing else go.
    """
    end = ceil_hour(now)
    return {
        key: Span(max(span.start, frozen or span.start), min(span.end, end))
        for key, span in windows.items()
        if span.start < end and (frozen is None or frozen < span.end)
    }


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all of them; there is at least one."""
    all_spans = list(spans)
    return Span(min(s.start for s in all_spans), max(s.end for s in all_spans))


def unread(
    readings: CleanReadings, wiring: Wiring, windows: Mapping[Key, Span], read: Span
) -> dict[Key, Span]:
    """The windows that what was read does not suffice for.

    readings
        Those of all series that feed the points in ``read``, with ``CONTEXT`` more on either side where
        there are so many.
    """
    index = {series: i for i, series in enumerate(readings.series)}
    short = {}
    for point, window in windows.items():
        for stretch in wiring.sources(point):
            i = index.get(stretch.series)
            if i is None:
                # Not read at all, if it feeds the point outside of what was read only.
                known = stretch.overlaps(read) or not stretch.overlaps(window)
            else:
                times = readings.time_us[readings.offsets[i] : readings.offsets[i + 1]]
                known = _suffices(times, window, read)
            if not known:
                short[point] = window
    return short


def _suffices(time_us: Micros, window: Span, read: Span) -> bool:
    """Whether enough is known beyond both ends of the window, or there is no more of the series."""
    before, until = np.searchsorted(time_us, [micros_of(window.start), micros_of(window.end)])
    first, last = np.searchsorted(time_us, [micros_of(read.start), micros_of(read.end)])
    begins = before >= _TELLING or first < CONTEXT or window.start >= read.start
    ends = len(time_us) - until >= _TELLING or len(time_us) - last < CONTEXT
    return bool(begins and (ends or window.end <= read.end))


def _by_start(spans: Sequence[tuple[Span, SeriesKey]], together: timedelta) -> list[TouchedGroup]:
    groups: list[list[tuple[Span, SeriesKey]]] = []
    for span, series in spans:
        if not groups or span.start >= groups[-1][0][0].start + together:
            groups.append([])
        groups[-1].append((span, series))
    return [TouchedGroup(tuple(k for _, k in g), hull(s for s, _ in g)) for g in groups]


def _reached(time_us: Micros, span: Span) -> Span:
    if not len(time_us):
        return span
    low = int(np.searchsorted(time_us, micros_of(span.start)))
    high = int(np.searchsorted(time_us, micros_of(span.end)))
    first = instant_of(time_us[max(min(low, len(time_us) - 1) - REACH, 0)])
    last = instant_of(time_us[min(high - 1 + REACH, len(time_us) - 1)])
    return hull([span, Span(floor_hour(min(first, span.start)), ceil_hour(max(last, span.end)))])
