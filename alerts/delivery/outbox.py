"""The outbox: messages wait in the record store until their channel has taken them.

A row is written in the transaction that takes the notices along, so nothing goes unsaid. Who sends a message
claims it first, and the claim runs out: two processes never send the same at once, and what a killed one held
goes out by another. A crash between delivery and its note repeats a message, under the same key.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from quotawatt.errors import ChannelError
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import outbox

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
LEAST_TRIES = 16
GIVEN_UP_AFTER = timedelta(hours=36)
"""A message that passes through trouble is given up after so many tries *and* so much time: a channel that is
away for a night costs none."""

LEASE = timedelta(minutes=5)
"""How long a claim holds: longer than its messages take with every one of them timing out."""

CLAIMED_AT_ONCE = 8

_JITTER = 0.25
_ERROR_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be put into the outbox.

    key
        Stable: the same notices make the same key, and one that is there already stays as it is.
    recipient
        Key of a recipient, or ``channel:NAME``.
    body
        Plain JSON as ``alerts.messages`` renders it.
    """

    key: str
    channel: str
    recipient: str
    site: str
    route: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is due, and who holds it. ``alert`` only in rows of an older version."""

    id: int
    key: str
    alert: int | None
    channel: str
    recipient: str
    body: Mapping[str, Any]
    created_at: datetime
    tries: int
    claimed_by: str

    @property
    def cases(self) -> Sequence[int]:
        """Numbers of the cases that it tells of, each once."""
        return cases_of(self.body)


def cases_of(body: Mapping[str, Any]) -> list[int]:
    """Numbers of the cases that a message tells of, each once; of version 1, none."""
    numbers = (case.get("number") for case in body.get("cases", ()))
    return list(dict.fromkeys(number for number in numbers if isinstance(number, int)))


def enqueue(conn: Connection, messages: Iterable[Outgoing], now: datetime) -> None:
    """Put messages down, due at once; one whose key is there already stays as it is."""
    rows = [
        {
            "key": message.key,
            "channel": message.channel,
            "recipient": message.recipient,
            "site": message.site,
            "route": message.route,
            "body": dict(message.body),
            "created_at": now,
            "next_try_at": now,
            "tries": 0,
            "last_error": "",
        }
        for message in messages
    ]
    upsert(conn, outbox, rows, keys=["key"])


def due_channels(conn: Connection, now: datetime) -> Sequence[str]:
    """Channels that have messages whose time has come and that nobody holds."""
    statement = select(outbox.c.channel).where(*_is_due(now)).distinct().order_by(outbox.c.channel)
    return list(conn.execute(statement).scalars())


def claim(
    conn: Connection, channel: str, worker: str, now: datetime, limit: int = CLAIMED_AT_ONCE
) -> list[Waiting]:
    """Up to ``limit`` messages of a channel whose time has come, the oldest first, now held by ``worker``.

    ``conn`` comes from ``engine.begin()``.
    """
    # Locked, so that of several workers one gets a message and the others look on for the next.
    free = (
        select(outbox.c.id)
        .where(outbox.c.channel == channel, *_is_due(now))
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    numbers = list(conn.execute(free).scalars())
    held = {"claimed_by": worker, "claimed_until": now + LEASE}
    conn.execute(update(outbox).where(outbox.c.id.in_(numbers)).values(held))
    columns = [outbox.c[name] for name in Waiting.__slots__]
    mine = select(*columns).where(outbox.c.id.in_(numbers)).order_by(outbox.c.id)
    return [Waiting(**row._mapping) for row in conn.execute(mine)]


def release(conn: Connection, items: Collection[Waiting]) -> None:
    """Let go of messages that were claimed and not tried."""
    numbers = [item.id for item in items]
    mine = (outbox.c.id.in_(numbers), outbox.c.claimed_by.in_({i.claimed_by for i in items}))
    conn.execute(update(outbox).where(*mine).values(claimed_by="", claimed_until=None))


def note_delivered(conn: Connection, item: Waiting, now: datetime) -> bool:
    """The channel has taken it. False where somebody else noted so in the meantime."""
    return _note(conn, item, {"delivered_at": now, "last_error": ""})


def note_failure(
    conn: Connection, item: Waiting, error: ChannelError, now: datetime, next_try_at: datetime
) -> bool:
    """The channel has not taken it: try again at ``next_try_at``, or give up. Returns whether given up."""
    said = str(error)[:_ERROR_LENGTH]
    if gives_up(item, error, now):
        return _note(conn, item, {"failed_at": now, "last_error": said})
    _note(conn, item, {"next_try_at": next_try_at, "last_error": said})
    return False


def gives_up(item: Waiting, error: ChannelError, now: datetime) -> bool:
    """Whether this failure is the message's last."""
    worn_out = item.tries + 1 >= LEAST_TRIES and now - item.created_at >= GIVEN_UP_AFTER
    return not error.retryable or worn_out


def wait_after(tries: int, key: str, longest: timedelta = LONGEST_RETRY) -> timedelta:
    """How long to wait after so many failed tries: doubling up to ``longest``, less up to a quarter.

    The part that is taken off follows from ``key`` and ``tries``: what failed together does not come back
    together, and the same failure always waits as long.
    """
    doubled: timedelta = min(FIRST_RETRY * 2 ** min(tries - 1, 30), longest)
    spread = int.from_bytes(hashlib.sha256(f"{key}:{tries}".encode()).digest()[:4]) / 2**32
    return doubled * (1 - _JITTER * spread)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.delivered_at.is_(None),
        outbox.c.failed_at.is_(None),
        outbox.c.next_try_at <= now,
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now),
    )


def _note(conn: Connection, item: Waiting, values: Mapping[str, object]) -> bool:
    waiting = (
        outbox.c.id == item.id,
        outbox.c.delivered_at.is_(None),
        outbox.c.failed_at.is_(None),
    )
    tried = {"tries": item.tries + 1, "claimed_by": "", "claimed_until": None, **values}
    return conn.execute(update(outbox).where(*waiting).values(tried)).rowcount == 1
