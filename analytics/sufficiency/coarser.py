"""Finer intervals to coarser ones, as CalTRACK rolls them up: hours to days, days to months."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import Interval, UseSeries
from analytics.grid import HOUR_US, Floats
from analytics.sufficiency.known import HALF, column
from analytics.sufficiency.weather import LEAST_OF_MONTH
from quotawatt.measures import measure
from quotawatt.spans import DAY, local_midnight

_ORDER = (Interval.HOUR, Interval.DAY, Interval.MONTH)


def coarser(series: UseSeries, interval: Interval) -> UseSeries:
    """The series in local days or months; as it is where it is that coarse already.

    A day is known where half of its hours are (CalTRACK 2.0, 2.2.2.1 and 2.2.2.3), a month where nine tenths
    of its days are (2.2.3.2); what is missing within counts as the mean of the rest. Amounts are added up,
    gauges and temperature averaged. The first and the last day or month may be cut: what lies outside the
    series counts as missing.
    """
    while _ORDER.index(series.interval) < _ORDER.index(interval):
        series = _next(series)
    return series


def _next(series: UseSeries) -> UseSeries:
    hourly = series.interval is Interval.HOUR
    index = pd.DatetimeIndex(series.frame.index)
    local = index.tz_convert(series.zone).tz_localize(None)
    labels = local.normalize() if hourly else local.to_period("M").to_timestamp()
    days = pd.DatetimeIndex(labels.unique())
    start = _midnights(days, series.zone)
    end = _midnights(days + (DAY if hourly else pd.DateOffset(months=1)), series.zone)
    whole = _hours(start, end) if hourly else np.round(_hours(start, end) / 24)
    least = HALF if hourly else LEAST_OF_MONTH
    place = np.asarray(days.get_indexer(labels))
    use = _mean(column(series, "use"), place, whole, least)
    temperature = _mean(column(series, "temperature_c"), place, whole, least)
    if measure(series.measure).additive:
        use = use * whole
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=start)
    return replace(series, interval=Interval.DAY if hourly else Interval.MONTH, frame=frame)


def _hours(start: pd.DatetimeIndex, end: pd.DatetimeIndex) -> Floats:
    """How many UTC hours start within each interval: 23 to 25 in a day, whatever the clock changes by."""
    first, last = (edge.ceil("h").as_unit("us").asi8 for edge in (start, end))
    return np.asarray((last - first) / HOUR_US, dtype=np.float64)


def _midnights(days: pd.DatetimeIndex, zone: ZoneInfo) -> pd.DatetimeIndex:
    starts = [local_midnight(date(day.year, day.month, day.day), zone) for day in days]
    return pd.DatetimeIndex(starts, name="start").as_unit("us")


def _mean(values: Floats, place: NDArray[np.intp], whole: Floats, least: float) -> Floats:
    """Mean of the known values of each coarser interval; NaN where too few of the ``whole`` are known."""
    known = np.isfinite(values)
    size = len(whole)
    count = np.bincount(place[known], minlength=size).astype(float)
    total = np.bincount(place[known], weights=values[known], minlength=size)
    enough = (count > 0) & (count >= least * whole)
    return np.where(enough, total / np.maximum(count, 1.0), np.nan)
