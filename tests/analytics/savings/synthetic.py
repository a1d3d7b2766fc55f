"""A building by the day with known use, so that what a measure saved is known."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.series import Interval, UseSeries

ZONE = ZoneInfo("Asia/Shanghai")


def daily(
    first: date, until: date, *, factor: float = 1.0, noise: float = 0.05, seed: int = 0
) -> UseSeries:
    """50 kWh a day and 4 kWh a degree below 15 °C, times ``factor``, with errors of ``noise``."""
    starts = pd.date_range(first, until, freq="D", inclusive="left", tz=ZONE).tz_convert("UTC")
    day = np.array([start.day_of_year for start in starts.tz_convert(ZONE)])
    rng = np.random.default_rng(seed)
    temperature = 12 - 14 * np.cos(2 * np.pi * (day - 15) / 365.25) + rng.normal(0, 2, len(day))
    use = (50 + 4 * np.maximum(15 - temperature, 0)) * factor
    use = use * (1 + rng.normal(0, noise, len(day)))
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=starts)
    frame.index.name = "start"
    return UseSeries("BLD-1", "electricity_import_kwh", "kWh", ZONE, "CN", Interval.DAY, frame)


def years(factor: float, noise: float = 0.05) -> tuple[UseSeries, UseSeries]:
    """2022, and 2023 with the measure."""
    before = daily(date(2022, 1, 1), date(2023, 1, 1), noise=noise)
    return before, daily(date(2023, 1, 1), date(2024, 1, 1), factor=factor, noise=noise, seed=1)


def with_use(series: UseSeries, use: "pd.Series[float] | NDArray[np.float64]") -> UseSeries:
    """The same with another use."""
    return replace(series, frame=series.frame.assign(use=use))
