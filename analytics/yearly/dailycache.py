"""Daily totals of this year and the last in memory, so that a year's account need not be read daily."""

from collections.abc import Collection
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analytics.grid import Grid, Micros, instant_of, micros, micros_of
from analytics.totals.rollup import day_edges
from analytics.yearly.dayblocks import DayBlock, Pair
from analytics.yearly.projection import Matrix
from quotawatt.spans import Span, local_date
from quotawatt.storage.frames import distinct

_EPOCH = date(1970, 1, 1)


class DailyCache:
    """Daily results over a span, a block for each zone; can be built anew from the store."""

    def __init__(self, span: Span, zones: Collection[ZoneInfo]) -> None:
        self.span = span
        self._held = {zone: _Held(span, zone) for zone in zones}

    def place(self, zone: ZoneInfo, results: pa.Table) -> None:
        """Take over results of grain day: columns subject, measure, start, value and coverage.

        Those that do not start with a day of the span in that zone are left out.
        """
        held = self._held[zone]
        pairs, place = distinct(results, ("subject", "measure"))
        rows = held.rows_of([(subject, measure) for subject, measure in pairs])[place]
        start = micros(results["start"])
        columns = np.minimum(np.searchsorted(held.starts, start), len(held.starts) - 1)
        known = held.starts[columns] == start
        held.values[rows[known], columns[known]] = results["value"].to_numpy()[known]
        held.coverage[rows[known], columns[known]] = results["coverage"].to_numpy()[known]

    def update(self, zone: ZoneInfo, newer: Grid) -> None:
        """Take over newer days, absent results included; days outside the span are left out."""
        held = self._held.get(zone)
        if held is None:
            return
        days = np.isin(newer.starts, held.starts)
        rows = held.rows_of([(key.subject, key.measure) for key in newer.keys])
        cells = np.ix_(rows, np.searchsorted(held.starts, newer.starts[days]))
        held.values[cells] = newer.value[:, days]
        held.coverage[cells] = newer.coverage[:, days]

    def unknown_days(self, zone: ZoneInfo, within: Span) -> list[list[Span]]:
        """The zone's days that lie within a span and of which nothing at all is known, by local months."""
        held = self._held[zone]
        edges = np.append(held.starts, micros_of(self.span.end))
        whole = (edges[:-1] >= micros_of(within.start)) & (edges[1:] <= micros_of(within.end))
        whole &= np.isnan(held.values[: held.used]).all(axis=0)
        days = [
            Span(instant_of(edges[i]), instant_of(edges[i + 1]))
            for i in np.flatnonzero(whole).tolist()
        ]
        months = groupby(days, lambda day: local_date(day.start, zone).replace(day=1))
        return [list(month) for _, month in months]

    def blocks(self) -> list[DayBlock]:
        """What is held; the blocks change with the cache."""
        return [
            DayBlock(held.rows, held.first_day, held.values[: held.used], held.coverage)
            for held in self._held.values()
        ]


class _Held:
    """The days of the series of one zone: as many rows as are used, and room for more."""

    def __init__(self, span: Span, zone: ZoneInfo) -> None:
        self.starts: Micros = day_edges(span, zone)[:-1]
        self.first_day = (local_date(instant_of(self.starts[0]), zone) - _EPOCH).days
        self.rows: dict[Pair, int] = {}
        self.values: Matrix = np.empty((0, len(self.starts)))
        self.coverage: NDArray[np.float32] = np.empty((0, len(self.starts)), dtype=np.float32)

    @property
    def used(self) -> int:
        """Rows that belong to a series."""
        return len(self.rows)

    def rows_of(self, pairs: Collection[Pair]) -> NDArray[np.intp]:
        """Their rows; new ones get one, of which nothing is known yet."""
        found = [self.rows.setdefault(pair, len(self.rows)) for pair in pairs]
        if self.used > len(self.values):
            more = max(self.used, len(self.values) * 5 // 4) - len(self.values)
            shape = (more, len(self.starts))
            self.values = np.concatenate([self.values, np.full(shape, np.nan)])
            self.coverage = np.concatenate([self.coverage, np.zeros(shape, dtype=np.float32)])
        return np.array(found, dtype=np.intp)
