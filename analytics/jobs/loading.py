"""The analyser's reads and writes of the series store."""

from collections.abc import Collection, Iterable
from datetime import datetime

import pyarrow as pa

from analytics.cleaning import USED
from analytics.grid import Grid, Key, Micros, empty_grid, instant_of
from analytics.points import Wiring
from analytics.windows import CONTEXT
from quotawatt.readings import Grain, SeriesKey
from quotawatt.spans import Span
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
    table = pa.concat_tables(list(changed)) if changed else None
    if table is None or not len(table):
        return 0
    series.write_results(grain, table)
    return len(table)


def read_sources(
    series: SeriesStore, wiring: Wiring, points: Iterable[Key], span: Span
) -> pa.Table:
    """Readings of all series that feed any of the points in the span, with their context."""
    sources = {s.series for point in points for s in wiring.sources(point) if s.overlaps(span)}
    return series.read_readings(sorted(sources), span, CONTEXT)


def series_with_readings(series: SeriesStore, until: datetime) -> list[SeriesKey]:
    """Every series of a quantity with results that has readings before ``until``."""
    last = series.last_readings(until).select(SeriesKey._fields).to_pylist()
    return [key for key in (SeriesKey(**row) for row in last) if key.quantity in USED]


def stored_keys(series: SeriesStore, span: Span) -> list[Key]:
    """The series of hourly use and weather that have results in the span."""
    table = series.read_results(Grain.HOUR, None, sorted(USED), span)
    distinct = table.group_by(list(Key._fields)).aggregate([]).to_pylist()
    return sorted(Key(**row) for row in distinct)
