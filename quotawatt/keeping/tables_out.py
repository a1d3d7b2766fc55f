"""The record store as files, one a table, that either kind of store takes back: SQLite and PostgreSQL.

A file has a JSON list a row (JSON Lines), the first of them with the names of the columns. Instants and
days are ISO 8601, bytes Base64.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, insert, select, text

from quotawatt.errors import InputError
from quotawatt.storage.schema import Instant, metadata

SEQUENCES = "sequences.json"
"""File of the last numbers that were given, so that one that is gone is never that of another."""

_TOGETHER = 2_000


def dump_tables(conn: Connection, folder: Path) -> dict[str, int]:
    """Write every table into ``folder``, as one connection that reads as one sees it; rows by table."""
    counts = {table.name: _dump(conn, table, folder) for table in metadata.sorted_tables}
    (folder / SEQUENCES).write_text(json.dumps(_last_numbers(conn), sort_keys=True))
    return counts


def load_tables(conn: Connection, folder: Path) -> dict[str, int]:
    """Replace what is in the tables by what ``dump_tables`` wrote, within the transaction; rows by table.

    Raises InputError where a file is not as it was written.
    """
    empty_tables(conn)
    try:
        counts = {table.name: _load(conn, table, folder) for table in metadata.sorted_tables}
        numbers = json.loads((folder / SEQUENCES).read_text())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"the tables of a backup must be readable, got: {error}") from None
    _set_last_numbers(conn, numbers)
    return counts


def empty_tables(conn: Connection) -> None:
    """Remove every row of every table."""
    for table in reversed(metadata.sorted_tables):
        conn.execute(table.delete())


def _dump(conn: Connection, table: Table, folder: Path) -> int:
    plain = [_plain(column) for column in table.columns]
    count = 0
    with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps([column.name for column in table.columns]) + "\n")
        query = select(table).order_by(*table.primary_key.columns)
        for row in conn.execution_options(yield_per=_TOGETHER).execute(query):
            cells = [
                None if cell is None else said(cell) for said, cell in zip(plain, row, strict=True)
            ]
            file.write(json.dumps(cells, ensure_ascii=False) + "\n")
            count += 1
    return count


def _load(conn: Connection, table: Table, folder: Path) -> int:
    count = 0
    for rows in _row_groups(table, folder / f"{table.name}.jsonl"):
        conn.execute(insert(table), rows)
        count += len(rows)
    return count


def _row_groups(table: Table, path: Path) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        names = json.loads(file.readline())
        read = [_parsed(table.columns[name]) for name in names]
        for line in file:
            cells = zip(names, read, json.loads(line), strict=True)
            rows.append({name: None if c is None else parse(c) for name, parse, c in cells})
            if len(rows) == _TOGETHER:
                yield rows
                rows = []
    if rows:
        yield rows


def _plain(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64encode(value).decode("ascii")
    if isinstance(column.type, Instant | Date):
        return lambda value: value.isoformat()
    return lambda value: value


def _parsed(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return base64.b64decode
    if isinstance(column.type, Instant):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return lambda value: value


def _last_numbers(conn: Connection) -> dict[str, int]:
    if conn.dialect.name == "sqlite":
        return {str(r[0]): int(r[1]) for r in conn.execute(text("SELECT * FROM sqlite_sequence"))}
    return {
        name: int(conn.execute(text(f"SELECT last_value FROM {sequence}")).scalar_one())
        for name, sequence in _sequences(conn).items()
    }


def _set_last_numbers(conn: Connection, numbers: Mapping[str, int]) -> None:
    if conn.dialect.name == "sqlite":
        conn.execute(text("DELETE FROM sqlite_sequence"))
        statement = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")
        for table in metadata.sorted_tables:
            if table.dialect_options["sqlite"]["autoincrement"]:
                conn.execute(statement, {"name": table.name, "seq": numbers.get(table.name, 0)})
        return
    for name, sequence in _sequences(conn).items():
        last = f"greatest(:last, (SELECT coalesce(max(id), 1) FROM {name}))"
        statement = text(f"SELECT setval('{sequence}', {last})")
        conn.execute(statement, {"last": numbers.get(name, 1)})


def _sequences(conn: Connection) -> dict[str, str]:
    """The sequence of each table of PostgreSQL that counts up its ``id``."""
    found = {}
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None and table.autoincrement_column.name == "id":
            query = text("SELECT pg_get_serial_sequence(:name, 'id')")
            sequence = conn.execute(query, {"name": table.name}).scalar()
            if sequence is not None:
                found[table.name] = str(sequence)
    return found
