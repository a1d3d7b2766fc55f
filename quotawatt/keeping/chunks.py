"""All that a series store holds, piece by piece: memory is bounded by the piece, not by the history."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import EARLIEST, LATEST
from quotawatt.storage.port import SeriesStore

CHUNK_ROWS = 250_000
"""Rows of a piece, as far as times tell them apart."""

EVER = Span(EARLIEST, LATEST)
"""All times that a store can hold."""

_TOGETHER = 2_000
_SHORTEST = timedelta(minutes=1)


def pieces(count: Callable[[Span], int], span: Span, rows: int = CHUNK_ROWS) -> Iterator[Span]:
    """The parts of ``span`` that have anything, in order, none with more than ``rows`` where time allows.

    count
        How many rows a span has.
    """
    held = count(span)
    if held == 0:
        return
    if held <= rows or span.end - span.start <= _SHORTEST:
        yield span
        return
    middle = span.start + (span.end - span.start) / 2
    yield from pieces(count, Span(span.start, middle), rows)
    yield from pieces(count, Span(middle, span.end), rows)


def count_readings(store: SeriesStore, series: Collection[SeriesKey], span: Span) -> int:
    """How many readings of the series, suspect ones left out, lie within the span."""
    active = store.activity(span)
    keys = zip(*(active[name].to_pylist() for name in SeriesKey._fields), strict=True)
    wanted = pa.array([SeriesKey(*key) in series for key in keys], pa.bool_())
    return int(pc.sum(active["count"].filter(wanted)).as_py() or 0)


def count_results(store: SeriesStore, grain: Grain, span: Span) -> int:
    """How many results of a grain start within the span, withdrawn ones left out."""
    held = store.sum_results(grain, None, sorted(MEASURES), span)["intervals"]
    return int(pc.sum(held).as_py() or 0)


def reading_chunks(
    store: SeriesStore, series: Collection[SeriesKey], span: Span, rows: int = CHUNK_ROWS
) -> Iterator[pa.Table]:
    """The winning readings of the series within the span, suspect ones included, as tables READINGS.

    In order of time from table to table, each sorted by series, then time. A reading that is written
    meanwhile may be there or not.
    """
    wanted = frozenset(series)
    start = span.start
    for part in pieces(lambda within: count_readings(store, wanted, within), span, rows):
        # What lies before it and after the last one are suspect readings, which are not counted.
        yield from _filled(store, wanted, Span(start, part.end))
        start = part.end
    yield from _filled(store, wanted, Span(start, span.end))


def result_chunks(
    store: SeriesStore, grain: Grain, span: Span, rows: int = CHUNK_ROWS
) -> Iterator[pa.Table]:
    """All results of a grain that start within the span, withdrawn ones left out, as tables RESULTS.

    In order of time from table to table.
    """
    for part in pieces(lambda within: count_results(store, grain, within), span, rows):
        yield store.read_results(grain, None, sorted(MEASURES), part)


def reach_back(store: SeriesStore, series: Collection[SeriesKey], start: datetime) -> datetime:
    """The earliest of the last readings of these series before ``start``; ``start`` where there is none.

    What passed since belongs to the first reading from ``start`` on: from then on results rest on it.
    """
    keys, first = list(series), start
    for place in range(0, len(keys), _TOGETHER):
        held = store.read_values(keys[place : place + _TOGETHER], Span(start, start), context=1)
        times = held["time"].filter(pc.less(held["time"], pa.scalar(start, held["time"].type)))
        first = min(first, pc.min(times).as_py() or first)
    return first


def _filled(store: SeriesStore, series: Collection[SeriesKey], span: Span) -> Iterator[pa.Table]:
    table = store.read_readings(series, span)
    if len(table):
        yield table
