"""Series for the tests of sufficiency: two years of hours that answer to hour and weather."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries

ZONE = ZoneInfo("Europe/Paris")


def hourly(days: int = 400, zone: ZoneInfo = ZONE) -> UseSeries:
    """Local days from 2022-01-01 on; use of 8 to 22 kWh that is never twice the same."""
    first = pd.Timestamp("2022-01-01", tz=zone)
    last = first + pd.DateOffset(days=days)
    index = pd.date_range(first, last, freq="h", inclusive="left").tz_convert("UTC")
    at = np.arange(len(index))
    temperature = 12 - 10 * np.cos(2 * np.pi * at / 8766) + 3 * np.sin(2 * np.pi * at / 24)
    use = 15 + 4 * np.sin(2 * np.pi * at / 24) + np.sin(at * 0.7) + 2 * np.sin(at / 24)
    frame = pd.DataFrame({"use": use, "temperature_c": temperature}, index=index.as_unit("us"))
    frame.index.name = "start"
    return UseSeries("B-1", "electricity_import_kwh", "kWh", zone, "FR", Interval.HOUR, frame)


def with_use(series: UseSeries, use: object) -> UseSeries:
    return replace(series, frame=series.frame.assign(use=use))
