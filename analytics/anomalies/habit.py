"""What a series does by its own habit: an expectation where there is no model."""

import numpy as np
import pandas as pd

from analytics.anomalies.course import NORMAL_MAD
from analytics.anomalies.medians import medians_around
from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Floats

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

_WINDOW_DAYS = 56
"""Habits are those of four weeks before and after: what lasts less than that is out of the ordinary."""

_BAND_SDS = 1.6449
_LEAST_SPREAD = 0.25
"""An hour of the day scatters by at least this share of what hours scatter on the whole."""


def expect_by_habit(series: UseSeries) -> pd.DataFrame:
    """Columns ``expected``, ``low`` and ``high`` (90 %) by the series' starts.

    Expected is the median of the same local hour on working days, or on days off, over the eight weeks
    around; of intervals longer than an hour, that of the interval. The series itself is all that is known,
    so what lasts longer than half of that becomes the habit. NaN where fewer than four such days are known;
    infinities count as not known.
    """
    frame = series.frame
    starts = pd.DatetimeIndex(frame.index)
    use = frame["use"].to_numpy(float)
    use = np.where(np.isfinite(use), use, np.nan)
    if not np.isfinite(use).any():
        return pd.DataFrame(np.nan, index=starts, columns=["expected", "low", "high"])
    day, kind = _place(series, starts)
    table = np.full((int(day[-1]) + 1, 48), np.nan)
    table[day, kind] = use
    expected = medians_around(table, _WINDOW_DAYS + 1)[day, kind]
    spread = _spread(use - expected, kind)
    return pd.DataFrame(
        {
            "expected": expected,
            "low": expected - _BAND_SDS * spread,
            "high": expected + _BAND_SDS * spread,
        },
        index=starts,
    )


def _place(series: UseSeries, starts: pd.DatetimeIndex) -> tuple[Ints, Ints]:
    """Row (day, or interval) and column (local hour, and 24 more on days off) of every interval."""
    calendar = calendar_of(starts, series.zone, series.country)
    if series.interval is Interval.HOUR:
        return calendar.day - calendar.day[0], calendar.hour + 24 * calendar.off
    row = np.arange(len(starts))
    return row, 24 * calendar.off * (series.interval is Interval.DAY)


def _spread(residual: Floats, kind: Ints) -> Floats:
    """Robust standard deviation of every interval's column."""
    overall = _sd(residual)
    by_kind = np.array([_sd(residual[kind == k]) for k in range(48)])
    spread: Floats = np.maximum(by_kind, _LEAST_SPREAD * overall)[kind]
    return spread


def _sd(residual: Floats) -> float:
    known = residual[np.isfinite(residual)]
    return NORMAL_MAD * float(np.median(np.abs(known))) if len(known) else 0.0
