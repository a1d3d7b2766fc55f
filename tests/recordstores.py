"""Record stores for tests: made once; a file is then copied, a PostgreSQL emptied from test to test.

To make the tables for each test would cost several times what the test does.
"""

import itertools
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from quotawatt.storage.records import open_records
from quotawatt.storage.versions import bring_to_newest
from tests.servers import Server, create_postgres_database, drop_postgres_database, postgres_url

_OTHERS_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Columns with their types, and the version: a test that changed any of it is the last on its database.
_SHAPE = """
SELECT (SELECT string_agg(version_num, ',') FROM alembic_version),
       md5(string_agg(concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull), ','
           ORDER BY c.relname, a.attname))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public'
"""
_EMPTY = """
DO $$ DECLARE name text; filled boolean; BEGIN
FOR name IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
  IF filled THEN EXECUTE format('TRUNCATE %I', name); END IF;
END LOOP;
FOR name IN SELECT sequencename FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
  EXECUTE format('ALTER SEQUENCE %I RESTART', name);
END LOOP;
END $$
"""


def from_a_ready_file(folder: Path) -> Callable[[Engine], None]:
    """What brings a record store to the newest version, with a copy where a file is new.

    What is copied was made in ``folder`` as any other; all the rest goes the usual way.
    """
    open_records("sqlite", folder).dispose()
    ready = folder / "records.sqlite"
    one_at_a_time = threading.Lock()

    def bring(engine: Engine) -> None:
        path = Path(engine.url.database or ":memory:")
        if engine.dialect.name == "sqlite" and str(path) != ":memory:":
            with one_at_a_time:
                if not path.exists():
                    shutil.copyfile(ready, path)
        bring_to_newest(engine)

    return bring


class PostgresStores:
    """Empty record stores on one server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._numbers = itertools.count(1)
        self._idle: list[str] = []
        self._shape: tuple[object, ...] | None = None

    def take(self) -> str:
        """Name of a database that is an empty record store; nobody else has it."""
        if self._idle:
            return self._idle.pop()
        name = f"records_{next(self._numbers)}"
        open_records(create_postgres_database(self._server, name), self._folder).dispose()
        if self._shape is None:
            with self._connect(name) as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        return name

    def url(self, name: str) -> str:
        """SQLAlchemy address of a database."""
        return postgres_url(self._server, name)

    def give_back(self, name: str) -> None:
        """Make the database an empty record store again; drop it where its tables were changed."""
        with self._connect(name) as connection:
            connection.execute(_OTHERS_END)
            try:
                as_it_was = connection.execute(_SHAPE).fetchone() == self._shape
            except psycopg.errors.UndefinedTable:
                as_it_was = False
            if as_it_was:
                connection.execute(_EMPTY)
                self._idle.append(name)
        if not as_it_was:
            drop_postgres_database(self._server, name)

    def _connect(self, name: str) -> psycopg.Connection:
        server = self._server
        return psycopg.connect(
            host=server.host, port=server.port, user="postgres", dbname=name, autocommit=True
        )
