"""Forecasts over the stores: results before a day, the baseline that was learnt before it, its forecast."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Engine

from analytics.baselines.series import UseSeries
from analytics.forecast.day_ahead import FURTHEST_DAYS, RECENT_DAYS, DayForecast, forecast_day
from analytics.grid import Key
from analytics.jobs.overbaselines import stored_baselines
from analytics.jobs.useseries import load_series
from analytics.totals.tree import Tree
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.spans import DAY, Span, floor_hour, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

LOOKED_BACK = timedelta(days=RECENT_DAYS)


@dataclass(frozen=True)
class AskedForecast:
    """The forecast of a day of a stored series, beside what came of it.

    baseline_version
        Of the stored baseline that it asked; None: there is none.
    actual
        Use of the day's hours as far as it is known; by the start of the hour, UTC.
    """

    forecast: DayForecast | Finding
    baseline_version: int | None
    actual: pd.Series


def forecast_of(
    series: SeriesStore,
    records: Engine,
    tree: Tree,
    key: Key,
    day: date,
    now: datetime,
    *,
    weather: pd.DataFrame | None = None,
    level: float = 0.9,
) -> AskedForecast:
    """Forecast a local day of a subject as it could have been at its beginning, or now.

    day
        Of the subject's zone: a day that is over, this one, or one of the next 14.
    weather
        See ``forecast_day``; temperatures measured on the day itself are not looked at.

    Raises InputError for a day further ahead or a level out of its range, and StoreError.
    """
    zone = tree.zone_of(key.subject)
    today = local_date(now, zone)
    if day > today + FURTHEST_DAYS * DAY:
        latest = (today + FURTHEST_DAYS * DAY).isoformat()
        raise InputError(f"a day that is forecast must not be after {latest}, got {day}")
    start = local_midnight(day, zone)
    span = Span(start - LOOKED_BACK, min(floor_hour(now), local_midnight(day + DAY, zone)))
    held = load_series(series, tree, key.subject, key.measure, span)
    with records.connect() as conn:
        stored = stored_baselines(conn, [key], start).get(key)
    baseline = None if stored is None else stored.fitted
    return AskedForecast(
        forecast=forecast_day(baseline, held, weather, day, level=level),
        baseline_version=None if stored is None else stored.version,
        actual=_from(held, start),
    )


def _from(series: UseSeries, start: datetime) -> pd.Series:
    use = series.frame["use"]
    return use[use.index >= start]
