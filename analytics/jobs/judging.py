"""Use of many subjects held against their stored baselines: the anomalies of each in its window."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from analytics.anomalies.event import Anomaly
from analytics.anomalies.finding import find_anomalies
from analytics.baselines.fitted import FittedBaseline
from analytics.events.event import LIVE, Event
from analytics.grid import Key
from analytics.jobs.useseries import load_many
from analytics.totals.tree import Tree
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.baselines import BaselineVersion
from quotawatt.storage.port import SeriesStore

WINDOW = timedelta(days=35)
"""What is judged anew each day: data that come late or are corrected within it change its events."""

REACH = timedelta(days=400)
"""How far a window reaches back at most to hold an event that lasts."""

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
    ``WINDOW``, but no further than ``REACH``.
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
    """The anomalies of each of these series in its window; ``versions`` has a baseline for each."""
    by_window: defaultdict[Span, list[Key]] = defaultdict(list)
    for key, window in judged.items():
        by_window[window].append(key)
    for window, keys in by_window.items():
        for first in range(0, len(keys), _TOGETHER):
            together = load_many(store, tree, keys[first : first + _TOGETHER], window)
            for key, series in together.items():
                baseline = FittedBaseline.from_document(versions[key].document or {})
                found = find_anomalies(series, baseline.predict(series))
                yield Judged(key, window, versions[key].version, found)


def _window(key: Key, begun: datetime | None, tree: Tree, now: datetime) -> Span:
    zone = tree.zone_of(key.subject)
    today = local_date(now, zone)
    end = local_midnight(today, zone)
    back = WINDOW
    if begun is not None and begun < local_midnight(today - WINDOW, zone):
        back = min(REACH, WINDOW * (-((begun - end) // WINDOW) + 1))
    return Span(local_midnight(today - back, zone), end)
