"""A series beside what was expected of it, hour by hour: what every part of detection looks at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.anomalies.medians import deviations_by_kind
from analytics.baselines.calendar_features import HOLIDAY, calendar_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Bools, Floats
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.spans import local_midnight

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

NORMAL_MAD = 1.4826
"""Standard deviations in a median absolute deviation, where values are normal."""

_BAND_SD = 2 * 1.6449
"""Standard deviations in a band of 90 %, where values are normal."""

_WIDEST_OF_BAND = 2.0
"""How much wider than its band a series can be before that is an anomaly rather than its scatter."""

_TINY = 1e-9
_BAND_DAYS = 20

_EXPECTATION = ("expected", "low", "high")

_LEAST_OF_LEVEL, _LEAST_OF_RANGE = 0.01, 0.02
"""No series is held to be steadier than these shares of its level, and of its daily range."""


@dataclass(frozen=True)
class Course:
    """Intervals in a row; arrays of one length, unless said otherwise.

    use, expected
        In the series' unit; NaN where not known.
    scale
        Standard deviation of an hour's ordinary difference; NaN where nothing is expected.
    hour, day, off, holiday
        Local hour, local day counted from the first (0), whether nobody is expected to work, and whether that
        is so on a weekday.
    columns
        Intervals a day: 24, or 1 where they are days or months, which then count as days.
    span
        What use ordinarily moves in: from its 1st to its 99th percentile.
    level
        What differences are shares of: what is expected; of a gauge, whose zero means nothing, the span where
        that is less.
    gauge
        Whether the measure is a momentary value, such as a temperature, rather than use.
    """

    starts: pd.DatetimeIndex
    use: Floats
    expected: Floats
    scale: Floats
    hour: Ints
    day: Ints
    off: Bools
    holiday: Bools
    columns: int
    series: UseSeries
    level: Floats
    span: float
    gauge: bool

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
    _require(expected, _EXPECTATION, "an expectation")
    starts = pd.DatetimeIndex(frame.index)
    by_start = expected if expected.index.equals(starts) else expected.reindex(starts)
    use, value, low, high = (
        _finite(column) for column in (frame["use"], *(by_start[c] for c in _EXPECTATION))
    )
    calendar = calendar_of(starts, series.zone, series.country)
    hourly = series.interval is Interval.HOUR
    day = calendar.day - calendar.day[0] if hourly and len(starts) else np.arange(len(starts))
    off = calendar.off if series.interval is not Interval.MONTH else np.zeros(len(starts), bool)
    hour = calendar.hour if hourly else np.zeros(len(starts), dtype=np.int64)
    scale = _scale(use - value, value, (high - low) / _BAND_SD, hour + 24 * off)
    span = _span(use)
    gauge = series.measure in QUANTITIES and QUANTITIES[series.measure].kind is Kind.GAUGE
    level = np.minimum(np.abs(value), span) if gauge else np.abs(value)
    columns = 24 if hourly else 1
    holiday = off & (calendar.kind == HOLIDAY)
    return Course(
        starts, use, value, scale, hour, day, off, holiday, columns, series, level, span, gauge
    )


def _span(use: Floats) -> float:
    known = use[np.isfinite(use)]
    return float(np.subtract(*np.percentile(known, (99, 1)))) if len(known) else 0.0


def _scale(residual: Floats, expected: Floats, band: Floats, kind: Ints) -> Floats:
    """Ordinary differences: as the series shows at that hour and kind of day, and the band, which counts as
    so many days more.
    """
    known = expected[np.isfinite(expected)]
    if not len(known):
        return np.full(len(residual), np.nan)
    spread = float(np.subtract(*np.percentile(known, (95, 5))))
    least = _LEAST_OF_LEVEL * float(np.median(np.abs(known))) + _LEAST_OF_RANGE * spread + _TINY
    shown = NORMAL_MAD * np.nan_to_num(deviations_by_kind(residual, kind, 48))[kind]
    days = np.bincount(kind[np.isfinite(residual)], minlength=48)[kind]
    capped = np.minimum(shown, _WIDEST_OF_BAND * band)
    both = (days * capped**2 + _BAND_DAYS * band**2) / (days + _BAND_DAYS)
    scale: Floats = np.maximum(np.sqrt(both), least)
    return scale


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
