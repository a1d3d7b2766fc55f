"""Marks of what written readings touched and results do not reflect yet.

The way of a mark: a collector marks before it writes readings (so that a crash in between forgets
nothing), writes, and confirms; the analyser takes the marks, makes the results durable, and clears up to
the generation it took. A generation is a number that only grows. A key that is touched again gets the
new one, so clearing never removes what came after the taking.

Between mark and write an analyser may take and clear a mark whose reading it could not see yet. Taking
leaves its generation behind; ``confirm`` compares, and marks anew where it was overtaken.

Every function works inside the caller's transaction, which must be one of ``engine.begin()`` and must
commit before the marked series are read.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, select

from quotawatt.storage.records import bump_counters
from quotawatt.storage.tables import counters, touched

_GENERATION = "touched_generation"
_TAKEN = "touched_taken"
_MARK = (
    "INSERT INTO touched (device, channel, quantity, hour, generation) VALUES ({}) "
    "ON CONFLICT (device, channel, quantity, hour) DO UPDATE SET generation = excluded.generation"
)


class Touched(NamedTuple):
    """One series in one UTC hour. ``hour`` is its start."""

    device: str
    channel: str
    quantity: str
    hour: datetime


def mark(conn: Connection, keys: Collection[Touched]) -> int:
    """Mark ``keys`` as touched and return the generation they got.

    Markers wait for each other here: the counter's row stays locked until the caller commits.
    """
    bump_counters(conn, {_GENERATION: 1})
    generation = _total(conn, _GENERATION)
    # Written for the driver: a collector marks a thousand keys a batch, and building that many
    # parameter sets by SQLAlchemy took longer than all else that is done to the batch.
    stored = {hour: _as_stored(conn, hour) for hour in {key.hour for key in keys}}
    rows = [(*key[:3], stored[key.hour], generation) for key in set(keys)]
    if rows:
        placeholder = "?" if conn.dialect.paramstyle == "qmark" else "%s"
        conn.exec_driver_sql(_MARK.format(", ".join([placeholder] * 5)), rows)
    return generation


def confirm(conn: Connection, keys: Collection[Touched], generation: int) -> bool:
    """After the readings are durable: mark again what was taken since ``mark`` gave ``generation``.

    Returns whether that was so.
    """
    overtaken = bool(keys) and last_taken(conn, lock=True) >= generation
    if overtaken:
        mark(conn, keys)
    return overtaken


def last_taken(conn: Connection, lock: bool = False) -> int:
    """The generation of the last taking; with ``lock`` no other comes until the transaction ends."""
    query = select(counters.c.total).where(counters.c.name == _TAKEN)
    return int(conn.execute(query.with_for_update() if lock else query).scalar() or 0)


def take(conn: Connection, until: datetime | None = None) -> tuple[int, list[Touched]]:
    """The present generation and all marks, or those of hours that start before ``until``.

    They stay until ``clear``. Sorted by device, channel, quantity, hour.
    """
    # First, so that a marker who would get a number in between waits.
    bump_counters(conn, {_GENERATION: 1})
    generation = _total(conn, _GENERATION)
    bump_counters(conn, {_TAKEN: generation - _total(conn, _TAKEN)})
    columns = [touched.c[name] for name in Touched._fields]
    query = select(*columns).where(*_before(until)).order_by(*columns)
    return generation, [Touched(*row) for row in conn.execute(query)]


def clear(conn: Connection, generation: int, until: datetime | None = None) -> int:
    """Remove the marks not touched after ``generation``; with ``until`` only those of earlier hours.

    Give the same ``until`` as to ``take``. Returns how many went.
    """
    done = delete(touched).where(touched.c.generation <= generation, *_before(until))
    return int(conn.execute(done).rowcount)


def _before(until: datetime | None) -> list[ColumnElement[bool]]:
    return [] if until is None else [touched.c.hour < until]


def _as_stored(conn: Connection, hour: datetime) -> object:
    """An instant as the driver is given it."""
    process = touched.c.hour.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    return hour if process is None else process(hour)


def _total(conn: Connection, name: str) -> int:
    # Locks the row on PostgreSQL; on SQLite the transaction holds the only write lock already.
    query = select(counters.c.total).where(counters.c.name == name).with_for_update()
    return int(conn.execute(query).scalar() or 0)
