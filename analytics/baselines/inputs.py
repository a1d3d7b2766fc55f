"""What models are given: the calendar of each interval and the weather as a building feels it."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.calendar_features import Calendar, calendar_of
from analytics.baselines.series import Interval

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST_FILLED_GAP_H = 6
"""Hours of temperature in a row that are interpolated, as CalTRACK 2.0 allows (2.3.3)."""

INERTIA_H = 24
"""A building answers to the weather of about a day, not of the moment alone."""

_LEAST_LEAD_H = 18  # hours that must be known to say what the last day was like


class Inputs(NamedTuple):
    """One row an interval.

    temperature_c
        Of the interval, short gaps closed; NaN where not known.
    inertia_c
        Hours: mean of the hour and the 23 before. Days: of the day before. Months: as ``temperature_c``.
    """

    starts: pd.DatetimeIndex
    interval: Interval
    calendar: Calendar
    temperature_c: Floats
    inertia_c: Floats

    @property
    def weather_known(self) -> Bools:
        """Where both temperatures are known."""
        return np.isfinite(self.temperature_c) & np.isfinite(self.inertia_c)

    @property
    def daily_c(self) -> Floats:
        """Mean temperature of about a day or of the month: what tells whether weather like it was seen."""
        return self.inertia_c if self.interval is Interval.HOUR else self.temperature_c


def prepare(X: pd.DataFrame, zone: ZoneInfo, country: str, interval: Interval) -> Inputs:
    """Inputs of a frame indexed by UTC starts, in a row, with the column ``temperature_c``.

    Hours before the first one that is wanted must lead in: an hour whose last day is not known by 18 hours
    has no inertia. Without the column no temperature is known.
    """
    starts = pd.DatetimeIndex(X.index)
    given = X["temperature_c"] if "temperature_c" in X else pd.Series(np.nan, X.index)
    temperature = np.array(given, dtype=np.float64)
    temperature[~np.isfinite(temperature)] = np.nan
    if interval is Interval.HOUR:
        temperature = fill_gaps(temperature)
    inertia = _inertia(temperature, interval)
    return Inputs(starts, interval, calendar_of(starts, zone, country), temperature, inertia)


def fill_gaps(hourly_c: Floats) -> Floats:
    """Gaps (NaN) of up to six hours interpolated linearly; longer ones and those at either end stay."""
    known = np.isfinite(hourly_c)
    if known.all() or not known.any():
        return hourly_c
    hour = np.arange(len(hourly_c))
    filled = np.interp(hour, hour[known], hourly_c[known], left=np.nan, right=np.nan)
    edge = np.flatnonzero(np.diff(known)) + 1
    lengths = np.diff(np.concatenate([[0], edge, [len(known)]]))
    short = np.repeat(lengths, lengths) <= LONGEST_FILLED_GAP_H
    return np.where(known | short, filled, np.nan)


def _inertia(temperature: Floats, interval: Interval) -> Floats:
    if interval is Interval.MONTH:
        return temperature
    if interval is Interval.DAY:
        before = np.concatenate([temperature[:1], temperature[:-1]])
        return np.where(np.isfinite(before), before, temperature)
    known = np.isfinite(temperature)
    total = _trailing(np.where(known, temperature, 0.0))
    hours = _trailing(known.astype(np.float64))
    with np.errstate(invalid="ignore"):
        return np.where(hours >= _LEAST_LEAD_H, total / np.maximum(hours, 1.0), np.nan)


def _trailing(values: Floats) -> Floats:
    """Sum of each value and the 23 before it, as far as there are any."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(sums))
    return np.asarray(sums[end] - sums[np.maximum(end - INERTIA_H, 0)], dtype=np.float64)
