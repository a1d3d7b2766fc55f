"""Versions of the record store: every way to the newest one gives the same tables, and a half one none."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, insert, inspect, make_url, select, text

from quotawatt.errors import StateError, StoreError
from quotawatt.register.repository import load_register
from quotawatt.storage.migrations import FOLDER, baseline, revisions
from quotawatt.storage.migrations.migrate import differences, upgrade
from quotawatt.storage.records import _sqlite, open_records
from quotawatt.storage.schema import metadata
from quotawatt.storage.tables import counters
from quotawatt.storage.versions import revision_of
from tests.conftest import RECORD_STORES, fresh_records
from tests.quotawatt.any_rows import any_row

NEWEST = revisions()[-1]


@pytest.fixture(params=RECORD_STORES)
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Of each kind the addresses of a database without any tables and of a new record store."""
    with fresh_records(request, tmp_path) as new:
        is_sqlite = request.param == "sqlite"
        empty = f"sqlite:///{tmp_path}/empty" if is_sqlite else request.getfixturevalue("postgres")
        yield empty, new


@pytest.fixture
def empty(databases: tuple[str, str]) -> Engine:
    """A database of each kind without any tables; transactions take in what changes tables."""
    return undeclared(databases[0])


def undeclared(url: str) -> Engine:
    """An engine like that of ``open_records``, of a database that is left as it is."""
    return _sqlite(make_url(url)) if url.startswith("sqlite") else create_engine(url)


def schema(connection: Connection) -> Mapping[str, Any]:
    """Everything of the tables that tells one schema from another, but for the order of columns."""
    inspector = inspect(connection)
    found: dict[str, Any] = {}
    for name in inspector.get_table_names():
        columns = {
            c["name"]: (str(c["type"]), c["nullable"], plain(c["default"]))
            for c in inspector.get_columns(name)
        }
        unique = {tuple(c["column_names"]) for c in inspector.get_unique_constraints(name)}
        indexes = {
            (i["name"], tuple(i["column_names"]), bool(i["unique"]))
            for i in inspector.get_indexes(name)
        }
        keys = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
        found[name] = (columns, keys, unique, indexes, counts_up(connection, name))
    return found


def plain(default: str | None) -> str | None:
    """A default as it reads in both the statement that made the table and the one that changed it."""
    return None if default is None else default.strip("()'").lower()


def counts_up(connection: Connection, table: str) -> bool:
    """Whether SQLite never gives a number of the table twice."""
    if connection.dialect.name != "sqlite":
        return True
    query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in str(connection.scalar(query, {"name": table}))


def test_the_revisions_lead_to_the_declared_tables(empty: Engine) -> None:
    """Where this fails: ``python -m quotawatt.storage.migrations revision -m "What it adds"``."""
    with empty.begin() as connection:
        upgrade(connection)
        assert differences(connection) == []
        assert revision_of(connection) == NEWEST


def test_a_new_store_is_what_the_revisions_make(databases: tuple[str, str], tmp_path: Path) -> None:
    empty, new = undeclared(databases[0]), open_records(databases[1], tmp_path)
    with empty.begin() as connection:
        upgrade(connection)
        migrated = schema(connection)
    with new.connect() as connection:
        assert schema(connection) == migrated
        assert revision_of(connection) == NEWEST


def test_a_store_from_before_versions_were_counted_is_taken_over(
    empty: Engine, databases: tuple[str, str], tmp_path: Path
) -> None:
    with empty.begin() as connection:
        baseline.metadata.create_all(connection)
        connection.execute(insert(counters).values(name="readings_written", total=7))
        organisation = baseline.metadata.tables["organisations"]
        row = {"code": "ORG", "name_zh": "机关", "name_en": "Office", "kind": "party_government"}
        more = {"level": "city", "owner_zh": "", "owner_en": ""}
        connection.execute(insert(organisation).values(**row, **more))
    records = open_records(databases[0], tmp_path)
    with records.connect() as connection:
        assert differences(connection) == []
        assert revision_of(connection) == NEWEST
        assert connection.scalar(select(counters.c.total)) == 7
    assert load_register(records).organisations["ORG"].status == "in_use"


