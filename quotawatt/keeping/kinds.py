"""The files that readings and results are moved in: which columns they have and how they are written."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from io import IOBase
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from quotawatt.errors import InputError
from quotawatt.readings import READINGS

Write = Callable[[pa.Table], None]
"""Adds a table to a file."""

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
"""How a text says an instant: UTC, with the fraction of the second to the microsecond."""


class FileKind(StrEnum):
    """What a file is."""

    CSV = "csv"
    CSV_GZ = "csv.gz"
    PARQUET = "parquet"
    ARROW = "arrow"
    """A stream of record batches (Arrow IPC): what programs hand each other."""


def kind_of_file(path: Path) -> FileKind:
    """By its name. Raises InputError where it ends otherwise than .csv, .csv.gz or .parquet."""
    for kind in (FileKind.CSV_GZ, FileKind.CSV, FileKind.PARQUET):
        if path.name.lower().endswith(f".{kind}"):
            return kind
    raise InputError(f"a file must be called *.csv, *.csv.gz or *.parquet, got {path.name!r}")


def writer(
    kind: FileKind, target: IO[bytes], schema: pa.Schema = READINGS
) -> AbstractContextManager[Write]:
    """What writes tables of ``schema`` into ``target``; leaving it writes the end, ``target`` stays open."""
    if kind is FileKind.CSV:
        return _csv(target, schema)
    if kind is FileKind.CSV_GZ:
        return _csv_gz(target, schema)
    if kind is FileKind.PARQUET:
        return _parquet(target, schema)
    return _arrow(target, schema)


@contextmanager
def _csv(target: IO[bytes], schema: pa.Schema) -> Iterator[Write]:
    texts = pa.schema([pa.field(f.name, _csv_type(f.type)) for f in schema])
    with csv.CSVWriter(target, texts) as file:
        yield lambda table: file.write_table(_texts(table, texts))


@contextmanager
def _csv_gz(target: IO[bytes], schema: pa.Schema) -> Iterator[Write]:
    # No time in its head, so that the same readings make the same file.
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6, mtime=0) as packed,
        _csv(cast("IO[bytes]", packed), schema) as write,
    ):
        yield write


@contextmanager
def _parquet(target: IO[bytes], schema: pa.Schema) -> Iterator[Write]:
    with pq.ParquetWriter(target, schema, compression="zstd") as file:
        yield file.write_table


@contextmanager
def _arrow(target: IO[bytes], schema: pa.Schema) -> Iterator[Write]:
    with pa.ipc.new_stream(cast("IOBase", target), schema) as file:
        yield file.write_table


def _csv_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_timestamp(kind) else kind


def _texts(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with its instants as texts."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            texts = pc.strftime(table.column(place), format=TIME_FORMAT)
            table = table.set_column(place, field.name, texts)
    return table.cast(schema)
