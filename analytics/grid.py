"""Results as a matrix: one row a series (subject, measure), one column an interval of one grain.

Sums up the tree and along time are then sums along an axis, and what a recomputation changed is a
comparison of two matrices.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from quotawatt.readings import TIME, Quality
from quotawatt.spans import Span
from quotawatt.storage.frames import CODED_RESULTS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Micros = NDArray[np.int64]

_Cell = TypeVar("_Cell", bound=np.generic)

HOUR_US = 3_600_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Results that differ by less are the same: sums in another order differ in their last digits.
_SAME_RELATIVE = 1e-12
_SAME_COVERAGE = 1e-9

# By whether a value is estimated, and the third for none.
_QUALITIES = pa.array([Quality.MEASURED.value, Quality.ESTIMATED.value, Quality.MISSING.value])
_MISSING = 2


class Key(NamedTuple):
    """What names a series of results."""

    subject: str
    measure: str


@dataclass(frozen=True)
class Grid:
    """A block of results of one grain.

    keys
        One a row, each once.
    starts
        Starts of the intervals (the columns), ascending, microseconds since 1970 UTC.
    value
        In the unit of the row's measure; NaN: there is no result.
    coverage
        Share of the interval that rests on measurements, 0..1; 0 where there is no result.
    estimated
        Whether any part of the value is estimated; False where there is no result.
    """

    keys: tuple[Key, ...]
    starts: Micros
    value: Floats
    coverage: Floats
    estimated: Bools
    _rows: Mapping[Key, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", {key: i for i, key in enumerate(self.keys)})

    def row(self, key: Key) -> int | None:
        """The row of a series; None where the grid does not hold it."""
        return self._rows.get(key)

    def place(self, results: pa.Table) -> "Grid":
        """A copy that holds the given results too (schema RESULTS); those without a cell are left out."""
        value, coverage, estimated = self.value.copy(), self.coverage.copy(), self.estimated.copy()
        rows, columns, held = _cells(self, results)
        value[rows, columns] = results["value"].to_numpy()[held]
        coverage[rows, columns] = np.nan_to_num(results["coverage"].to_numpy()[held])
        quality = results["quality"].combine_chunks()
        estimated[rows, columns] = np.asarray(quality)[held] == Quality.ESTIMATED.value
        return Grid(self.keys, self.starts, value, coverage, estimated)

    def overlay(self, newer: "Grid", within: Bools | None = None) -> "Grid":
        """A copy in which the cells of ``newer`` replace those of this grid, absent results included.

        ``newer`` lies inside this grid: its keys are held here, its starts are some in a row of those held
        here. ``within`` (shape of ``newer``) says which of its cells count; None: all.
        """
        rows = np.array([self.row(key) for key in newer.keys], dtype=np.intp)
        first = int(np.searchsorted(self.starts, newer.starts[0])) if len(newer.starts) else 0
        columns = slice(first, first + len(newer.starts))

        def laid(under: NDArray[_Cell], over: NDArray[_Cell]) -> NDArray[_Cell]:
            result = under.copy()
            if within is not None and not within.all():
                over = np.where(within, over, under[rows, columns])
            result[rows, columns] = over
            return result

        value, coverage = laid(self.value, newer.value), laid(self.coverage, newer.coverage)
        return Grid(self.keys, self.starts, value, coverage, laid(self.estimated, newer.estimated))

    def select(self, keys: Iterable[Key]) -> "Grid":
        """The rows of ``keys``, those that are held."""
        rows = [r for r in (self.row(key) for key in keys) if r is not None]
        chosen = tuple(self.keys[r] for r in rows)
        return Grid(
            chosen, self.starts, self.value[rows], self.coverage[rows], self.estimated[rows]
        )

    def between(self, span: Span) -> "Grid":
        """The intervals that start within ``span``."""
        low, high = np.searchsorted(self.starts, [micros_of(span.start), micros_of(span.end)])
        part = slice(int(low), int(high))
        return Grid(
            self.keys,
            self.starts[part],
            self.value[:, part],
            self.coverage[:, part],
            self.estimated[:, part],
        )

    def changed_from(self, stored: "Grid") -> Bools:
        """The cells that differ from ``stored``, a grid of the same keys and starts."""
        off = np.abs(self.value - stored.value)
        same = off <= _SAME_RELATIVE * (1.0 + np.abs(stored.value))
        same |= np.isnan(self.value) & np.isnan(stored.value)
        same &= np.abs(self.coverage - stored.coverage) <= _SAME_COVERAGE
        same &= self.estimated == stored.estimated
        return np.asarray(~same)

    def known(self) -> Bools:
        """The cells that hold a result."""
        return ~np.isnan(self.value)

    def results(self, cells: Bools | None = None) -> pa.Table:
        """The chosen cells (schema CODED_RESULTS); None: those that hold a result.

        A chosen cell without a result becomes a withdrawn row, so that it takes back what was there.
        """
        chosen = self.known() if cells is None else cells
        value = self.value[chosen]
        absent = np.isnan(value)
        quality = self.estimated[chosen].astype(np.int32)
        quality[absent] = _MISSING
        rows = chosen.sum(axis=1)
        arrays = [
            _repeated([key.subject for key in self.keys], rows),
            _repeated([key.measure for key in self.keys], rows),
            pa.array(np.broadcast_to(self.starts, chosen.shape)[chosen]).cast(TIME),
            pa.array(value, mask=absent),
            pa.DictionaryArray.from_arrays(quality, _QUALITIES),
            pa.array(np.where(absent, 0.0, self.coverage[chosen])),
            pa.array(np.zeros(len(value), dtype=np.int32)),
            pa.array(absent),
        ]
        return pa.Table.from_arrays(arrays, schema=CODED_RESULTS)

    def frame(self) -> pd.DataFrame:
        """The cells that hold a result.

        Columns: subject, measure (categories), start (UTC), value, coverage.
        """
        rows, columns = np.nonzero(self.known())
        subject = pd.Categorical([key.subject for key in self.keys])
        measure = pd.Categorical([key.measure for key in self.keys])
        return pd.DataFrame(
            {
                "subject": subject[rows],
                "measure": measure[rows],
                "start": pd.DatetimeIndex(self.starts[columns].view("datetime64[us]"), tz="UTC"),
                "value": self.value[rows, columns],
                "coverage": self.coverage[rows, columns],
            }
        )


def _repeated(names: Sequence[str], times: Micros) -> "pa.DictionaryArray[Any, Any]":
    """Each name so many times."""
    place: dict[str, int] = {}
    code = np.array([place.setdefault(name, len(place)) for name in names], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(np.repeat(code, times), pa.array(place, pa.string()))


def empty_grid(keys: Iterable[Key], starts: Micros) -> Grid:
    """A grid without results."""
    rows = tuple(dict.fromkeys(keys))
    shape = (len(rows), len(starts))
    return Grid(rows, starts, np.full(shape, np.nan), np.zeros(shape), np.zeros(shape, dtype=bool))


def stack(grids: Sequence[Grid]) -> Grid:
    """Grids of the same starts, one below the other. There is at least one, and no key twice."""
    return Grid(
        tuple(key for grid in grids for key in grid.keys),
        grids[0].starts,
        np.concatenate([grid.value for grid in grids]),
        np.concatenate([grid.coverage for grid in grids]),
        np.concatenate([grid.estimated for grid in grids]),
    )


def hour_starts(span: Span) -> Micros:
    """Starts of the UTC hours in ``span``, whose ends lie on full hours."""
    return np.arange(micros_of(span.start), micros_of(span.end), HOUR_US, dtype=np.int64)


def _cells(grid: Grid, results: pa.Table) -> tuple[NDArray[np.intp], NDArray[np.intp], Bools]:
    """Row and column of the results that have a cell, and which those are."""
    subject = results["subject"].combine_chunks().dictionary_encode()
    measure = results["measure"].combine_chunks().dictionary_encode()
    subjects, measures = _names(subject), _names(measure)
    lookup = np.full((len(subjects) + 1, len(measures) + 1), -1, dtype=np.intp)
    for i, name in enumerate(subjects):
        for j, other in enumerate(measures):
            row = grid.row(Key(name, other))
            lookup[i, j] = -1 if row is None else row
    rows = lookup[np.asarray(subject.indices), np.asarray(measure.indices)]
    start = micros(results["start"])
    columns = np.searchsorted(grid.starts, start)
    if not len(grid.starts):
        return rows[:0], columns[:0], np.zeros(len(rows), dtype=bool)
    on_a_start = grid.starts[np.minimum(columns, len(grid.starts) - 1)] == start
    held = (rows >= 0) & on_a_start
    return rows[held], columns[held], held


def _names(encoded: "pa.DictionaryArray[Any, Any]") -> list[str]:
    return [str(name) for name in encoded.dictionary.to_pylist()]


def micros(column: "pa.ChunkedArray[Any]") -> Micros:
    """A column of instants as microseconds since 1970 UTC."""
    return np.asarray(column.combine_chunks().cast(TIME).cast(pa.int64()), dtype=np.int64)


def micros_of(instant: datetime) -> int:
    """An instant as microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(micros_since_1970: int) -> datetime:
    """The instant (UTC) of so many microseconds since 1970."""
    return _EPOCH + int(micros_since_1970) * _MICROSECOND
