"""The readings around a span in the DuckDB store, found without searching the whole history."""

from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa

from quotawatt.storage.duckdb_layout import IN_SPAN, SOUND, chosen
from quotawatt.storage.duckdb_table import SeriesTable, fetch
from quotawatt.storage.frames import integers

# How far from the edge to look: most series have their neighbours within the first step, nearly all within
# the second. Whatever has none within the third is searched to the end.
_STEPS_US = tuple(timedelta(hours=hours) // timedelta(microseconds=1) for hours in (8, 48, 960))


def neighbours(
    connection: duckdb.DuckDBPyConnection,
    readings: SeriesTable,
    numbers: list[int],
    edge_us: int,
    count: int,
    before: bool,
    columns: str = "*",
) -> list[pa.Table]:
    """For each of the series the ``count`` readings, not suspect, nearest to an instant on one side.

    edge_us
        The instant, microseconds since 1970. Before it excludes it, after it includes it.

    A series that has fewer gives those that it has. Each table is in the order of time.
    """
    missing = [n for n in numbers if readings.reaches(n, edge_us, before)] if count else []
    found = []
    for step in (*_STEPS_US, None):
        if not missing:
            break
        span_us = _span(edge_us, step, before, readings.held_us(missing))
        if span_us[0] >= span_us[1]:
            continue
        rows = _nearest(connection, missing, span_us, count, before, columns)
        series = integers(rows["series"])
        enough = count if step else 1
        complete = np.flatnonzero(np.bincount(series, minlength=1) >= enough)
        found.append(rows.filter(pa.array(np.isin(series, complete))))
        missing = sorted(set(missing) - set(complete.tolist()))
    return found


def _span(edge_us: int, step_us: int | None, before: bool, held_us: tuple[int, int]) -> list[int]:
    """Start and end of where to look: no farther than the step (None: without end) nor than what is held.

    Whole blocks of time in which the series have nothing are skipped unread.
    """
    first, last = held_us[0], held_us[1] + 1
    if step_us is not None:
        first, last = max(first, edge_us - step_us), min(last, edge_us + step_us)
    return [first, min(edge_us, last)] if before else [max(edge_us, first), last]


def _nearest(
    connection: duckdb.DuckDBPyConnection,
    numbers: list[int],
    span_us: list[int],
    count: int,
    before: bool,
    columns: str,
) -> pa.Table:
    named, listed = chosen(numbers)
    return fetch(
        connection,
        f"SELECT {columns} FROM readings WHERE {named} AND {IN_SPAN} AND {SOUND}"
        " QUALIFY row_number() OVER"
        f" (PARTITION BY series ORDER BY time {'DESC' if before else 'ASC'}) <= ?"
        " ORDER BY time",
        [*listed, *span_us, count],
    )
