"""Made-up series whose truth is known."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.series import Interval, UseSeries

SHANGHAI = ZoneInfo("Asia/Shanghai")


def temperatures(starts: pd.DatetimeIndex, seed: int = 0) -> np.ndarray:
    """A year between about -5 and 35 °C with days, spells and noise."""
    rng = np.random.default_rng(seed)
    day_of_year = starts.day_of_year.to_numpy()
    season = 15 - 13 * np.cos(2 * np.pi * (day_of_year - 20) / 365)
    daily = 4 * np.sin(2 * np.pi * (starts.hour.to_numpy() - 1) / 24)
    spells = np.repeat(rng.normal(0, 2, len(starts) // 72 + 1), 72)[: len(starts)]
    return np.asarray(season + daily + spells)


def office(
    days: int = 365,
    seed: int = 0,
    zone: ZoneInfo = SHANGHAI,
    country: str = "CN",
    noise: float = 2.0,
    begin: datetime = datetime(2022, 12, 31, 16, tzinfo=UTC),
) -> UseSeries:
    """Hours of an office: 20 kWh always, 60 more when worked, 2 per °C above 22 and below 12 when worked."""
    starts = pd.date_range(begin, periods=24 * days, freq="h", name="start")
    rng = np.random.default_rng(seed)
    temperature = temperatures(starts, seed)
    calendar = calendar_of(starts, zone, country)
    worked = ~calendar.off & (calendar.hour >= 8) & (calendar.hour < 18)
    weather = 2.0 * np.maximum(temperature - 22, 0) + 2.0 * np.maximum(12 - temperature, 0)
    use = 20 + worked * (60 + weather) + rng.normal(0, noise, len(starts))
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=starts)
    return UseSeries("B1", "electricity_import_kwh", "kWh", zone, country, Interval.HOUR, frame)


def daily(use: np.ndarray, temperature: np.ndarray, zone: ZoneInfo = SHANGHAI) -> UseSeries:
    """Days from 1 January 2023 on."""
    starts = pd.date_range("2023-01-01", periods=len(use), freq="D", tz=zone, name="start")
    frame = pd.DataFrame(
        {"use": use, "temperature_c": temperature}, index=starts.tz_convert("UTC")
    ).astype(float)
    return UseSeries("B1", "electricity_import_kwh", "kWh", zone, "CN", Interval.DAY, frame)


def with_use(series: UseSeries, use: np.ndarray | pd.Series | float) -> UseSeries:
    """The series with other use."""
    frame = series.frame.assign(use=use).astype(float)
    return UseSeries(
        series.subject, series.measure, series.unit, series.zone, series.country,
        series.interval, frame,
    )  # fmt: skip
