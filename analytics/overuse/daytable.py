"""An hourly series as a table of local days by local hours: what patterns of the day are looked for in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.calendar_features import DAY_OFF, calendar_of
from analytics.baselines.series import Interval, UseSeries
from analytics.grid import Bools, Floats

HOURS = 24

NIGHT = slice(1, 5)
"""Local hours in which nobody works and nothing is being switched on or off."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class DayTable:
    """Local days in a row.

    first
        The first day.
    off, weekend
        By day whether nobody is expected to work, and whether that is as on every such day of the week.
    use, expected, temperature_c
        Days by local hours (0 to 23); NaN where not known, and in the hour that a day of clock change lacks.
        The hour that such a day has twice holds the mean of both.
    """

    zone: ZoneInfo
    first: date
    off: Bools
    weekend: Bools
    use: Floats
    expected: Floats
    temperature_c: Floats

    def __len__(self) -> int:
        return len(self.off)

    @property
    def night_base(self) -> Floats:
        """By day the median use of an hour at night; NaN where fewer than three of the hours are known."""
        return _medians(self.use[:, NIGHT], least=3)

    def instant(self, day: int, hour: float = 0.0) -> datetime:
        """When a local hour of a day begins (UTC); ``hour`` 24 is the end of the day."""
        on = self.first + timedelta(days=day + int(hour // HOURS))
        minutes = round(60 * (hour % HOURS))
        clock = time(minutes // 60, minutes % 60)
        return datetime.combine(on, clock, tzinfo=self.zone).astimezone(UTC)


def day_table(series: UseSeries, expected: pd.DataFrame | None = None) -> DayTable | None:
    """The table of an hourly series; None of a series by the day or month, and of an empty one.

    expected
        Column ``expected`` by the series' starts; None: nothing is.
    """
    frame = series.frame
    if series.interval is not Interval.HOUR or frame.empty:
        return None
    calendar = calendar_of(pd.DatetimeIndex(frame.index), series.zone, series.country)
    rows = calendar.day - calendar.day[0]
    shape = (int(rows[-1]) + 1, HOURS)
    forecast = None if expected is None else expected["expected"].reindex(frame.index)

    def table(values: pd.Series | None) -> Floats:
        column = np.full(len(frame), np.nan) if values is None else values.to_numpy(float)
        return _placed(column, rows * HOURS + calendar.hour, shape)

    off, weekend = np.zeros(shape[0], dtype=bool), np.zeros(shape[0], dtype=bool)
    off[rows], weekend[rows] = calendar.off, calendar.kind == DAY_OFF
    return DayTable(
        zone=series.zone,
        first=_EPOCH + timedelta(days=int(calendar.day[0])),
        off=off,
        weekend=weekend,
        use=table(frame["use"]),
        expected=table(forecast),
        temperature_c=table(frame["temperature_c"]),
    )


def _placed(values: Floats, cells: NDArray[np.int64], shape: tuple[int, int]) -> Floats:
    """Values in their cells, the mean where a cell has several; infinities are not known."""
    known = np.isfinite(values)
    size = shape[0] * shape[1]
    at = cells[known]
    count = np.bincount(at, minlength=size)
    total = np.bincount(at, values[known], minlength=size)
    mean: Floats = np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
    return mean.reshape(shape)


def _medians(rows: Floats, least: int) -> Floats:
    """The median of each row's known values; NaN where fewer than ``least`` are."""
    enough = np.isfinite(rows).sum(axis=1) >= least
    found = np.full(len(rows), np.nan)
    if enough.any():
        found[enough] = np.nanmedian(rows[enough], axis=1)
    return found
