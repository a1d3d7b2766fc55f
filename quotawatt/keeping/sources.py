"""Files of readings as they are given, piece by piece, each row with the number of its line."""

import functools
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from quotawatt.errors import InputError
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.lines import OPTIONAL, REQUIRED
from quotawatt.keeping.problems import Problems
from quotawatt.storage.frames import Ints

_BLOCK_BYTES = 4 << 20
_ROWS = 100_000
_FIRST_LINE = 2  # of a CSV file, after its heading


class Piece(NamedTuple):
    """Rows of a file and the number of the line of each, from 1 (of Parquet: of the row).

    A line break within a cell does not count.
    """

    table: pa.Table
    lines: Ints


def read_pieces(path: Path, kind: FileKind, problems: Problems) -> Iterator[Piece]:
    """The rows of a file in pieces; memory is bounded by the piece.

    problems
        Takes lines of a CSV file with too few or too many cells; they are left out.

    Raises InputError where the file is none of that kind, is cut, or lacks a column.
    """
    try:
        yield from _parquet(path) if kind is FileKind.PARQUET else _csv(path, kind, problems)
    except (pa.ArrowException, OSError, EOFError, zlib.error, UnicodeError) as error:
        coded = "" if kind is FileKind.PARQUET else ", in UTF-8, no line longer than 4 MB"
        raise InputError(
            f"a file must be whole and of the kind {kind}{coded}, got: {error}"
        ) from None


def _parquet(path: Path) -> Iterator[Piece]:
    with pq.ParquetFile(path) as file:
        _require_columns(file.schema_arrow.names)
        _require_cells(file.schema_arrow)
        first = 1
        for batch in file.iter_batches(batch_size=_ROWS):
            table = pa.Table.from_batches([batch])
            table.validate(full=True)  # texts that are none
            yield Piece(table, np.arange(first, first + len(table)))
            first += len(table)


def _require_cells(schema: pa.Schema) -> None:
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_nested(kind) or _is_binary(kind):
            raise InputError(
                f"a column must have texts, numbers, truth values or times, got {field.name!r} of {kind}"
            )


def _is_binary(kind: pa.DataType) -> bool:
    are = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    return any(is_one(kind) for is_one in are) and not pa.types.is_decimal(kind)


def _csv(path: Path, kind: FileKind, problems: Problems) -> Iterator[Piece]:
    with _opened(path, kind) as file:
        names = _heading(file)
        _require_columns(names)
        skipped: list[int] = []

        def skip(row: csv.InvalidRow) -> str:
            skipped.append(int(row.number or 0) + _FIRST_LINE - 1)
            rule = f"a line must have {row.expected_columns} cells"
            problems.add(skipped[-1:], rule, [row.actual_columns])
            return "skip"

        first = _FIRST_LINE
        if not file.peek(1):
            return  # an export of nothing
        for batch in _reader(file, names, skip):
            table = pa.Table.from_batches([batch])
            lines = _numbered(first, len(table), skipped)
            first = int(lines[-1]) + 1 if len(lines) else first
            yield _filled(Piece(table, lines))


def _filled(piece: Piece) -> Piece:
    """Without lines that have nothing in any cell."""
    cells = [pc.not_equal(column, pa.scalar("")) for column in piece.table.columns]
    kept = functools.reduce(pc.or_, cells)
    return Piece(piece.table.filter(kept), piece.lines[np.asarray(kept)])


def _reader(file: IO[bytes], names: Sequence[str], skip: Any) -> csv.CSVStreamingReader:
    return csv.open_csv(
        file,
        # One thread: only then a wrong line has its number.
        csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES, column_names=list(names)),
        csv.ParseOptions(
            newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False
        ),
    )


def _numbered(first: int, count: int, skipped: Sequence[int]) -> Ints:
    """The lines of ``count`` rows from line ``first`` on, those left out that were skipped."""
    gone = [line for line in skipped if line >= first]
    candidates = np.arange(first, first + count + len(gone))
    return candidates[~np.isin(candidates, gone)][:count]


def _heading(file: IO[bytes]) -> list[str]:
    """The column names: the first line, read off."""
    raw = file.readline(_BLOCK_BYTES).decode("utf-8-sig")
    return [name.strip().strip('"') for name in raw.rstrip("\r\n").split(",")]


@contextmanager
def _opened(path: Path, kind: FileKind) -> Iterator[BufferedReader]:
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if kind is FileKind.CSV_GZ:
            unpacked: Any = stack.enter_context(gzip.GzipFile(fileobj=file))
            file = BufferedReader(unpacked)
        yield file


def _require_columns(names: Sequence[str]) -> None:
    known = (*REQUIRED, *OPTIONAL)
    wrong = [name for name in names if name not in known or names.count(name) > 1]
    missing = [name for name in REQUIRED if name not in names]
    if not wrong and not missing and {"device", "asset"} & set(names):
        return
    raise InputError(
        f"a file of readings must have the columns {', '.join(REQUIRED)} and device or asset, and may have "
        f"{', '.join(OPTIONAL)}, each once, got {', '.join(names)[:500]}"
    )
