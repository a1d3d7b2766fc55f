"""Stored results as series of use with the weather beside: what models are fitted to and judged on."""

from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries
from analytics.expected.expectations import TEMPERATURE
from analytics.grid import Floats, Grid, Key, Micros, hour_starts, instant_of
from analytics.jobs.loading import load
from analytics.totals.rollup import day_edges, hours_of_days, month_edges, whole_days, whole_months
from analytics.totals.tree import Tree
from quotawatt.measures import measure
from quotawatt.readings import Grain
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

LEAST_COVERAGE = 0.999
"""Share of an interval that must rest on measurements for its use to count as known."""

_GRAINS = {Interval.HOUR: Grain.HOUR, Interval.DAY: Grain.DAY, Interval.MONTH: Grain.MONTH}


def load_series(
    store: SeriesStore,
    tree: Tree,
    subject: str,
    measured: str,
    span: Span,
    interval: Interval = Interval.HOUR,
    *,
    least_coverage: float = LEAST_COVERAGE,
) -> UseSeries:
    """The series of one subject; see ``load_many``."""
    key = Key(subject, measured)
    return load_many(store, tree, [key], span, interval, least_coverage=least_coverage)[key]


def load_many(
    store: SeriesStore,
    tree: Tree,
    keys: Sequence[Key],
    span: Span,
    interval: Interval = Interval.HOUR,
    *,
    least_coverage: float = LEAST_COVERAGE,
    newest: Grid | None = None,
) -> dict[Key, UseSeries]:
    """The series of many subjects over the intervals that start in the span, read together.

    Days and months are whole ones of the subject's own zone, those that the span touches. What is estimated
    or covered by less than ``least_coverage`` is NaN, as is what has no result. Temperature is the outdoor
    temperature of the subject's site. ``newest`` are results that are not stored yet and go before those
    that are.
    """
    by_zone: defaultdict[ZoneInfo, list[Key]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        by_zone[tree.zone_of(key.subject)].append(key)
    found: dict[Key, UseSeries] = {}
    for zone, mine in by_zone.items():
        weather = {key: _weather(tree, key.subject) for key in mine}
        wanted = [*mine, *(key for key in weather.values() if key is not None)]
        grid = load(store, _GRAINS[interval], wanted, _starts(span, zone, interval))
        if newest is not None and len(grid.starts):
            held = Span(instant_of(grid.starts[0]), instant_of(grid.starts[-1] + 1))
            grid = grid.overlay(newest.select(grid.keys).between(held))
        index = pd.DatetimeIndex(grid.starts.view("datetime64[us]"), tz="UTC", name="start")
        for key in mine:
            use = _known(grid, key, least_coverage)
            temperature = _values(grid, weather[key])
            frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=index)
            unit, country = measure(key.measure).unit, tree.country_of(key.subject)
            found[key] = UseSeries(key.subject, key.measure, unit, zone, country, interval, frame)
    return found


def _weather(tree: Tree, subject: str) -> Key | None:
    site = tree.site_of(subject)
    return None if site is None else Key(site.code, TEMPERATURE)


def _starts(span: Span, zone: ZoneInfo, interval: Interval) -> Micros:
    """Starts of the intervals: UTC hours that start in the span, or local days or months that it touches."""
    if interval is Interval.HOUR:
        return hour_starts(hours_of_days(span))
    if interval is Interval.DAY:
        return day_edges(whole_days(span, zone), zone)[:-1]
    return month_edges(whole_months(span, zone), zone)[:-1]


def _known(grid: Grid, key: Key, least_coverage: float) -> Floats:
    """Use of each interval; NaN where it is estimated, hardly covered or missing."""
    row = grid.row(key)
    if row is None:
        return np.full(len(grid.starts), np.nan)
    doubtful = grid.estimated[row] | (grid.coverage[row] < least_coverage)
    return np.where(doubtful, np.nan, grid.value[row])


def _values(grid: Grid, key: Key | None) -> Floats:
    row = None if key is None else grid.row(key)
    return np.full(len(grid.starts), np.nan) if row is None else grid.value[row]
