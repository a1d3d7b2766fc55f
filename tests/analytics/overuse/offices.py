"""Small invented series for the tests of overuse: an office that is opened, run and switched off."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Floats
from quotawatt.measures import measure
from quotawatt.spans import local_midnight

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2023, 3, 1)
ELECTRICITY = "electricity_import_kwh"

NIGHT_KWH, DAY_KWH = 10.0, 50.0
OPENS, CLOSES = 8, 18


def starts(days: int, zone: ZoneInfo = ZONE, first: date = FIRST) -> pd.DatetimeIndex:
    """All hours of so many local days."""
    begin, end = local_midnight(first, zone), local_midnight(first + timedelta(days=days), zone)
    return pd.date_range(begin, end, freq="h", inclusive="left", name="start")


def series(
    use: Floats,
    *,
    name: str = ELECTRICITY,
    subject: str = "MTR-1",
    zone: ZoneInfo = ZONE,
    temperature_c: float | Floats = 20.0,
    first: date = FIRST,
    country: str = "CN",
) -> UseSeries:
    """Hourly use from the first day on."""
    index = pd.date_range(local_midnight(first, zone), periods=len(use), freq="h", name="start")
    frame = pd.DataFrame({"use": use, "temperature_c": temperature_c}, index=index)
    return UseSeries(subject, name, measure(name).unit, zone, country, Interval.HOUR, frame)


def office(days: int, seed: int = 1, closes: int = CLOSES) -> Floats:
    """Days by hours of an office in China: 10 kWh an hour at night and on days off, 50 while it is open."""
    index = starts(days)
    local = index.tz_convert(ZONE)
    worked = np.asarray(local.day_of_week < 5) & ~np.array([one in HOLIDAYS for one in local.date])
    is_open = worked & np.asarray((local.hour >= OPENS) & (local.hour < closes))
    noise = np.random.default_rng(seed).normal(0, 0.5, len(index))
    use: Floats = np.where(is_open, DAY_KWH, NIGHT_KWH) + noise
    return use.reshape(days, 24)


def expected(use: Floats) -> pd.DataFrame:
    """What was expected: exactly this."""
    index = pd.date_range(local_midnight(FIRST, ZONE), periods=use.size, freq="h", name="start")
    return pd.DataFrame({"expected": use.ravel()}, index=index)


HOLIDAYS = [
    date(2023, 4, 5),
    date(2023, 5, 1),
    date(2023, 5, 2),
    date(2023, 5, 3),
    date(2023, 6, 22),
]
"""Weekdays of early 2023 that offices were closed on."""
