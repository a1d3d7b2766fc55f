"""The embedded series store: one DuckDB file, one process.

Instants are kept as TIMESTAMP in UTC. The collector writes while others read (``duckdb_file``).
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from quotawatt.readings import READINGS, RESULTS, Grain, SeriesKey, empty_readings
from quotawatt.spans import Span
from quotawatt.storage.activity import ACTIVITY
from quotawatt.storage.duckdb_context import neighbours
from quotawatt.storage.duckdb_file import DuckDbFile
from quotawatt.storage.duckdb_layout import (
    IN_SPAN,
    NUMBERS,
    READINGS_LAYOUT,
    SOUND,
    chosen,
    results_layout,
)
from quotawatt.storage.duckdb_table import SeriesTable, fetch
from quotawatt.storage.frames import (
    CODED_RESULTS,
    SUMS,
    check_readings,
    check_results,
    floats,
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
from quotawatt.storage.values import values_table

_MICROSECOND = timedelta(microseconds=1)


class DuckDbSeriesStore:
    """A SeriesStore in the DuckDB file ``path``; threads may share it, processes may not."""

    def __init__(self, path: Path, memory_limit_mb: int = 400) -> None:
        """Open the file, or create it. Raises StoreError where it is in use or cannot be written.

        memory_limit_mb
            How much of the file DuckDB may keep in memory.
        """
        self._readings = SeriesTable(READINGS_LAYOUT)
        self._results = {grain: SeriesTable(results_layout(grain)) for grain in Grain}
        tables = (self._readings, *self._results.values())
        self._file = DuckDbFile(path, memory_limit_mb, tables)

    def write_readings(self, readings: pa.Table) -> WriteReport:
        """See SeriesStore."""
        readings = check_readings(readings)
        if not len(readings):
            return WriteReport(0, 0)
        with self._file.writing(self._readings) as connection:
            batch = candidates(self._readings.number(readings), readings)
            outcome = resolve(batch, self._stored(connection, batch), self._series_key)
            self._apply(connection, batch, outcome, readings)
        return WriteReport(len(outcome.write), outcome.duplicates, outcome.conflicts)

    def read_readings(
        self, series: Collection[SeriesKey], span: Span, context: int = 0
    ) -> pa.Table:
        """See SeriesStore."""
        numbers = self._readings.find(series)
        named, listed = chosen(numbers)
        start, end = micros(span.start), micros(span.end)
        with self._file.reading() as connection:
            inside = fetch(
                connection,
                f"SELECT * FROM readings WHERE {named} AND {IN_SPAN}",
                [*listed, start, end],
            )
            found = [inside]
            if context:
                found += neighbours(
                    connection, self._readings, numbers, start, context, before=True
                )
                found += neighbours(connection, self._readings, numbers, end, context, before=False)
        return self._readings.named(pa.concat_tables(found), READINGS)

    def read_values(self, series: Sequence[SeriesKey], span: Span, context: int = 0) -> pa.Table:
        """See SeriesStore."""
        numbers = self._readings.find(series)
        # Naming every series costs more than reading them.
        everyone = len(numbers) == len(self._readings.known())
        named, listed = ("TRUE", []) if everyone else chosen(numbers)
        start, end = micros(span.start), micros(span.end)
        with self._file.reading() as connection:
            before, after = (
                neighbours(connection, self._readings, numbers, edge, context, side, NUMBERS)
                for edge, side in ((start, True), (end, False))
            )
            inside = fetch(
                connection,
                f"SELECT {NUMBERS} FROM readings WHERE {named} AND {IN_SPAN} AND {SOUND}",
                [*listed, start, end],
            )
        found = pa.concat_tables([*before, inside, *after])
        place = self._readings.places(series)[found["series"].to_numpy()]
        return values_table(place, integers(found["time"]), floats(found["value"]))

    def known_series(self) -> list[SeriesKey]:
        """See SeriesStore."""
        return sorted(SeriesKey(*key) for key in self._readings.known())

    def last_readings(self, until: datetime) -> pa.Table:
        """See SeriesStore."""
        everyone = list(range(len(self._readings.known())))
        with self._file.reading() as connection:
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
        with self._file.reading() as connection:
            rows = fetch(
                connection,
                f"SELECT {columns} FROM readings WHERE {IN_SPAN} AND {SOUND} GROUP BY series",
                [micros(span.start), micros(span.end)],
            )
        return self._readings.named(rows, ACTIVITY, time="first")

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        """See SeriesStore."""
        results = check_results(results, CODED_RESULTS)
        if not len(results):
            return
        table = self._results[grain]
        with self._file.writing(table) as connection:
            series, time_us = table.number(results), integers(results["start"])
            last = last_of_each(series, time_us)
            if len(last) < len(series):
                series, time_us, results = series[last], time_us[last], results.take(last)
            doubtful = table.doubtful(series, time_us)
            if doubtful.any():
                table.remove(connection, series[doubtful], time_us[doubtful])
            table.append(connection, series, time_us, results)

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

    def drop_readings(self, before: datetime) -> None:
        """See SeriesStore."""
        self._drop(self._readings, before)

    def thin_readings(self, series: Collection[SeriesKey], span: Span, every: timedelta) -> None:
        """See SeriesStore."""
        numbers, edges = self._readings.find(series), (micros(span.start), micros(span.end))
        with self._file.writing(self._readings) as connection:
            self._readings.thin(connection, numbers, edges, every // _MICROSECOND)

    def drop_results(self, grain: Grain, before: datetime) -> None:
        """See SeriesStore."""
        self._drop(self._results[grain], before)

    def close(self) -> None:
        """See SeriesStore."""
        self._file.close()

    def _drop(self, table: SeriesTable, before: datetime) -> None:
        with self._file.writing(table) as connection:
            table.drop(connection, micros(before))

    def _series_key(self, number: int) -> SeriesKey:
        return SeriesKey(*self._readings.key(number))

    def _stored(self, connection: duckdb.DuckDBPyConnection, batch: Candidates) -> Candidates:
        """What the store holds under the identities of ``batch``."""
        doubtful = self._readings.doubtful(batch.series, batch.time_us)
        if not doubtful.any():
            return no_candidates()
        seek = batch.pick(doubtful)
        held = self._readings.stored(connection, seek.series, seek.time_us)
        return candidates(integers(held["series"]), held)

    def _apply(
        self,
        connection: duckdb.DuckDBPyConnection,
        batch: Candidates,
        outcome: Resolution,
        readings: pa.Table,
    ) -> None:
        if len(outcome.replacing):
            old = batch.pick(outcome.replacing)
            self._readings.remove(connection, old.series, old.time_us)
        new = batch.pick(outcome.write)
        rows = readings.take(outcome.write)
        self._readings.append(connection, new.series, new.time_us, rows)

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
        wanted, asked = set(measures), None if subjects is None else set(subjects)
        numbers = [
            number
            for number, (subject, measure) in enumerate(table.known())
            if measure in wanted and (asked is None or subject in asked)
        ]
        # Naming every series costs more than reading them.
        everyone = len(numbers) == len(table.known())
        named, listed = ("TRUE", []) if everyone else chosen(numbers)
        with self._file.reading() as connection:
            return fetch(
                connection,
                f"SELECT {columns} FROM results_{grain}"
                f" WHERE {named} AND {IN_SPAN} AND NOT withdrawn {tail}",
                [*listed, micros(span.start), micros(span.end)],
            )
