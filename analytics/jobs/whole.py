"""Use over a long span, month by month, from the readings alone."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.consumption.partition import BySeries, Partition, cut, feeding, use_of_partition
from analytics.consumption.points import Wiring
from analytics.consumption.windows import CONTEXT
from analytics.grid import Grid, Key, instant_of, stack
from analytics.jobs.amounts import all_amounts, points_of_amounts
from analytics.jobs.executors import Executor
from analytics.jobs.loading import any_after, counts_within, series_with_readings, stored_keys
from analytics.jobs.turn import Turn
from analytics.totals.groups import building_of_item
from analytics.totals.rollup import month_edges
from quotawatt.findings import Finding
from quotawatt.readings import SeriesKey
from quotawatt.spans import HOUR, Span, ceil_hour, floor_hour
from quotawatt.storage.port import SeriesStore

_READ = 3_000_000
"""How many readings are read at once, about: each column of them is 24 MB."""
_COMPUTED = 250_000
"""How many of them are computed at once, about: so much stays near the core, and the memory is used again."""


@dataclass(frozen=True)
class Month:
    """The part of a span that lies in one local month, which ends on full UTC hours.

    reads
        Points to compute, by what is read together, then by partitions.
    totals
        Totals that have results there.
    """

    part: Span
    reads: tuple[tuple[tuple[Key, ...], ...], ...]
    totals: tuple[Key, ...]

    def points(self) -> list[Key]:
        """All points."""
        return [point for read in self.reads for points in read for point in points]

    def partitions(self) -> int:
        """How many partitions there are."""
        return sum(map(len, self.reads))


class WholeUse:
    """Computes the use of all points of one register."""

    def __init__(
        self, series: SeriesStore, records: Engine, wiring: Wiring, executor: Executor
    ) -> None:
        self._series = series
        self._records = records
        self._wiring = wiring
        self._executor = executor

    def by_month(
        self, span: Span, zone: ZoneInfo, turn: Turn
    ) -> Iterator[tuple[Month, Grid, list[Finding]]]:
        """Use by the hour in each local month of the span, in order, and what was found.

        Months that come before all readings and have no results are left out. Later months are read and
        computed while the caller is busy with an earlier one.
        """
        waiting: deque[Month] = deque()

        def partitions() -> Iterator[Partition]:
            for month in self._months(span, zone, turn.now):
                waiting.append(month)
                for read in month.reads:
                    yield from self._partitions(month.part, read, turn)

        done: list[tuple[Grid, list[Finding]]] = []
        for result in self._executor.map(use_of_partition, partitions()):
            done.append(result)
            if len(done) == waiting[0].partitions():
                found = [finding for _, findings in done for finding in findings]
                yield waiting.popleft(), stack([grid for grid, _ in done]), found
                done = []

    def _months(self, span: Span, zone: ZoneInfo, now: datetime) -> Iterator[Month]:
        if span.end <= span.start:
            return
        present = series_with_readings(self._series, now)
        begun = bool(series_with_readings(self._series, span.start))
        for first, until in pairwise(month_edges(span, zone)):
            part = Span(
                max(floor_hour(instant_of(first)), floor_hour(span.start)),
                min(ceil_hour(instant_of(until)), ceil_hour(span.end)),
            )
            rows = counts_within(self._series, part)
            begun = begun or bool(rows)
            stored = stored_keys(self._series, part)
            points = set(self._points(present if begun else (), stored, part))
            if points:
                totals = tuple(key for key in stored if not self._is_point(key))
                yield Month(part, tuple(self._reads(points, rows)), totals)

    def _reads(
        self, points: Iterable[Key], rows: Mapping[SeriesKey, int]
    ) -> Iterator[tuple[tuple[Key, ...], ...]]:
        for together in cut(points, rows, self._wiring, _READ):
            yield tuple(cut(together, rows, self._wiring, _COMPUTED))

    def _points(
        self, present: Iterable[SeriesKey], stored: Iterable[Key], part: Span
    ) -> Iterator[Key]:
        """What readings, results or amounts of the part belong to."""
        yield from self._wiring.points_of(present)
        yield from (key for key in stored if self._is_point(key))
        with self._records.connect() as conn:
            yield from points_of_amounts(conn, part)

    def _partitions(
        self, part: Span, read: tuple[tuple[Key, ...], ...], turn: Turn
    ) -> Iterator[Partition]:
        together = [point for points in read for point in points]
        series = feeding(together, self._wiring)
        around = Span(part.start - HOUR, part.end + HOUR)
        values = BySeries(series, self._series.read_values(series, around, CONTEXT))
        turn.readings_ahead |= any_after(values.table, turn.now)
        with self._records.connect() as conn:
            amounts = all_amounts(conn, together, part)
        for points in read:
            own = tuple(feeding(points, self._wiring))
            passed = tuple(amount for amount in amounts if amount.point in points)
            yield Partition(own, values.of(own), self._wiring, points, part, passed, turn.now)

    def _is_point(self, key: Key) -> bool:
        """Whether the key is a point's, rather than a total's; an asset no longer known counts as one."""
        register = self._wiring.register
        kinds = (
            register.buildings, register.organisations, register.spaces, register.virtual_meters
        )  # fmt: skip
        named = any(key.subject in kind for kind in kinds)
        return not named and building_of_item(key.subject) is None
