"""What a year will come to by baseline and weather: use so far, and what is expected of the rest."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import Engine

from analytics.baselines.fitted import FittedBaseline, Insufficient
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from analytics.forecast.courses import MOST_YEARS
from analytics.forecast.rest_of_year import RestOfYear, rest_of_year
from analytics.grid import Key
from analytics.jobs.loading import load
from analytics.jobs.overbaselines import stored_baselines
from analytics.jobs.useseries import load_series
from analytics.totals.rollup import day_edges
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.readings import Grain
from quotawatt.spans import Span, local_date, local_midnight
from quotawatt.storage.port import SeriesStore

LEARNT_YEARS = 3
"""Years of months that a baseline of degree days learns from."""


@dataclass(frozen=True)
class YearExpected:
    """A calendar year of a series, in its unit.

    interval
        Of the baseline: hours, or months where there is none of hours.
    baseline_version
        Of the stored baseline; None: it was fitted to the months just now.
    used, known_days, days
        Use before ``first``, the first day that is expected, estimates included; on how many of how many
        days there is any.
    rest
        What is expected from then on; findings: why nothing can be.
    """

    year: int
    first: date
    interval: Interval
    baseline_version: int | None
    used: float
    known_days: int
    days: int
    rest: RestOfYear | tuple[Finding, ...]


def year_expected(
    series: SeriesStore, records: Engine, tree: Tree, key: Key, now: datetime
) -> YearExpected:
    """The running year of a subject by its stored baseline of hours, else by degree days of months.

    By hours the rest begins today, by months with this month. Raises StoreError.
    """
    today = local_date(now, tree.zone_of(key.subject))
    with records.connect() as conn:
        stored = stored_baselines(conn, [key], now).get(key)
    if stored is not None:
        weather = _series(series, tree, key, _years_ago(today, MOST_YEARS), today, Interval.HOUR)
        rest = rest_of_year(stored.fitted, weather.frame, today, _next_year(today))
        return _year(series, tree, key, today, Interval.HOUR, stored.version, rest)
    month = today.replace(day=1)
    fitted = _fit_months(series, tree, key, month)
    if isinstance(fitted, Insufficient):
        return _year(series, tree, key, month, Interval.MONTH, None, fitted.findings)
    weather = _series(series, tree, key, _years_ago(month, MOST_YEARS), month, Interval.MONTH)
    rest = rest_of_year(fitted, weather.frame, month, _next_year(month))
    return _year(series, tree, key, month, Interval.MONTH, None, rest)


def _fit_months(
    series: SeriesStore, tree: Tree, key: Key, month: date
) -> FittedBaseline | Insufficient:
    first = _years_ago(month, LEARNT_YEARS)
    return fit_baseline(_series(series, tree, key, first, month, Interval.MONTH))


def _year(
    series: SeriesStore,
    tree: Tree,
    key: Key,
    first: date,
    interval: Interval,
    version: int | None,
    rest: RestOfYear | Finding | tuple[Finding, ...],
) -> YearExpected:
    zone, began = tree.zone_of(key.subject), first.replace(month=1, day=1)
    days = Span(local_midnight(began, zone), local_midnight(first, zone))
    used = load(series, Grain.DAY, [key], day_edges(days, zone)[:-1]).value
    return YearExpected(
        year=first.year,
        first=first,
        interval=interval,
        baseline_version=version,
        used=float(np.nansum(used)),
        known_days=int(np.isfinite(used).sum()),
        days=(first - began).days,
        rest=(rest,) if isinstance(rest, Finding) else rest,
    )


def _series(
    series: SeriesStore, tree: Tree, key: Key, first: date, until: date, interval: Interval
) -> UseSeries:
    zone = tree.zone_of(key.subject)
    span = Span(local_midnight(first, zone), local_midnight(until, zone))
    return load_series(series, tree, key.subject, key.measure, span, interval)


def _next_year(day: date) -> date:
    return date(day.year + 1, 1, 1)


def _years_ago(day: date, years: int) -> date:
    return date(day.year - years, day.month, 1)
