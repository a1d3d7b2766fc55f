"""Series that tests look for anomalies in: an office with nights, weekends and some noise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2025, 3, 2, 16, tzinfo=UTC)
"""Local midnight, a Monday."""


def office(days: int = 120, noise: float = 3.0, seed: int = 1, country: str = "DE") -> UseSeries:
    """Hours of an office that uses 100 kWh from 8 to 18 h on weekdays and 20 at other times."""
    starts = pd.date_range(START, periods=24 * days, freq="h", name="start")
    use = course(starts) + np.random.default_rng(seed).normal(0, noise, len(starts))
    frame = pd.DataFrame({"use": use, "temperature_c": np.nan}, index=starts)
    return UseSeries("B-1", "electricity_import_kwh", "kWh", ZONE, country, Interval.HOUR, frame)


def course(starts: pd.DatetimeIndex) -> np.ndarray:
    """What the office uses without noise."""
    local = starts.tz_convert(ZONE)
    working = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18)
    return np.where(working, 100.0, 20.0)


def expectation(series: UseSeries, sd: float = 3.0) -> pd.DataFrame:
    """What was expected of the office, with its band."""
    starts = pd.DatetimeIndex(series.frame.index)
    value = course(starts)
    width = 1.6449 * sd
    return pd.DataFrame(
        {"expected": value, "low": value - width, "high": value + width}, index=starts
    )


def with_use(series: UseSeries, use: pd.Series | np.ndarray | float) -> UseSeries:
    """The series with other use."""
    return replace(series, frame=series.frame.assign(use=use))


def day(number: int, hour: int = 0) -> datetime:
    """Local hour of a day of the series, counted from 0, as an instant."""
    return START + timedelta(days=number, hours=hour)
