"""An office whose rule is known: base load, working hours, heating and cooling."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Floats, Micros, hour_starts
from quotawatt.spans import Span
from tests.analytics.builders import SHANGHAI

START = datetime(2022, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai


def index_of(starts: Micros) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(starts.view("datetime64[us]"), tz="UTC", name="start")


def use_at(starts: Micros, temperature: Floats, rng: np.random.Generator | None = None) -> Floats:
    """Use in kWh of each hour; with ``rng`` 1 kWh of noise."""
    calendar = calendar_of(index_of(starts), SHANGHAI, "CN")
    busy = ~calendar.off & (calendar.hour >= 8) & (calendar.hour < 18)
    weather = 1.5 * np.maximum(temperature - 24, 0) + 1.0 * np.maximum(6 - temperature, 0)
    use: Floats = 10 + np.where(busy, 30 + 2 * weather, 0.3 * weather)
    return use if rng is None else use + rng.normal(0, 1.0, len(use))


def year(days: int = 365, first: int = 0) -> tuple[Micros, Floats, Floats]:
    """Starts, use and temperature of so many days from day ``first`` of 2023 on."""
    begin = START + timedelta(days=first)
    starts = hour_starts(Span(begin, begin + timedelta(days=days)))
    hour = np.arange(len(starts)) + 24 * first
    rng = np.random.default_rng(7)
    temperature = 13 - 14 * np.cos(2 * np.pi * hour / 8760) + 4 * np.sin(2 * np.pi * hour / 24)
    temperature += np.convolve(rng.normal(0, 1, len(hour)), np.ones(48) / 12, mode="same")
    return starts, use_at(starts, temperature, rng), temperature


def office_series(days: int = 365) -> UseSeries:
    """The same as a series of building ``BLD-1``."""
    starts, use, temperature = year(days)
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=index_of(starts))
    return UseSeries("BLD-1", "electricity_import_kwh", "kWh", SHANGHAI, "CN", Interval.HOUR, frame)
