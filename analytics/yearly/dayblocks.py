"""Blocks of daily results: one row a series, one column a local day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.yearly.projection import Matrix

Pair = tuple[str, str]
"""Subject and measure."""


@dataclass(frozen=True, slots=True)
class DayBlock:
    """Daily results of some series.

    rows
        The row of each (subject, measure) pair.
    first_day
        Days since 1970 of the first column, by the subjects' own calendars.
    values
        In each measure's unit; NaN: not known.
    coverage
        Share of the day that rests on measurements, 0..1; 0 where it is not known.
    """

    rows: Mapping[Pair, int]
    first_day: int
    values: Matrix
    coverage: NDArray[np.float32]

    def copy_into(
        self, begin: int, held: NDArray[np.intp], values: Matrix, coverage: Matrix
    ) -> None:
        """Lay the block's days over those from ``begin`` on (days since 1970).

        held
            For each row of ``values`` and ``coverage`` that of the block; -1: it has none.
        """
        offset = begin - self.first_day
        low, high = max(offset, 0), min(offset + values.shape[1], self.values.shape[1])
        mine = np.flatnonzero(held >= 0)
        if low < high and len(mine):
            columns = slice(low - offset, high - offset)
            values[mine, columns] = self.values[held[mine], low:high]
            coverage[mine, columns] = self.coverage[held[mine], low:high]


def block_of(daily: pd.DataFrame, zone_of: Callable[[str], ZoneInfo]) -> DayBlock:
    """Daily results, columns subject, measure, start (UTC), value, coverage, as a block.

    A row without a value is not known. Of several rows for one subject, measure and day the last counts.
    """
    subject, subjects = pd.factorize(daily["subject"])
    measure, measures = pd.factorize(daily["measure"])
    day = _local_days(daily["start"], subject, [zone_of(str(s)) for s in subjects])
    first = int(day.min()) if len(day) else 0
    columns = day - first
    row, pairs = pd.factorize(subject * max(len(measures), 1) + measure)
    shape = (len(pairs), int(columns.max()) + 1 if len(day) else 0)
    values, coverage = np.full(shape, np.nan), np.zeros(shape, dtype=np.float32)
    values[row, columns] = daily["value"].to_numpy(float, na_value=np.nan)
    coverage[row, columns] = daily["coverage"].to_numpy(float, na_value=0.0)
    coverage[np.isnan(values)] = 0.0
    names = (divmod(int(pair), len(measures)) for pair in pairs)
    rows = {(str(subjects[s]), str(measures[m])): i for i, (s, m) in enumerate(names)}
    return DayBlock(rows, first, values, coverage)


def _local_days(
    start: pd.Series, subject: NDArray[np.intp], zones: list[ZoneInfo]
) -> NDArray[np.int64]:
    """Days since 1970 of each row, in its subject's zone."""
    zone_names = np.array([str(zone) for zone in zones], dtype=object)
    instants = pd.DatetimeIndex(start)
    days = np.zeros(len(instants), dtype=np.int64)
    for name in dict.fromkeys(zone_names):
        mine = (zone_names == name)[subject]
        local = instants[mine].tz_convert(name).tz_localize(None)
        days[mine] = local.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days
