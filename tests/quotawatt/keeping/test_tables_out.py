"""Every table of the record store goes into a backup and comes back as it was, in either kind of store."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select

from quotawatt.keeping.tables_out import dump_tables, load_tables
from quotawatt.storage.issued_tables import issued
from quotawatt.storage.records import open_records
from quotawatt.storage.schema import metadata
from tests.quotawatt.any_rows import any_row


def _rows(records: Engine) -> dict[str, list[Any]]:
    with records.connect() as conn:
        return {
            table.name: list(conn.execute(select(table).order_by(*table.primary_key)))
            for table in metadata.sorted_tables
        }


def test_every_table_comes_back_in_either_store(records: Engine, tmp_path: Path) -> None:
    source = open_records(f"sqlite:///{tmp_path / 'source.sqlite'}", tmp_path)
    folder = tmp_path / "tables"
    folder.mkdir()
    with source.begin() as conn:
        for table in metadata.sorted_tables:
            conn.execute(table.delete())
            conn.execute(insert(table), [any_row(table, 1), any_row(table, 2)])
        counts = dump_tables(conn, folder)
    assert counts == {table.name: 2 for table in metadata.sorted_tables}
    with records.begin() as conn:
        assert load_tables(conn, folder) == counts
    assert _rows(records) == _rows(source)
    # A number that was given once is never that of another, of whatever kind the store is.
    fresh = any_row(issued, 9)
    del fresh["id"]
    with records.begin() as conn:
        made = conn.execute(insert(issued).values(fresh)).inserted_primary_key
    assert made is not None
    assert made[0] == 3
    source.dispose()
