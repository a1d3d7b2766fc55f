"""Use of many subjects held against their stored baselines: the anomalies of each in its window."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from analytics.anomalies.event import Anomaly, Likely
from analytics.anomalies.finding import find_anomalies
from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.inputs import Inputs, prepare
from analytics.baselines.series import UseSeries
from analytics.events.event import LIVE, Event
from analytics.events.experience import is_experienced
from analytics.events.looking import sticks_out
from analytics.expected.expectations import LEAD, TEMPERATURE
from analytics.grid import Floats, Key
from analytics.jobs.training import ready
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

    Where an event lasts from before, the window reaches back to as long before its beginning, in steps of
    ``WINDOW``, but no further than ``REACH``. So does that of the series whose turn it is: what grows
    slowly shows in a year only; of that look nothing else counts that began before the last ``WINDOW``.
    """
    begun: dict[Key, datetime] = {}
    for event in known:
        if event.state in LIVE:
            start = event.anomaly.start
            begun[event.key] = min(start, begun.get(event.key, start))
    return {key: _look(key, begun.get(key), tree, now) for key in keys}


def judge(
    store: SeriesStore, records: Engine, tree: Tree, looks: Mapping[Key, Look]
) -> Iterator[Judged]:
    """The anomalies of each of these series in its window, by its current baseline.

    Those that ended before the last ``WINDOW`` are left out: what was judged then stands. A version that
    this program cannot predict by judges nothing, and none judges weather that it has not learned from.
    """
    by_window: defaultdict[Span, list[Key]] = defaultdict(list)
    for key, look in looks.items():
        by_window[look.window].append(key)
    for window, keys in by_window.items():
        for first in range(0, len(keys), _TOGETHER):
            part = keys[first : first + _TOGETHER]
            with records.connect() as conn:
                versions = current(conn, [BaselineKey(*key) for key in part])
            for key, version, found in _judge(store, tree, versions, part, window):
                since, recent = looks[key].since, window.end - WINDOW
                counted = [
                    one
                    for one in found
                    if one.end > recent and (one.start >= since or one.likely in _SLOW)
                ]
                yield Judged(key, window, version, counted)


@dataclass(frozen=True)
class _Weather:
    """Of one site: what baselines are asked with, the mean of the day before each hour, and past days."""

    inputs: Inputs
    day_c: Floats
    past: pd.Series


def _judge(
    store: SeriesStore,
    tree: Tree,
    versions: Mapping[BaselineKey, BaselineVersion],
    keys: Sequence[Key],
    window: Span,
) -> Iterator[tuple[Key, int, list[Anomaly]]]:
    loaded = load_many(store, tree, keys, Span(window.start - LEAD, window.end))
    sites = {key: tree.site_of(key.subject) for key in keys}
    codes = sorted({site.code for site in sites.values() if site is not None})
    past = _past_weather(store, codes, window)
    weather: dict[str, _Weather] = {}
    for key, series in loaded.items():
        version = versions.get(BaselineKey(*key))
        fitted, site = ready(version), sites[key]
        if version is None or fitted is None:
            continue
        code = "" if site is None else site.code
        if code not in weather:
            weather[code] = _weather(series, past.get(code, pd.Series(dtype=float)))
        yield key, version.version, _found(series, fitted, weather[code], window)


def _past_weather(store: SeriesStore, sites: Sequence[str], window: Span) -> dict[str, pd.Series]:
    """Daily mean temperatures of sites over the time that present baselines may have learned from."""
    span = Span(window.end - _LEARNED, window.end)
    days = store.read_results(Grain.DAY, sites, [TEMPERATURE], span).to_pandas()
    return {
        str(site): rows.set_index("start")["value"].astype(float)
        for site, rows in days.groupby("subject", observed=True)
    }


def _weather(series: UseSeries, past: pd.Series) -> _Weather:
    inputs = prepare(series.frame, series.zone, series.country, series.interval)
    day_c = series.frame["temperature_c"].rolling(24, min_periods=12).mean()
    return _Weather(inputs, day_c.to_numpy(float), past)


def _found(
    led: UseSeries, fitted: FittedBaseline, weather: _Weather, window: Span
) -> list[Anomaly]:
    """The anomalies of a series in the window; ``led`` has the hours before it, too."""
    expected = fitted.predict(weather.inputs)
    past = weather.past
    learned = past[(past.index >= fitted.saw.first) & (past.index < fitted.saw.last)]
    expected[~is_experienced(learned.to_numpy(float), weather.day_c)] = np.nan
    within = led.frame.index >= window.start
    series, expected = replace(led, frame=led.frame[within]), expected[within]
    if not sticks_out(series.frame["use"].to_numpy(float), expected):
        return []
    return find_anomalies(series, expected)


def _look(key: Key, begun: datetime | None, tree: Tree, now: datetime) -> Look:
    zone = tree.zone_of(key.subject)
    today = local_date(now, zone)
    end, recent = local_midnight(today, zone), local_midnight(today - WINDOW, zone)
    since, back = recent, WINDOW
    if begun is not None and begun < recent:
        since, back = begun - DAY, WINDOW * (2 + (end - begun) // WINDOW)
    if _is_its_turn(key, today):
        back = REACH
    return Look(Span(local_midnight(today - min(back, REACH), zone), end), since)


def _is_its_turn(key: Key, today: date) -> bool:
    """Whether a series is looked at over a year today: each is once in ``TURN_DAYS``."""
    return (zlib.crc32("/".join(key).encode()) - today.toordinal()) % TURN_DAYS == 0
