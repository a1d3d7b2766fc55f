"""Use of many subjects held against their stored baselines: the anomalies of each in its window."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from analytics.anomalies.event import Anomaly
from analytics.anomalies.finding import find_anomalies
from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import UseSeries
from analytics.events.event import LIVE, Event
from analytics.events.looking import sticks_out
from analytics.expected.expectations import LEAD
from analytics.grid import Key
from analytics.jobs.training import ready
from analytics.jobs.useseries import load_many
from analytics.totals.tree import Tree
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.baselines import BaselineVersion
from quotawatt.storage.port import SeriesStore

WINDOW = timedelta(days=35)
"""What is judged anew each day: data that come late or are corrected within it change its events."""

REACH = timedelta(days=400)
"""How far a window reaches back at most to hold an event that lasts."""

TURN_DAYS = 29
"""How often each series is looked at over ``REACH``; a number of days that no week divides."""

_TOGETHER = 200
"""Of how many subjects the hours are held at once."""


class Judged(NamedTuple):
    """The anomalies of one series in its window, by the version of its baseline."""

    key: Key
    window: Span
    version: int
    found: list[Anomaly]


def windows(
    keys: Iterable[Key], known: Iterable[Event], tree: Tree, now: datetime
) -> dict[Key, Span]:
    """For each series the whole local days up to ``now`` that are judged, the last ``WINDOW`` at least.

    Where an event lasts from before, the window reaches back to as long before its beginning, in steps of
    ``WINDOW``, but no further than ``REACH``. So does that of the series whose turn it is: what grows
    slowly shows in a year only.
    """
    begun: dict[Key, datetime] = {}
    for event in known:
        if event.state in LIVE:
            start = event.anomaly.start
            begun[event.key] = min(start, begun.get(event.key, start))
    return {key: _window(key, begun.get(key), tree, now) for key in keys}


def judge(
    store: SeriesStore,
    tree: Tree,
    versions: Mapping[Key, BaselineVersion],
    judged: Mapping[Key, Span],
) -> Iterator[Judged]:
    """The anomalies of each of these series in its window; ``versions`` has a baseline for each.

    Those that ended before the last ``WINDOW`` are left out: what was judged then stands. A version that
    this program cannot predict by judges nothing.
    """
    by_window: defaultdict[Span, list[Key]] = defaultdict(list)
    for key, window in judged.items():
        by_window[window].append(key)
    for window, keys in by_window.items():
        led = Span(window.start - LEAD, window.end)
        for first in range(0, len(keys), _TOGETHER):
            together = load_many(store, tree, keys[first : first + _TOGETHER], led)
            for key, series in together.items():
                fitted = ready(versions[key])
                if fitted is not None:
                    found = _found(series, fitted, window)
                    yield Judged(key, window, versions[key].version, found)


def _found(led: UseSeries, fitted: FittedBaseline, window: Span) -> list[Anomaly]:
    """The anomalies of a series in the window; ``led`` has the weather before it, too."""
    expected = fitted.predict(led)
    within = led.frame.index >= window.start
    series, expected = replace(led, frame=led.frame[within]), expected[within]
    if not sticks_out(series.frame["use"].to_numpy(float), expected):
        return []
    recent = window.end - WINDOW
    return [found for found in find_anomalies(series, expected) if found.end > recent]


def _window(key: Key, begun: datetime | None, tree: Tree, now: datetime) -> Span:
    zone = tree.zone_of(key.subject)
    today = local_date(now, zone)
    back = WINDOW
    if begun is not None and begun < local_midnight(today - WINDOW, zone):
        lasting = local_midnight(today, zone) - begun
        back = WINDOW * (2 + lasting // WINDOW)
    if _is_its_turn(key, today):
        back = REACH
    first = today - min(back, REACH)
    return Span(local_midnight(first, zone), local_midnight(today, zone))


def _is_its_turn(key: Key, today: date) -> bool:
    """Whether a series is looked at over a year today: each is once in ``TURN_DAYS``."""
    return (zlib.crc32("/".join(key).encode()) - today.toordinal()) % TURN_DAYS == 0
