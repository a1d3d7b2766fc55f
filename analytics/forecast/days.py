"""A series of hours as a table of local days: what forecasts of days learn from."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.baselines.calendar_features import calendar_of
from analytics.baselines.series import UseSeries
from analytics.grid import Bools, Floats
from quotawatt.spans import DAY, local_midnight

HOURS = 24


@dataclass(frozen=True)
class DayTable:
    """Local days in a row, one row a day, one column an hour of the clock.

    first
        Days since 1970 of the first row.
    off
        Whether nobody is expected to work on the day.
    use, expected, foreseen
        By the hour; NaN: not known. An hour that the clock strikes twice holds the mean of the two, one
        that it leaves out is NaN. ``expected`` is by the weather that was, ``foreseen`` by the weather that
        could be expected when the day was forecast.
    """

    first: int
    off: Bools
    use: Floats
    expected: Floats
    foreseen: Floats

    def row(self, day: date) -> int:
        """The row of a day; it may lie outside the table."""
        return (day - date(1970, 1, 1)).days - self.first


def day_table(series: UseSeries, expected: pd.Series, foreseen: pd.Series) -> DayTable:
    """The table of an hourly series; ``expected`` and ``foreseen`` have its index.

    Infinities count as not known. The series must have an hour at least.
    """
    calendar = calendar_of(pd.DatetimeIndex(series.frame.index), series.zone, series.country)
    first = int(calendar.day.min())
    cell = (calendar.day - first) * HOURS + calendar.hour
    rows = int(calendar.day.max()) - first + 1
    off = np.zeros(rows, dtype=bool)
    off[calendar.day - first] = calendar.off
    columns = (series.frame["use"], expected, foreseen)
    tables = (_means(cell, values.to_numpy(float), rows) for values in columns)
    return DayTable(first, off, *tables)


def hours_of(day: date, series: UseSeries) -> pd.DatetimeIndex:
    """The UTC hours that start on a local day: 24, on days on which the clock is set 23 or 25."""
    start, end = (local_midnight(d, series.zone) for d in (day, day + DAY))
    return pd.date_range(start, end, freq="h", inclusive="left", name="start", unit="us")


def clock_hours(starts: pd.DatetimeIndex, series: UseSeries) -> NDArray[np.int64]:
    """The hour of the local clock (0 to 23) of each start."""
    return calendar_of(starts, series.zone, series.country).hour


def _means(cell: NDArray[np.int64], values: Floats, rows: int) -> Floats:
    """The mean of what falls into each cell; NaN where nothing known does."""
    known = np.isfinite(values)
    size = rows * HOURS
    total = np.bincount(cell[known], weights=values[known], minlength=size)
    count = np.bincount(cell[known], minlength=size)
    means: Floats = np.divide(total, count, out=np.full(size, np.nan), where=count > 0)
    return means.reshape((rows, HOURS))
