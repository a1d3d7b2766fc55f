"""Use of many subjects held against their stored baselines: the anomalies of each in its window."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Engine

from analytics.anomalies.event import Anomaly, Likely
from analytics.events.event import LIVE, Event
from analytics.expected.expectations import LEAD, TEMPERATURE
from analytics.grid import Key
from analytics.jobs.executors import Executor
from analytics.jobs.judgingpart import Part, judge_part
from analytics.jobs.useseries import load_many
from analytics.totals.tree import Tree
from quotawatt.readings import Grain
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.baselines import BaselineKey, BaselineVersion, current
from quotawatt.storage.port import SeriesStore

WINDOW = timedelta(days=35)
"""What is judged anew each day: data that come late or are corrected within it change its events."""

REACH = timedelta(days=400)
"""How far a window reaches back at most to hold an event that lasts."""

TURN_DAYS = 29
"""How often each series is looked at over ``REACH``; a number of days that no week divides."""

_LEARNED = REACH + timedelta(days=31)
"""How far back the weather lies that the present baselines may have learned from."""

_TOGETHER = 200
"""Of how many subjects the hours are held at once."""


_LASTING = timedelta(days=5)
"""What lasts so long could be taken for the level of a short window."""

_SLOW = frozenset({Likely.CREEP, Likely.JUMP, Likely.LEAK})
"""Kinds that only a look over a year may show to have begun long ago."""


class Look(NamedTuple):
    """Which hours of a series are judged, and from when on a new event may begin unless it is slow."""

    window: Span
    since: datetime


class Judged(NamedTuple):
    """The anomalies of one series in its window, by the version of its baseline."""

    key: Key
    window: Span
    version: int
    found: list[Anomaly]


def looks_at(
    keys: Iterable[Key], known: Iterable[Event], tree: Tree, now: datetime
) -> dict[Key, Look]:
    """For each series the whole local days up to ``now`` that are judged, the last ``WINDOW`` at least.

    Where an event lasts, the window reaches back to longer before its beginning than it has lasted, in steps
    of ``WINDOW`` but no further than ``REACH``: what fills half of what is looked at would be its level. So
    does that of the series whose turn it is: what grows slowly shows in a year only; of that look nothing
    else counts that began before the last ``WINDOW``.
    """
    begun: dict[Key, datetime] = {}
    for event in known:
        start, end = event.anomaly.start, event.anomaly.end
        if event.state in LIVE and (end - start >= _LASTING or start < now - WINDOW):
            begun[event.key] = min(start, begun.get(event.key, start))
    return {key: _look(key, begun.get(key), tree, now) for key in keys}


def judge(
    store: SeriesStore,
    records: Engine,
    tree: Tree,
    looks: Mapping[Key, Look],
    executor: Executor | None = None,
) -> Iterator[Judged]:
    """The anomalies of each of these series in its window, by its current baseline.

    Those that ended before the last ``WINDOW`` are left out: what was judged then stands. A version that
    this program cannot predict by judges nothing, and none judges weather that it has not learned from.
    Where something lasts, the series is looked at again over the longer window that its event will have.

    executor
        What computes; None: this thread.
    """
    judged: dict[Key, Judged] = {}
    left = dict(looks)
    while left:
        again = {one.key: one for one in _judged(store, records, tree, left, executor)}
        judged |= again
        left = {
            key: longer
            for key, one in again.items()
            if (longer := _longer(one, tree)) is not None
            and longer.window.start < left[key].window.start
        }
    yield from judged.values()


def _judged(
    store: SeriesStore,
    records: Engine,
    tree: Tree,
    looks: Mapping[Key, Look],
    executor: Executor | None,
) -> Iterator[Judged]:
    parts = _parts(store, records, tree, looks)
    run = map(judge_part, parts) if executor is None else executor.map(judge_part, parts)
    for key, version, found in chain.from_iterable(run):
        window, since = looks[key]
        recent = window.end - WINDOW
        counted = [
            one for one in found if one.end > recent and (one.start >= since or one.likely in _SLOW)
        ]
        yield Judged(key, window, version, counted)


def _longer(judged: Judged, tree: Tree) -> Look | None:
    """The look that is due where something was found that lasts; None: nothing was."""
    begun = [one.start for one in judged.found if one.end - one.start >= _LASTING]
    return _look(judged.key, min(begun), tree, judged.window.end) if begun else None


def _parts(
    store: SeriesStore, records: Engine, tree: Tree, looks: Mapping[Key, Look]
) -> Iterator[Part]:
    """The series with their baselines, those of one window together, as many as are held at once."""
    by_window: defaultdict[Span, list[Key]] = defaultdict(list)
    for key, look in looks.items():
        by_window[look.window].append(key)
    for window, keys in by_window.items():
        for first in range(0, len(keys), _TOGETHER):
            part = keys[first : first + _TOGETHER]
            with records.connect() as conn:
                versions = current(conn, [BaselineKey(*key) for key in part])
            held = {k: v for k in part if (v := versions.get(BaselineKey(*k))) is not None}
            yield _part(store, tree, held, window)


def _part(
    store: SeriesStore, tree: Tree, versions: Mapping[Key, BaselineVersion], window: Span
) -> Part:
    loaded = load_many(store, tree, list(versions), Span(window.start - LEAD, window.end))
    found = (tree.site_of(key.subject) for key in loaded)
    sites = ["" if site is None else site.code for site in found]
    past_c = _past_weather(store, sorted({code for code in sites if code}), window)
    return Part(list(loaded.values()), [versions[k] for k in loaded], sites, past_c, window)


def _past_weather(store: SeriesStore, sites: Sequence[str], window: Span) -> dict[str, pd.Series]:
    """Daily mean temperatures of sites over the time that present baselines may have learned from."""
    span = Span(window.end - _LEARNED, window.end)
    days = store.read_results(Grain.DAY, sites, [TEMPERATURE], span).to_pandas()
    return {
        str(site): rows.set_index("start")["value"].astype(float)
        for site, rows in days.groupby("subject", observed=True)
    }


def _look(key: Key, begun: datetime | None, tree: Tree, now: datetime) -> Look:
    zone = tree.zone_of(key.subject)
    today = local_date(now, zone)
    end, recent = local_midnight(today, zone), local_midnight(today - WINDOW, zone)
    since, back = recent, WINDOW
    if begun is not None:
        since, back = min(recent, begun - DAY), WINDOW * (3 + 2 * ((end - begun - DAY) // WINDOW))
    if _is_its_turn(key, today):
        back = REACH
    return Look(Span(local_midnight(today - min(back, REACH), zone), end), since)


def _is_its_turn(key: Key, today: date) -> bool:
    """Whether a series is looked at over a year today: each is once in ``TURN_DAYS``."""
    return (zlib.crc32("/".join(key).encode()) - today.toordinal()) % TURN_DAYS == 0
