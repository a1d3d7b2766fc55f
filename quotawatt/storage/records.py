"""Opening the record store (SQLite or PostgreSQL), and the writes that both dialects do alike.

Reads go through ``engine.connect()``, writes through ``engine.begin()``. On SQLite the latter takes the
write lock at once (``BEGIN IMMEDIATE``): two transactions that first read and then write would otherwise
refuse each other. Readers see the last commit and never wait for a writer.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    make_url,
    or_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from quotawatt.errors import QuotawattError, SettingError, StoreError
from quotawatt.storage.tables import counters
from quotawatt.storage.versions import bring_to_newest

BUSY_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = 600
"""A statement that PostgreSQL has not ended by then is given up: longer than any of ours takes."""
_SILENCE_S = 30  # how long a connection may be unanswered before it counts as broken
_WRITES = "quotawatt_writes"


class _SqliteEngine(Engine):
    """An engine whose ``begin()`` takes SQLite's write lock and whose ``connect()`` does not."""

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection


def open_records(url: str, home: Path) -> Engine:
    """Open the record store, new or of this or an older version, and bring it up to date.

    url
        ``sqlite`` (the file ``records.sqlite`` in ``home``) or an SQLAlchemy address of SQLite or
        PostgreSQL (``postgresql+psycopg://...``).
    home
        Folder of the installation; created where missing.

    Raises SettingError where the address is not of that kind, StoreError where the folder cannot be
    written or the server does not answer, StateError where the store is of a newer version. Later
    failures of the store raise StoreError too. No message shows a password.
    """
    engine = records_engine(url, home)
    try:
        bring_to_newest(engine)
    except (OSError, DBAPIError) as error:
        engine.dispose()
        raise StoreError(_failure(engine.url, error)) from error
    except QuotawattError:
        engine.dispose()
        raise
    return engine


def records_engine(url: str, home: Path) -> Engine:
    """The record store as it is: nothing is created in it, or sent, before the first connection.

    Raises what ``open_records`` does of the address and the folder.
    """
    target = _parse(url, home)
    try:
        engine = _sqlite(target) if _is_sqlite(target) else _postgresql(target)
    except OSError as error:
        raise StoreError(_failure(target, error)) from error
    event.listen(engine, "handle_error", _as_store_error)
    return engine


@contextmanager
def reading_as_one(engine: Engine) -> Iterator[Connection]:
    """A connection whose reads all see the store as of the first of them, whatever is committed meanwhile.

    On SQLite every connection is like that; PostgreSQL has to be told.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    keys: Collection[str],
    update: Collection[str] = (),
    add: Collection[str] = (),
    unless_older: str | None = None,
) -> None:
    """Insert ``rows``; where one with the same ``keys`` is there, change that one instead.

    keys
        Columns of a primary key or unique constraint.
    update
        Columns that take the new row's value.
    add
        Columns to which the new row's value is added. With neither, the existing row stays as it is.
    unless_older
        A column by which the existing row stays where the new one is older.

    Rows go in by the order of their keys, so that two writers lock them in the same order.
    """
    if not rows:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    changes: dict[str, ColumnElement[object]] = {name: statement.excluded[name] for name in update}
    changes |= {name: table.c[name] + statement.excluded[name] for name in add}
    if changes:
        newer = None if unless_older is None else _newer(table, statement, unless_older)
        statement = statement.on_conflict_do_update(
            index_elements=list(keys), set_=changes, where=newer
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(keys))
    ordered = sorted(rows, key=lambda row: [str(row[key]) for key in keys])
    connection.execute(statement, ordered)


def _newer(
    table: Table, statement: sqlite.Insert | postgresql.Insert, column: str
) -> ColumnElement[bool]:
    """Whether the new row is not older than the existing one; that one's age may not be known."""
    return or_(table.c[column].is_(None), statement.excluded[column] >= table.c[column])


def bump_counters(connection: Connection, increments: Mapping[str, int]) -> None:
    """Add to the totals since installation, by name; a name not seen before starts at zero."""
    rows = [{"name": name, "total": by} for name, by in increments.items() if by]
    upsert(connection, counters, rows, keys=["name"], add=["total"])


def _parse(url: str, home: Path) -> URL:
    if url == "sqlite":
        return URL.create("sqlite", database=str(home / "records.sqlite"))
    try:
        target = make_url(url)
        if target.drivername in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
            return target
    except ArgumentError:
        pass
    # What follows the scheme may hold a password.
    scheme = url.partition("://")[0] if "://" in url else "no address"
    raise SettingError(
        f"records_url must be sqlite or an address postgresql+psycopg://..., got {scheme!r}"
    )


def _is_sqlite(target: URL) -> bool:
    return target.get_backend_name() == "sqlite"


def _sqlite(target: URL) -> Engine:
    if target.database and target.database != ":memory:":
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    base = create_engine(target)
    engine = _SqliteEngine(base.pool, base.dialect, base.url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(target: URL) -> Engine:
    limits = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}",
        "tcp_user_timeout": _SILENCE_S * 1000,
        "keepalives_idle": _SILENCE_S,
        "keepalives_interval": CONNECT_TIMEOUT_S,
        "keepalives_count": 3,
    }
    return create_engine(target, pool_pre_ping=True, connect_args=limits)


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _as_store_error(context: ExceptionContext) -> StoreError | None:
    """What a busy, full or unreachable store raises is worth another try; the rest is our mistake."""
    error = context.sqlalchemy_exception
    engine = context.engine
    # SQLite says by the plain class, which is that of no mistake in a statement, that its file is damaged.
    of_the_store = isinstance(error, OperationalError | InterfaceError)
    damaged = type(error) is DatabaseError
    if engine is None or error is None or not (of_the_store or damaged):
        return None
    return StoreError(_failure(engine.url, error))


def _failure(target: URL, error: Exception) -> str:
    where = target.database if _is_sqlite(target) else target.render_as_string(hide_password=True)
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"the record store must be there and take writes, {where} says: {str(cause).strip()}"
