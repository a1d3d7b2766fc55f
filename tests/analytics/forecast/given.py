"""An invented office by the hour, whose use is known to the kilowatt-hour, and its baseline."""

from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.baselines.series import Interval, UseSeries
from quotawatt.calendars import is_working_day
from quotawatt.spans import local_midnight

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
FIRST = date(2024, 1, 1)


@cache
def office(days: int = 400, zone: ZoneInfo = SHANGHAI, country: str = "CN") -> UseSeries:
    """10 kWh an hour, 40 in working hours, 1 kWh more for each degree below 15 °C; noise of half a kWh."""
    start = local_midnight(FIRST, zone)
    end = local_midnight(FIRST + timedelta(days=days), zone)
    index = pd.date_range(start, end, freq="h", inclusive="left", name="start", unit="us")
    local = index.tz_convert(zone)
    generator = np.random.default_rng(8)
    hour_of_year = (local.day_of_year - 1) * 24 + local.hour
    season = -np.cos(2 * np.pi * hour_of_year / 8766) * 12
    temperature = 14 + season + 4 * np.sin(2 * np.pi * (local.hour - 9) / 24)
    temperature = (
        temperature + np.repeat(generator.normal(0, 2, len(index) // 24 + 2), 24)[: len(index)]
    )
    each = [is_working_day(FIRST + timedelta(days=n), country) for n in range(days)]
    first = np.datetime64(FIRST, "D")
    worked = np.array(each)[(local.tz_localize(None).normalize() - first).days]
    busy = worked & (local.hour >= 8) & (local.hour < 18)
    use = 10 + 30 * busy + np.maximum(15 - temperature, 0) + generator.normal(0, 0.5, len(index))
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=index)
    return UseSeries("BLD-1", "electricity_import_kwh", "kWh", zone, country, Interval.HOUR, frame)


@cache
def baseline(
    until_day: int = 366, zone: ZoneInfo = SHANGHAI, country: str = "CN"
) -> FittedBaseline:
    """Fitted to the office's first days."""
    return fitted(cut(office(zone=zone, country=country), until_day), candidates=("towt",))


def fitted(series: UseSeries, **more: Any) -> FittedBaseline:
    """The baseline of a series, which must have one."""
    found = fit_baseline(series, **more)
    assert isinstance(found, FittedBaseline)
    return found


def cut(series: UseSeries, days: int) -> UseSeries:
    """Its first days alone."""
    end = local_midnight(FIRST + timedelta(days=days), series.zone)
    return with_frame(series, series.frame[series.frame.index < end])


def with_frame(series: UseSeries, frame: pd.DataFrame) -> UseSeries:
    """The same series with other figures."""
    return UseSeries(
        series.subject,
        series.measure,
        series.unit,
        series.zone,
        series.country,
        series.interval,
        frame,
    )


def changed(series: UseSeries, from_day: int, **columns: Any) -> UseSeries:
    """Columns as functions of themselves from a day on."""
    frame = series.frame.copy()
    later = frame.index >= local_midnight(FIRST + timedelta(days=from_day), series.zone)
    for name, change in columns.items():
        frame.loc[later, name] = change(frame.loc[later, name])
    return with_frame(series, frame)
