"""Dead letters: messages that could not become readings, each with why, listed, and kept for another try.

There is a limit to how many are kept, and to their bytes; beyond it the oldest go, and are counted. Of a
payload that is too long only the beginning is kept, to show what came: it cannot be tried again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from collectors.decoded import Message, Problem
from collectors.values import storable
from quotawatt.settings import Settings
from quotawatt.storage.records import bump_counters
from quotawatt.storage.tables import counters, dead_letters

DROPPED = "dead_letters_dropped"
"""Name of the counter of those that had to go."""
HELD, HELD_BYTES = "dead_letters_held", "dead_letters_held_bytes"
"""Names of what says how many there are and of how many bytes, so that nobody has to count them."""


class DeadLetter(NamedTuple):
    """A refused message: ``reason`` is its code, ``message`` says why in words. Ids grow with time.

    ``payload_bytes`` is the length of the payload as it came; 0: not known, of an older version.
    """

    id: int
    arrived: datetime
    topic: str
    payload: bytes
    reason: str
    message: str
    payload_bytes: int

    @property
    def cut(self) -> bool:
        """Whether only the beginning was kept, so that it cannot be tried again."""
        return self.payload_bytes > len(self.payload)


class Refused(NamedTuple):
    """A message that is to become a dead letter. ``payload_bytes`` were sent; its payload may be cut."""

    message: Message
    problem: Problem
    payload_bytes: int


def add_letters(conn: Connection, letters: Sequence[Refused], settings: Settings) -> dict[str, int]:
    """Keep refused messages within the limits of the settings; returns how many of the oldest had to go."""
    if not letters:
        return {}
    limit_bytes = settings.payload_limit_bytes
    rows = [
        {
            "arrived": message.arrived,
            "topic": storable(message.topic),
            "payload": message.payload[:limit_bytes],
            "reason": problem.reason,
            "message": storable(problem.message),
            "payload_bytes": payload_bytes,
        }
        for message, problem, payload_bytes in letters
    ]
    size = sum(min(len(letter.message.payload), limit_bytes) for letter in letters)
    count, held_bytes = _hold(conn, len(rows), size)
    conn.execute(insert(dead_letters), rows)
    over = count - settings.dead_letters_limit, held_bytes - settings.dead_letters_bytes_limit
    return {DROPPED: _drop_oldest(conn, *over)}


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


def newest_letter(conn: Connection) -> int:
    """The highest id; 0 where there is none."""
    return int(conn.execute(select(func.max(dead_letters.c.id))).scalar() or 0)


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
    if not ids:
        return
    _hold(conn, 0, 0)
    mine = dead_letters.c.id.in_(ids)
    count, size = conn.execute(_count_and_bytes().where(mine)).one()
    conn.execute(delete(dead_letters).where(mine))
    bump_counters(conn, {HELD: -count, HELD_BYTES: -size})


def refuse_again(conn: Connection, letter: int, problem: Problem) -> None:
    """Note why a letter was refused at another try."""
    changed = update(dead_letters).where(dead_letters.c.id == letter)
    conn.execute(changed.values(reason=problem.reason, message=storable(problem.message)))


def _hold(conn: Connection, count: int, size: int) -> tuple[int, int]:
    """Count letters in; returns how many there are now and their bytes. Other writers wait from here on."""
    query = select(counters.c.name, counters.c.total).where(counters.c.name.in_([HELD, HELD_BYTES]))
    held = dict(conn.execute(query.order_by(counters.c.name).with_for_update()).all())
    if HELD not in held:
        # The first ones, or the store is of a version that did not count them.
        found = conn.execute(_count_and_bytes()).one()
        bump_counters(conn, {HELD: found[0], HELD_BYTES: found[1]})
        held = {HELD: found[0], HELD_BYTES: found[1]}
    bump_counters(conn, {HELD: count, HELD_BYTES: size})
    return held[HELD] + count, held.get(HELD_BYTES, 0) + size


def _drop_oldest(conn: Connection, count: int, size: int) -> int:
    """Let at least ``count`` letters and ``size`` bytes go; returns how many letters that were."""
    if count <= 0 and size <= 0:
        return 0
    last, gone, freed = 0, 0, 0
    sizes = select(dead_letters.c.id, func.length(dead_letters.c.payload))
    for number, length in conn.execute(sizes.order_by(dead_letters.c.id)):
        if gone >= count and freed >= size:
            break
        last, gone, freed = number, gone + 1, freed + length
    conn.execute(delete(dead_letters).where(dead_letters.c.id <= last))
    bump_counters(conn, {HELD: -gone, HELD_BYTES: -freed})
    return gone


def _count_and_bytes() -> Select[int, int]:
    size = func.coalesce(func.sum(func.length(dead_letters.c.payload)), 0)
    return select(func.count(dead_letters.c.id), size)
