"""What passed between two instants, spread evenly over its time and added up by the hour."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.consumption.increments import Increments, Rows, chosen
from analytics.grid import HOUR_US, Bools, Floats, Grid, Key, Micros, hour_starts, micros_of
from quotawatt.spans import Span


@dataclass(frozen=True)
class Pieces:
    """Parts of increments that count, each within one hour, which is numbered from the first asked for.

    ``use`` is what of the increment's amount falls in the piece.
    """

    segment: Rows
    hour: Micros
    length_us: Micros
    use: Floats
    covers: Bools
    estimated: Bools


def pieces(passed: Increments, hours: Span) -> Iterator[Pieces]:
    """The increments as far as they lie within ``hours``: those within one hour, and those cut at hours."""
    first_us, until_us = micros_of(hours.start), micros_of(hours.end)
    start, end = passed.start_us - first_us, passed.end_us - first_us
    hour = start // HOUR_US
    counts = ~np.isnan(passed.amount)
    # Nearly all lie within an hour, where meters are read every few minutes: these need no cutting.
    whole = counts & (start >= 0) & (end <= until_us - first_us)
    whole &= end <= (hour + 1) * HOUR_US
    if whole.all():
        made = (passed.amount, passed.covers, passed.estimated)
        yield Pieces(passed.segment, hour, end - start, *made)
        return
    rows = np.flatnonzero(whole)
    made = (passed.amount[rows], passed.covers[rows], passed.estimated[rows])
    yield Pieces(passed.segment[rows], hour[rows], (end - start)[rows], *made)
    rest = np.flatnonzero(counts & ~whole & (end > 0) & (start < until_us - first_us))
    if len(rest):
        yield _cut(chosen(passed, rest), start[rest], end[rest], until_us - first_us)


def _cut(passed: Increments, start: Micros, end: Micros, until: int) -> Pieces:
    """Pieces of increments ``[start, end)`` that cross an edge; times from the first hour on."""
    low, high = np.maximum(start, 0), np.minimum(end, until)
    first = low // HOUR_US
    n_pieces = -(-high // HOUR_US) - first
    nth = np.arange(n_pieces.sum()) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    piece = np.repeat(np.arange(len(start)), n_pieces)
    hour = first[piece] + nth
    length_us = np.minimum(high[piece], (hour + 1) * HOUR_US)
    length_us -= np.maximum(low[piece], hour * HOUR_US)
    use = passed.amount[piece] * (length_us / (end - start)[piece])
    covers, estimated = passed.covers[piece], passed.estimated[piece]
    return Pieces(passed.segment[piece], hour, length_us, use, covers, estimated)


def spread(passed: Increments, row_of_segment: Rows, keys: tuple[Key, ...], hours: Span) -> Grid:
    """Increments to hours. Coverage is in hours, over all series of the row.

    ``row_of_segment`` says which of ``keys`` each segment belongs to.
    """
    starts = hour_starts(hours)
    size = len(keys) * len(starts)
    value, covered_us = np.zeros(size), np.zeros(size)
    known, estimated = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for part in pieces(passed, hours):
        cell = row_of_segment[part.segment] * len(starts) + part.hour
        value += np.bincount(cell, part.use, size)
        covered_us += np.bincount(cell, part.length_us * part.covers, size)
        known[cell] = True
        estimated[cell[part.estimated]] = True
    value[~known] = np.nan
    shape = (len(keys), len(starts))
    coverage = (covered_us / HOUR_US).reshape(shape)
    return Grid(keys, starts, value.reshape(shape), coverage, estimated.reshape(shape))
