"""A series beside what was expected of it, hour by hour: what every part of detection looks at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Bools, Floats
from quotawatt.errors import InputError
from quotawatt.spans import local_midnight

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

NORMAL_MAD = 1.4826
"""Standard deviations in a median absolute deviation, where values are normal."""

_BAND_SD = 2 * 1.6449
"""Standard deviations in a band of 90 %, where values are normal."""

_NARROWEST_OF_BAND, _WIDEST_OF_BAND = 0.5, 2.0
"""How much narrower or wider than its band the ordinary scatter of a series can be."""

_LEAST_OF_LEVEL, _LEAST_OF_RANGE = 0.01, 0.02
"""No series is held to be steadier than these shares of its level, and of its daily range."""


@dataclass(frozen=True)
class Course:
    """Intervals in a row; arrays of one length, unless said otherwise.

    use, expected
        In the series' unit; NaN where not known.
    scale
        Standard deviation of an hour's ordinary difference; NaN where nothing is expected.
    hour, day, off
        Local hour, local day counted from the first (0), and whether nobody is expected to work.
    columns
        Intervals a day: 24, or 1 where they are days or months, which then count as days.
    """

    starts: pd.DatetimeIndex
    use: Floats
    expected: Floats
    scale: Floats
    hour: Ints
    day: Ints
    off: Bools
    columns: int
    series: UseSeries

    @property
    def days(self) -> int:
        """How many local days."""
        return int(self.day[-1]) + 1 if len(self.day) else 0

    def start_of(self, position: int) -> datetime:
        """When an interval begins."""
        found: datetime = self.starts[position].to_pydatetime()
        return found

    def end_of(self, position: int) -> datetime:
        """When an interval ends: where the next begins, or would begin."""
        if position + 1 < len(self.starts):
            return self.start_of(position + 1)
        start = self.start_of(position)
        if self.series.interval is Interval.HOUR:
            return start + timedelta(hours=1)
        zone = self.series.zone
        return local_midnight(_next(start.astimezone(zone), self.series.interval).date(), zone)


def course_of(series: UseSeries, expected: pd.DataFrame) -> Course:
    """The series beside its expectation, which is aligned to it; infinities count as not known.

    Raises InputError where columns are missing or the index is not one of instants.
    """
    frame = series.frame
    _require(frame, ("use",), "a series")
    _require(expected, ("expected", "low", "high"), "an expectation")
    starts = pd.DatetimeIndex(frame.index)
    by_start = expected if expected.index.equals(starts) else expected.reindex(starts)
    use, value, low, high = (
        _finite(column) for column in (frame["use"], *(by_start[c] for c in expected.columns[:3]))
    )
    calendar = calendar_of(starts, series.zone, series.country)
    hourly = series.interval is Interval.HOUR
    day = calendar.day - calendar.day[0] if hourly and len(starts) else np.arange(len(starts))
    off = calendar.off if series.interval is not Interval.MONTH else np.zeros(len(starts), bool)
    hour = calendar.hour if hourly else np.zeros(len(starts), dtype=np.int64)
    scale = _scale(use - value, value, (high - low) / _BAND_SD, hour + 24 * off)
    return Course(starts, use, value, scale, hour, day, off, 24 if hourly else 1, series)


def _scale(residual: Floats, expected: Floats, band: Floats, kind: Ints) -> Floats:
    """Ordinary differences: as the band has them, or as the series shows at that hour and kind of day."""
    known = expected[np.isfinite(expected)]
    if not len(known):
        return np.full(len(residual), np.nan)
    spread = float(np.subtract(*np.percentile(known, (95, 5))))
    least = _LEAST_OF_LEVEL * float(np.median(np.abs(known))) + _LEAST_OF_RANGE * spread
    shown = np.array([_mad(residual[kind == k]) for k in range(48)])[kind]
    wide = np.maximum(band, least)
    return np.clip(shown, np.maximum(band * _NARROWEST_OF_BAND, least), _WIDEST_OF_BAND * wide)


def _mad(values: Floats) -> float:
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0
    return NORMAL_MAD * float(np.median(np.abs(known - np.median(known))))


def _finite(column: pd.Series) -> Floats:
    values = column.to_numpy(float)
    return np.where(np.isfinite(values), values, np.nan)


def _require(frame: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise InputError(f"{what} must have columns {', '.join(columns)}, lacks {missing[0]}")
    if len(frame) and (not isinstance(frame.index, pd.DatetimeIndex) or frame.index.tz is None):
        raise InputError(f"{what} must have an index of instants with a time zone")


def _next(local: datetime, interval: Interval) -> datetime:
    """The local day, or first of the month, after this one."""
    if interval is Interval.DAY:
        return local + timedelta(days=1)
    return (local.replace(day=1) + timedelta(days=32)).replace(day=1)
