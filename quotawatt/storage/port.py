"""The series store port: what every adapter (memory, DuckDB, InfluxDB) does.

One contract suite, ``tests/quotawatt/storage``, runs over all of them. Times are UTC; spans are
half-open; every read returns an Arrow table sorted by its key columns, then time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import pyarrow as pa

from quotawatt.findings import Finding
from quotawatt.readings import Grain, SeriesKey
from quotawatt.spans import Span


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write of readings did.

    written
        Readings that were new, or won over the one that was there.
    duplicates
        Readings that were there already (same identity, revision and value) or lost to another one.
    conflicts
        ``reading_conflict`` findings: different values under one identity and revision. One that is
        not suspect wins over one that is; of two alike in this the larger value, whatever the order
        of arrival.
    """

    written: int
    duplicates: int
    conflicts: tuple[Finding, ...] = ()


class SeriesStore(Protocol):
    """Readings and results. Every method raises StoreError where the store fails; safe to repeat."""

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """Store a table of schema READINGS. Durable on return; idempotent.

        A reading's identity is (device, channel, quantity, time).
        """

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """Winning readings of the series within ``span``, suspect ones included.

        ``context`` adds, for each series, up to that many readings not suspect before the span and
        as many after it. Sorted by device, channel, quantity, time.
        """

    def read_values(self, series: Sequence[SeriesKey], span: Span, context: int = 0) -> pa.Table:
        """Winning readings that are not suspect, as numbers: a table of schema VALUES.

        ``series`` holds each series once; a row names its series by the place therein. ``context`` as
        with ``read_readings``. Sorted by series, then time.
        """

    def known_series(self) -> list[SeriesKey]:
        """Every series that has or had readings, also those that are all suspect, sorted."""

    def last_readings(self, until: datetime) -> pa.Table:
        """The latest reading before ``until`` of every series that has one, suspect ones left out."""

    def activity(self, span: Span) -> pa.Table:
        """What every series did within ``span``, computed in the store; suspect readings left out.

        A table of schema ACTIVITY: a row for each series that has a reading there, with the times of the
        first and the last one, how many they are, and the least and the greatest value.
        """

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """Store a table of schema RESULTS, overwriting what has the same (subject, measure, start)."""

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """Results that start within ``span``, withdrawn ones left out.

        ``subjects`` None means all. Sorted by subject, measure, start.
        """

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """Totals over the span, computed in the store.

        Columns: subject, measure, value (sum), intervals (count), coverage (mean), estimated (share
        of the value whose quality is not ``measured``, 0..1). One row for each (subject, measure)
        that has results.
        """

    def drop_readings(self, before: datetime) -> None:
        """Remove all readings before an instant, for good.

        Raises StoreError, with what to do, where the server cannot.
        """

    def thin_readings(self, series: Collection[SeriesKey], span: Span, every: timedelta) -> None:
        """Keep one value of each ``every`` within ``span``, for good: that of a series' first reading there.

        Times are cut from 1970 on. A reading that is not suspect goes before one that is. The other readings
        go; where a server cannot remove single ones they stay and say that value too. Safe to repeat.
        """

    def drop_results(self, grain: Grain, before: datetime) -> None:
        """Remove all results of one grain that start before an instant; as ``drop_readings``."""

    def close(self) -> None:
        """Release the store. Closing twice is harmless."""