@pytest.mark.parametrize("revision", revisions()[1:-1])
def test_an_upgrade_keeps_every_cell_of_every_table(
    revision: str, empty: Engine, databases: tuple[str, str], tmp_path: Path
) -> None:
    with empty.begin() as connection:
        upgrade(connection, revision)
        inspector = inspect(connection)
        present = set(inspector.get_table_names()).intersection(metadata.tables)
        held = {name: {c["name"] for c in inspector.get_columns(name)} for name in present}
        for name in held:
            table = metadata.tables[name]
            connection.execute(table.delete())
            rows = [any_row(table, number) for number in (1, 2)]
            cells = [{k: v for k, v in row.items() if k in held[name]} for row in rows]
            connection.execute(insert(table), cells)
    upgraded = open_records(databases[0], tmp_path)
    with upgraded.connect() as connection:
        assert revision_of(connection) == NEWEST
        for name, columns in held.items():
            table = metadata.tables[name]
            kept = [table.c[column] for column in sorted(columns)]
            found = connection.execute(select(*kept).order_by(*table.primary_key)).all()
            rows = [any_row(table, number) for number in (1, 2)]
            assert [dict(row._mapping) for row in found] == [
                {column: row[column] for column in sorted(columns)} for row in rows
            ], name
        organisations = connection.execute(select(metadata.tables["organisations"].c.classified))
        # A revision that has the column keeps what it holds: true, as ``any_row`` makes it.
        known = "classified" in held["organisations"]
        assert organisations.scalars().all() == [known, known]
    upgraded.dispose()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(
    records: Engine, records_url: str, tmp_path: Path
) -> None:
    with records.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = schema(connection)
    with pytest.raises(StateError, match=rf"up to revision {NEWEST}.*got one of revision 9999"):
        open_records(records_url, tmp_path)
    with records.connect() as connection:
        assert schema(connection) == before
        assert revision_of(connection) == "9999"


def test_a_revision_that_fails_leaves_the_store_as_it_was(
    empty: Engine, databases: tuple[str, str], tmp_path: Path
) -> None:
    with empty.begin() as connection:
        baseline.metadata.create_all(connection)
        # In the way of the second revision, which has made other tables by then.
        connection.execute(text("CREATE TABLE spaces (code VARCHAR(64))"))
        before = schema(connection)
    with pytest.raises(StoreError, match="spaces"):
        open_records(databases[0], tmp_path)
    with empty.connect() as connection:
        assert schema(connection) == before
        assert revision_of(connection) is None


def test_roles_that_open_an_older_store_together_upgrade_it_once(
    empty: Engine, databases: tuple[str, str], tmp_path: Path
) -> None:
    with empty.begin() as connection:
        baseline.metadata.create_all(connection)
    script = (
        "import sys; from pathlib import Path; from quotawatt.storage.records import open_records;"
    )
    script += "open_records(sys.argv[1], Path(sys.argv[2])).dispose()"
    command = [sys.executable, "-c", script, databases[0], str(tmp_path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[1] for process in running] == [""] * 3
    with empty.connect() as connection:
        assert differences(connection) == []


def test_a_store_that_is_up_to_date_is_opened_without_the_migration_tool(
    records_url: str, tmp_path: Path
) -> None:
    """It costs a collector tens of megabytes' worth of modules otherwise."""
    script = (
        "import sys; from pathlib import Path; from quotawatt.storage.records import open_records;"
    )
    script += (
        "open_records(sys.argv[1], Path(sys.argv[2])).dispose(); print('alembic' in sys.modules)"
    )
    for _ in range(2):
        command = [sys.executable, "-c", script, records_url, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == "False\n"


def test_revisions_are_those_of_the_migration_tool_in_one_line() -> None:
    script = ScriptDirectory(str(FOLDER))
    found = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(found)) == revisions()
