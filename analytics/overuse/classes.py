"""Classes of hours, and by how much use was above what was expected in each."""

from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.calendar_features import DAY_OFF, HOLIDAY, calendar_of
from analytics.baselines.series import Interval, UseSeries

Floats = NDArray[np.float64]


class HourClass(StrEnum):
    """What kind of hour it is; every hour is of one class.

    ``night`` is what lies outside the working hours of days that are worked; ``weekend`` and ``holiday``
    are whole days, their nights with them. A holiday is a weekday on which offices are closed; a weekend
    day that is worked in exchange is a day like any other that is worked.
    """

    WORKING = "working"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


CLASSES = tuple(HourClass)

WORKING_HOURS = (7, 19)
"""Local hours of working days in which people may be in an office: from the first, before the second."""


def classes_of(
    starts: pd.DatetimeIndex,
    zone: ZoneInfo,
    country: str,
    working_hours: tuple[int, int] = WORKING_HOURS,
) -> NDArray[np.int64]:
    """The class of each hour as its position in ``CLASSES``; ``starts`` are aware."""
    calendar = calendar_of(starts, zone, country)
    first, until = working_hours
    at_work = (calendar.hour >= first) & (calendar.hour < until)
    return np.select(
        [calendar.kind == HOLIDAY, calendar.kind == DAY_OFF, at_work],
        [CLASSES.index(HourClass.HOLIDAY), CLASSES.index(HourClass.WEEKEND), 0],
        default=CLASSES.index(HourClass.NIGHT),
    ).astype(np.int64)


def excess_of(series: UseSeries, expected: pd.DataFrame) -> Floats:
    """Use less what was expected, interval by interval; NaN where either is not known."""
    forecast = expected["expected"].reindex(series.frame.index).to_numpy(float)
    difference: Floats = series.frame["use"].to_numpy(float) - forecast
    return np.where(np.isfinite(difference), difference, np.nan)


def excess_by_class(
    series: UseSeries,
    expected: pd.DataFrame,
    working_hours: tuple[int, int] = WORKING_HOURS,
) -> pd.DataFrame:
    """Use against what was expected, by class of hour.

    series
        By the hour; days have no classes of hours, so a series by the day or month has 0 hours.
    expected
        Column ``expected`` by the series' starts.

    Index ``class`` (all four, in their order); columns ``hours`` (known in both), ``unknown_hours`` (the
    rest), ``use``, ``expected`` and ``excess`` (below 0: less than expected), in the series' unit.
    """
    names = pd.Index([str(c) for c in CLASSES], name="class")
    columns = ["hours", "unknown_hours", "use", "expected", "excess"]
    if series.interval is not Interval.HOUR or series.frame.empty:
        return pd.DataFrame(0.0, index=names, columns=columns)
    starts = pd.DatetimeIndex(series.frame.index)
    classes = classes_of(starts, series.zone, series.country, working_hours)
    excess = excess_of(series, expected)
    known = np.isfinite(excess)
    use = np.where(known, series.frame["use"].to_numpy(float), 0.0)
    excess = np.where(known, excess, 0.0)
    parts = {
        "hours": known.astype(float),
        "unknown_hours": (~known).astype(float),
        "use": use,
        "expected": use - excess,
        "excess": excess,
    }
    sums = {name: np.bincount(classes, values, len(CLASSES)) for name, values in parts.items()}
    return pd.DataFrame(sums, index=names)
