"""The analyser's reads and writes of the series store."""

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np
import pyarrow as pa

from analytics.consumption.cleaning import TAKEN, USED, CleanReadings
from analytics.consumption.partition import feeding
from analytics.consumption.points import Wiring
from analytics.consumption.windows import CONTEXT
from analytics.grid import Grid, Key, Micros, empty_grid, instant_of, micros, micros_of
from quotawatt.readings import Grain, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import CODED_RESULTS
from quotawatt.storage.port import SeriesStore


def load(series: SeriesStore, grain: Grain, keys: Collection[Key], starts: Micros) -> Grid:
    """The stored results of these series that start at ``starts``."""
    grid = empty_grid(keys, starts)
    if not grid.keys or not len(starts):
        return grid
    subjects = sorted({key.subject for key in keys})
    measures = sorted({key.measure for key in keys})
    span = Span(instant_of(starts[0]), instant_of(starts[-1] + 1))
    return grid.place(series.read_results(grain, subjects, measures, span))


def store(series: SeriesStore, grain: Grain, changed: Collection[pa.Table]) -> int:
    """Write result rows in one call; how many there were."""
    table = pa.concat_tables(t.cast(CODED_RESULTS) for t in changed) if changed else None
    if table is None or not len(table):
        return 0
    series.write_results(grain, table)
    return len(table)


def read_sources(
    series: SeriesStore, wiring: Wiring, points: Iterable[Key], span: Span, now: datetime
) -> tuple[CleanReadings, bool]:
    """Readings of all series that feed any of the points in the span, with their context.

    Those later than ``now`` are left out; the second answer is whether there are such.
    """
    sources = feeding(points, wiring, span)
    values = series.read_values(sources, span, CONTEXT)
    return CleanReadings.of_values(sources, values, now), any_after(values, now)


def with_wider(readings: CleanReadings, wider: CleanReadings) -> CleanReadings:
    """``readings``, with those series that ``wider`` holds as they are there."""
    held = {key: (source, i) for source in (readings, wider) for i, key in enumerate(source.series)}
    rows = [
        (source, slice(*source.offsets[i : i + 2].tolist()))
        for _, (source, i) in sorted(held.items(), key=lambda item: item[0])
    ]
    time_us = [source.time_us[part] for source, part in rows]
    value = [source.value[part] for source, part in rows]
    offsets = np.cumsum([0, *map(len, time_us)], dtype=np.intp)
    return CleanReadings(
        tuple(sorted(held)), offsets, np.concatenate(time_us), np.concatenate(value)
    )


def any_after(values: pa.Table, now: datetime) -> bool:
    """Whether any reading is later than ``now``."""
    return bool((micros(values["time"]) > micros_of(now)).any())


def series_with_readings(series: SeriesStore, until: datetime) -> list[SeriesKey]:
    """Every series that results are made from and that has readings before ``until``."""
    last = series.last_readings(until).select(SeriesKey._fields).to_pylist()
    return [key for key in (SeriesKey(**row) for row in last) if key.quantity in TAKEN]


def counts_within(series: SeriesStore, span: Span) -> dict[SeriesKey, int]:
    """How many readings each series that results are made from has in the span, where it has any."""
    rows = series.activity(span).select([*SeriesKey._fields, "count"]).to_pylist()
    counts = {SeriesKey(*list(row.values())[:3]): int(row["count"]) for row in rows}
    return {key: count for key, count in counts.items() if key.quantity in TAKEN}


def stored_keys(series: SeriesStore, span: Span) -> list[Key]:
    """The series of hourly use and weather that have results in the span, sorted."""
    table = series.sum_results(Grain.HOUR, None, sorted(USED), span)
    return [Key(**row) for row in table.select(list(Key._fields)).to_pylist()]
