"""What the adapters of the series store share: checks of what is handed in, and instants as numbers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from quotawatt.readings import READINGS, RESULTS, Quality

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Column: TypeAlias = "pa.ChunkedArray[Any]"

_SUM_COLUMNS: list[tuple[str, pa.DataType]] = [
    ("subject", pa.string()),
    ("measure", pa.string()),
    ("value", pa.float64()),  # null where every interval is missing
    ("intervals", pa.int64()),
    ("coverage", pa.float64()),
    ("estimated", pa.float64()),
]
SUMS = pa.schema(_SUM_COLUMNS)
"""Schema of ``SeriesStore.sum_results``."""

_TEXT = pa.dictionary(pa.int32(), pa.string())
CODED_RESULTS = pa.schema(
    [field.with_type(_TEXT) if field.type == pa.string() else field for field in RESULTS]
)
"""RESULTS with its texts as dictionaries: millions of rows are made, checked and written several times
quicker so. Every store takes them."""

# InfluxDB counts nanoseconds in 64 bits; what one store cannot hold, none takes.
EARLIEST = datetime(1678, 1, 1, tzinfo=UTC)
LATEST = datetime(2262, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC. Raises InputError where ``instant`` has no time zone."""
    return (require_utc(instant) - _EPOCH) // _MICROSECOND


def check_readings(table: pa.Table) -> pa.Table:
    """``table`` as one of schema READINGS in one chunk.

    Raises InputError where a column is wrong, a cell is empty, a value is not finite or a time lies
    outside ``[1678, 2262)``.
    """
    table = _conform(table, READINGS)
    _require_filled(table, READINGS.names)
    _require_finite(table, "value")
    _require_in_reach(table, "time")
    return table


def check_results(table: pa.Table, schema: pa.Schema = RESULTS) -> pa.Table:
    """``table`` as one of schema RESULTS, or CODED_RESULTS, in one chunk.

    Raises InputError where a column is wrong, a cell other than ``value`` is empty, a value is not finite,
    a time lies outside ``[1678, 2262)``, or a value is absent though the result is neither missing nor
    withdrawn, or there though it is missing.
    """
    table = _conform(table, schema)
    _require_filled(table, [name for name in RESULTS.names if name != "value"])
    _require_finite(table, "value")
    _require_in_reach(table, "start")
    empty = flags(table["value"].is_null())
    missing = _equal(table["quality"], Quality.MISSING.value)
    withdrawn = flags(table["withdrawn"])
    wrong = np.flatnonzero((empty != missing) & ~withdrawn)
    if wrong.size:
        row = table.slice(int(wrong[0]), 1).to_pylist()[0]
        raise InputError(
            "a result must have a value, unless it is missing (then none) or withdrawn, got "
            f"{row['subject']} {row['measure']} {row['start'].isoformat()}: "
            f"value {row['value']}, quality {row['quality']}"
        )
    return table


def integers(column: Column) -> Ints:
    """A column of whole numbers, or of instants (then microseconds since 1970), as numpy."""
    plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    return np.asarray(plain.to_numpy(), dtype=np.int64)


def floats(column: Column) -> Floats:
    """A column of numbers as numpy; null becomes NaN."""
    return np.asarray(column.to_numpy(), dtype=np.float64)


def flags(column: Column) -> Mask:
    """A column of truth values as numpy."""
    return np.asarray(column.to_numpy(), dtype=np.bool_)


def distinct(table: pa.Table, names: Sequence[str]) -> tuple[list[tuple[str, ...]], Ints]:
    """The distinct combinations of some columns of text, and for each row which of them it has."""
    if not len(table):
        return [], np.empty(0, dtype=np.int64)
    mixed, codes = np.zeros(len(table), dtype=np.int64), 1
    for name in names:
        encoded = table[name].combine_chunks().dictionary_encode()
        mixed = mixed * len(encoded.dictionary) + np.asarray(encoded.indices)
        codes *= len(encoded.dictionary)
    firsts, inverse = _first_and_which(mixed, codes)
    columns = table.select(list(names)).take(firsts).to_pydict().values()
    return list(zip(*columns, strict=True)), inverse


def _equal(column: Column, text: str) -> Mask:
    """Where a column of text is this one."""
    encoded = column.combine_chunks().dictionary_encode()
    same = np.asarray(pc.equal(encoded.dictionary, pa.scalar(text)), dtype=np.bool_)
    chosen: Mask = same[np.asarray(encoded.indices)]
    return chosen


def _first_and_which(mixed: Ints, codes: int) -> tuple[Ints, Ints]:
    """The first row of each code that occurs, by code, and which of these every row has."""
    if codes > max(len(mixed), 1000):
        _, firsts, inverse = np.unique(mixed, return_index=True, return_inverse=True)
        return firsts, inverse
    # Few codes: without sorting, the earliest row is what remains when rows are entered from the last.
    first = np.full(codes, -1, dtype=np.int64)
    first[mixed[::-1]] = np.arange(len(mixed) - 1, -1, -1)
    occurs = first >= 0
    return first[occurs], (np.cumsum(occurs) - 1)[mixed]


def _conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    try:
        return table.select(schema.names).cast(schema).combine_chunks()
    except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise InputError(
            f"a table must have the columns {', '.join(schema.names)}, got "
            f"{', '.join(table.schema.names)}: {error}"
        ) from error


def _require_filled(table: pa.Table, names: list[str]) -> None:
    for name in names:
        if table[name].null_count:
            raise InputError(f"no {name} may be empty, got {table[name].null_count} empty cells")


def _require_finite(table: pa.Table, name: str) -> None:
    values = floats(table[name].drop_null())
    wrong = values[~np.isfinite(values)]
    if wrong.size:
        raise InputError(f"a {name} must be finite, got {wrong[0]} in {wrong.size} rows")


def _require_in_reach(table: pa.Table, name: str) -> None:
    instants = integers(table[name])
    wrong = np.flatnonzero((instants < micros(EARLIEST)) | (instants >= micros(LATEST)))
    if wrong.size:
        raise InputError(
            f"{name} must lie between {EARLIEST.date()} and {LATEST.date()}, "
            f"got {instants[wrong[0]]} µs since 1970"
        )
