"""The embedded series store: one DuckDB file, one process.

Instants are kept as TIMESTAMP in UTC. One connection writes, under a lock, one commit a call; every read
has a connection of its own and sees the last commit, so the collector writes while others read.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa

from quotawatt.errors import StoreError
from quotawatt.readings import READINGS, RESULTS, Grain, SeriesKey, empty_readings
from quotawatt.spans import Span
from quotawatt.storage.activity import ACTIVITY
from quotawatt.storage.duckdb_context import neighbours
from quotawatt.storage.duckdb_table import (
    CHOSEN,
    IN_SPAN,
    QUALITIES,
    READINGS_LAYOUT,
    SeriesTable,
    fetch,
    results_layout,
)
from quotawatt.storage.frames import (
    SUMS,
    check_readings,
    check_results,
    integers,
    micros,
)
from quotawatt.storage.port import WriteReport
from quotawatt.storage.resolution import (
    Candidates,
    Resolution,
    candidates,
    last_of_each,
    no_candidates,
    resolve,
)

THREADS = 2


class DuckDbSeriesStore:
    """A SeriesStore in the DuckDB file ``path``; threads may share it, processes may not."""

    def __init__(self, path: Path, memory_limit_mb: int = 400) -> None:
        """Open the file, or create it. Raises StoreError where it is in use or cannot be written.

        memory_limit_mb
            How much of the file DuckDB may keep in memory.
        """
        self._path = path
        self._memory_limit_mb = memory_limit_mb
        self._lock = Lock()
        self._given_up = False
        self._readings = SeriesTable(READINGS_LAYOUT)
        self._results = {grain: SeriesTable(results_layout(grain)) for grain in Grain}
        with self._failures():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open()

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        readings = check_readings(readings)
        if not len(readings):
            return WriteReport(0, 0)
        with self._writing(self._readings):
            batch = candidates(self._readings.number(readings), readings)
            outcome = resolve(batch, self._stored(batch), self._series_key)
            self._apply(batch, outcome, readings)
        return WriteReport(len(outcome.write), outcome.duplicates, outcome.conflicts)

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        numbers = self._readings.find(series)
        start, end = micros(span.start), micros(span.end)
        with self._reading() as connection:
            inside = fetch(
                connection,
                f"SELECT * FROM readings WHERE {CHOSEN} AND {IN_SPAN}",
                [numbers, start, end],
            )
            found = [inside]
            if context:
                found += neighbours(
                    connection, self._readings, numbers, start, context, before=True
                )
                found += neighbours(connection, self._readings, numbers, end, context, before=False)
        return self._readings.named(pa.concat_tables(found), READINGS)

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        everyone = list(range(len(self._readings.known())))
        with self._reading() as connection:
            found = neighbours(connection, self._readings, everyone, micros(until), 1, before=True)
        return (
            self._readings.named(pa.concat_tables(found), READINGS) if found else empty_readings()
        )

    def activity(self, span: Span) -> pa.Table:
        """See SeriesStore."""
        columns = (
            "series, min(time) AS time, max(time) AS last, count(*) AS count,"
            " min(value) AS minimum, max(value) AS maximum"
        )
        with self._reading() as connection:
            rows = fetch(
                connection,
                f"SELECT {columns} FROM readings WHERE {IN_SPAN} AND quality <> 'suspect'"
                " GROUP BY series",
                [micros(span.start), micros(span.end)],
            )
        return self._readings.named(rows, ACTIVITY, time="first")

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore."""
        results = check_results(results)
        if not len(results):
            return
        table = self._results[grain]
        with self._writing(table):
            series, time_us = table.number(results), integers(results["start"])
            last = last_of_each(series, time_us)
            series, time_us, results = series[last], time_us[last], results.take(last)
            doubtful = table.doubtful(series, time_us)
            if doubtful.any():
                table.remove(self._writer, series[doubtful], time_us[doubtful])
            table.append(self._writer, series, time_us, results)

    def read_results(
        self,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
    ) -> pa.Table:
        """See SeriesStore."""
        rows = self._query_results("*", grain, subjects, measures, span)
        return self._results[grain].named(rows, RESULTS)

    def sum_results(
        self, grain: Grain, subjects: Collection[str] | None, measures: Collection[str], span: Span
    ) -> pa.Table:
        """See SeriesStore."""
        columns = (
            "series, min(time) AS time, sum(value) AS value, count(*) AS intervals,"
            " avg(coverage) AS coverage,"
            " coalesce(sum(value) FILTER (quality <> 'measured') / nullif(sum(value), 0), 0)"
            " AS estimated"
        )
        rows = self._query_results(columns, grain, subjects, measures, span, "GROUP BY series")
        return self._results[grain].named(rows, SUMS)

    def close(self) -> None:
        """See SeriesStore."""
        with self._lock:
            self._writer.close()
            self._database.close()

    def _open(self) -> None:
        self._database = duckdb.connect(
            str(self._path),
            config={
                "memory_limit": f"{self._memory_limit_mb}MB",
                # What is not yet in the file is in memory as well.
                "checkpoint_threshold": "4MB",
                "threads": THREADS,
            },
        )
        self._writer = self._database.cursor()
        self._writer.execute(f"CREATE TYPE IF NOT EXISTS quality AS ENUM ({QUALITIES})")
        for table in (self._readings, *self._results.values()):
            table.load(self._writer)
        self._given_up = False

    def _open_again(self) -> None:
        """Under the lock: open the file anew where DuckDB has given it up, as after a failed checkpoint."""
        if self._given_up:
            self._writer.close()
            self._database.close()
            self._open()

    def _series_key(self, number: int) -> SeriesKey:
        return SeriesKey(*self._readings.key(number))

    def _stored(self, batch: Candidates) -> Candidates:
        """What the store holds under the identities of ``batch``."""
        doubtful = self._readings.doubtful(batch.series, batch.time_us)
        if not doubtful.any():
            return no_candidates()
        seek = batch.pick(doubtful)
        held = self._readings.stored(self._writer, seek.series, seek.time_us)
        return candidates(integers(held["series"]), held)

    def _apply(self, batch: Candidates, outcome: Resolution, readings: pa.Table) -> None:
        if len(outcome.replacing):
            old = batch.pick(outcome.replacing)
            self._readings.remove(self._writer, old.series, old.time_us)
        new = batch.pick(outcome.write)
        rows = readings.take(outcome.write)
        self._readings.append(self._writer, new.series, new.time_us, rows)

    def _query_results(
        self,
        columns: str,
        grain: Grain,
        subjects: Collection[str] | None,
        measures: Collection[str],
        span: Span,
        tail: str = "",
    ) -> pa.Table:
        table = self._results[grain]
        wanted, chosen = set(measures), None if subjects is None else set(subjects)
        numbers = [
            number
            for number, (subject, measure) in enumerate(table.known())
            if measure in wanted and (chosen is None or subject in chosen)
        ]
        with self._reading() as connection:
            return fetch(
                connection,
                f"SELECT {columns} FROM results_{grain}"
                f" WHERE {CHOSEN} AND {IN_SPAN} AND NOT withdrawn {tail}",
                [numbers, micros(span.start), micros(span.end)],
            )

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._failures():
            if self._given_up:
                with self._lock:
                    self._open_again()
            connection = self._database.cursor()
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def _writing(self, table: SeriesTable) -> Iterator[None]:
        """One transaction. Where it fails, what is known of its series is read again before the next."""
        with self._lock, self._failures():
            self._open_again()
            if table.stale:
                table.load(self._writer)
            self._writer.begin()
            try:
                yield
                self._writer.commit()
            except BaseException:
                table.stale = True
                # A commit that failed, on a full disk, has ended its transaction by itself.
                with suppress(duckdb.Error):
                    self._writer.rollback()
                raise

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise what DuckDB and the file system raise as StoreError."""
        try:
            yield
        except (duckdb.Error, OSError) as error:
            self._given_up = self._given_up or isinstance(error, duckdb.FatalException)
            rule = "the series store must take reads and writes"
            if "set lock on file" in str(error):
                rule = "the series store's file must not be in use by another process"
            raise StoreError(f"{rule}, {self._path} says: {error}") from error
