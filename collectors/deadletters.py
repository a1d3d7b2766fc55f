"""Dead letters: messages that could not become readings. Durable, listed, and kept for another try.

There is a limit to how many are kept; beyond it the oldest go, and are counted.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from collectors.decoded import Message, Problem
from quotawatt.storage.tables import dead_letters

DROPPED = "dead_letters_dropped"
"""Name of the counter of those that had to go."""


class DeadLetter(NamedTuple):
    """A refused message: ``reason`` is its code, ``message`` says why in words. Ids grow with time."""

    id: int
    arrived: datetime
    topic: str
    payload: bytes
    reason: str
    message: str


def add_letters(
    conn: Connection, letters: Sequence[tuple[Message, Problem]], limit: int, payload_limit: int
) -> int:
    """Keep refused messages, at most ``limit`` in all; returns how many of the oldest had to go.

    Of a payload longer than ``payload_limit`` bytes only the beginning is kept.
    """
    if not letters:
        return 0
    rows = [
        {
            "arrived": message.arrived,
            "topic": message.topic.replace("\0", "�"),  # PostgreSQL takes no NUL in a text
            "payload": message.payload[:payload_limit],
            "reason": problem.reason,
            "message": problem.message,
        }
        for message, problem in letters
    ]
    conn.execute(insert(dead_letters), rows)
    return _drop_beyond(conn, limit)


def _drop_beyond(conn: Connection, limit: int) -> int:
    newest = select(dead_letters.c.id).order_by(dead_letters.c.id.desc())
    first_gone = conn.execute(newest.offset(limit).limit(1)).scalar()
    if first_gone is None:
        return 0
    return int(conn.execute(delete(dead_letters).where(dead_letters.c.id <= first_gone)).rowcount)


def list_letters(
    conn: Connection, limit: int = 100, after: int = 0, reason: str | None = None
) -> list[DeadLetter]:
    """Dead letters with an id above ``after``, oldest first; of one reason where given."""
    columns = [dead_letters.c[name] for name in DeadLetter._fields]
    query = select(*columns).where(dead_letters.c.id > after)
    if reason is not None:
        query = query.where(dead_letters.c.reason == reason)
    rows = conn.execute(query.order_by(dead_letters.c.id).limit(limit))
    return [DeadLetter(*row) for row in rows]


def count_letters(conn: Connection) -> dict[str, int]:
    """How many there are, by reason."""
    rows = conn.execute(
        select(dead_letters.c.reason, func.count())
        .group_by(dead_letters.c.reason)
        .order_by(dead_letters.c.reason)
    )
    return {row[0]: row[1] for row in rows}


def remove_letters(conn: Connection, ids: Collection[int]) -> None:
    """Forget the letters with these ids."""
    if ids:
        conn.execute(delete(dead_letters).where(dead_letters.c.id.in_(ids)))


def refuse_again(conn: Connection, letter: int, problem: Problem) -> None:
    """Note why a letter was refused at another try."""
    changed = update(dead_letters).where(dead_letters.c.id == letter)
    conn.execute(changed.values(reason=problem.reason, message=problem.message))
