"""Expected use of one series beside what was used, by its current baseline."""

from datetime import timedelta

import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.expected.expectations import BAND, LEAD
from analytics.grid import Key
from analytics.jobs.training import ready
from analytics.jobs.useseries import load_series
from analytics.totals.rollup import day_edges, hours_of_days, whole_days
from analytics.totals.tree import Tree
from quotawatt.errors import NotFoundError
from quotawatt.spans import Span
from quotawatt.storage.baselines import BaselineKey, BaselineVersion, current
from quotawatt.storage.port import SeriesStore

COURSE = ("actual", *BAND)
"""Columns of what was used and was to be expected."""


def current_baseline(records: Engine, key: Key) -> tuple[BaselineVersion, FittedBaseline]:
    """The version of a series that counts now, and what predicts by it.

    Raises NotFoundError where there is none.
    """
    with records.connect() as conn:
        version = current(conn, [BaselineKey(*key)]).get(BaselineKey(*key))
    fitted = ready(version)
    if version is None or fitted is None:
        raise NotFoundError(
            f"a series must have a baseline that counts, got {key.subject!r} in {key.measure!r}"
        )
    return version, fitted


def expected_course(
    store: SeriesStore,
    tree: Tree,
    key: Key,
    fitted: FittedBaseline,
    span: Span,
    interval: Interval,
) -> pd.DataFrame:
    """Columns ``actual``, ``expected``, ``low``, ``high`` of the hours or local days that the span touches.

    Indexed by ``start``, UTC. NaN where use is not known for certain, or where the baseline has no answer.
    """
    days = whole_days(span, tree.zone_of(key.subject))
    hours = hours_of_days(days) if interval is Interval.DAY else span
    led = load_series(store, tree, key.subject, key.measure, Span(hours.start - LEAD, hours.end))
    predicted = fitted.predict(led)[list(BAND)][hours.start : hours.end - timedelta.resolution]
    actual = led.frame["use"].reindex(predicted.index)
    if interval is not Interval.DAY:
        return predicted.assign(actual=actual)[list(COURSE)]
    edges = _edges(led, days)
    sums = fitted.sum_interval(predicted, edges)
    of_day = edges[edges.searchsorted(actual.index, side="right") - 1]
    used = actual.groupby(of_day).agg(lambda hours: hours.sum(skipna=False))
    return sums.assign(actual=used.reindex(sums.index))[list(COURSE)]


def _edges(series: UseSeries, days: Span) -> pd.DatetimeIndex:
    """Beginnings of local days and the end of the last one."""
    edges = day_edges(days, series.zone)
    return pd.DatetimeIndex(edges.view("datetime64[us]"), tz="UTC", name="start")
