"""The record store while the demo replays its year: thousands of commits a minute that wait for no disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry


@contextmanager
def hurried(records: Engine) -> Iterator[None]:
    """Let commits to SQLite last from the next checkpoint on while entered; other stores stay as they are.

    A killed process loses none, a power failure the latest ones: what is replayed then is replayed anew by
    the next demo, which empties its home first. From leaving on every commit is on the disk, as ever.
    """
    if records.dialect.name != "sqlite":
        yield
        return
    event.listen(records, "connect", _hurry)
    records.dispose()  # connections that are open wait for the disk
    try:
        yield
    finally:
        event.remove(records, "connect", _hurry)
        records.dispose()


def _hurry(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
