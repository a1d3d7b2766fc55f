"""What is to be sent to the platform above: rows that wait in the record store until it has taken them.

A row is written once for each snapshot; a crash between sending and its note sends it again under the same
key, which the receiver knows by.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from quotawatt.errors import ChannelError, NotFoundError, StateError
from quotawatt.issued import Issued, issued_after
from quotawatt.ledger import Ledger
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.records import upsert
from quotawatt.storage.returns_tables import exchange_outbox

RETURNS = "returns"
"""The data set that is sent."""

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
MAX_TRIES = 20
"""With the waits above the last try comes about three days after the first."""

QUEUED_AT_ONCE = 200

_CURSOR = "exchange_queued"
"""The fact that says up to which snapshot rows were written."""

Make = Callable[[Issued], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that is due."""

    id: int
    key: str
    organisation: str
    body: Mapping[str, Any]
    tries: int


def queue_returns(conn: Connection, forms: Sequence[str], make: Make, now: datetime) -> int:
    """Write a row for each snapshot of these forms that has none yet; how many were new.

    Up to ``QUEUED_AT_ONCE``; what is more comes with the next turn.
    """
    if not issued_after(conn, int(read_fact(conn, _CURSOR, 0)), 1):
        return 0
    done = int(lock_fact(conn, _CURSOR, 0))
    new = issued_after(conn, done, QUEUED_AT_ONCE)
    rows = [_row(one, make, now) for one in new if one.kind in forms]
    upsert(conn, exchange_outbox, rows, keys=["key"])
    put_fact(conn, _CURSOR, max((one.id for one in new), default=done))
    return len(rows)


def due(conn: Connection, now: datetime, limit: int = 50) -> list[Waiting]:
    """Documents whose time has come, the oldest first."""
    t = exchange_outbox.c
    chosen = (
        select(*(t[name] for name in Waiting.__slots__))
        .where(t.delivered_at.is_(None), t.failed_at.is_(None), t.next_try_at <= now)
        .order_by(t.id)
        .limit(limit)
    )
    return [Waiting(**row._mapping) for row in conn.execute(chosen)]


def note_sent(conn: Connection, item: Waiting, receipt: str, now: datetime) -> None:
    """The platform has taken it, and what it said."""
    _note(conn, item, delivered_at=now, receipt=receipt, last_error="")
    _record(conn, item, "exchange_sent", {"receipt": receipt}, now)


def note_failure(conn: Connection, item: Waiting, error: ChannelError, now: datetime) -> bool:
    """It has not: try later, or give up. Returns whether it was given up."""
    gives_up = not error.retryable or item.tries + 1 >= MAX_TRIES
    if gives_up:
        _note(conn, item, failed_at=now, last_error=str(error))
        _record(conn, item, "exchange_refused", {"error": str(error)}, now)
    else:
        wait = min(FIRST_RETRY * 2**item.tries, LONGEST_RETRY)
        _note(conn, item, next_try_at=now + wait, last_error=str(error))
    return gives_up


def send_again(conn: Connection, number: int, actor: str, now: datetime) -> None:
    """Try a document again that was given up.

    Raises NotFoundError for an unknown number, StateError where it was not given up.
    """
    t = exchange_outbox.c
    row = conn.execute(
        select(exchange_outbox).where(t.id == number).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"a document sent must exist by its number, got {number}")
    if row.failed_at is None:
        raise StateError(f"what is sent again must have been given up, got {row.key} which was not")
    again = {"failed_at": None, "tries": 0, "next_try_at": now}
    conn.execute(update(exchange_outbox).where(t.id == number).values(again))
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor=actor,
        action="exchange_again",
        subject=row.organisation,
        detail={"key": row.key},
    )


def _row(snapshot: Issued, make: Make, now: datetime) -> dict[str, Any]:
    return {
        "key": snapshot.number,
        "dataset": RETURNS,
        "organisation": snapshot.subject,
        "body": dict(make(snapshot)),
        "created_at": now,
        "next_try_at": now,
        "tries": 0,
        "receipt": "",
        "last_error": "",
    }


def _note(conn: Connection, item: Waiting, **values: Any) -> None:
    mine = exchange_outbox.c.id == item.id
    conn.execute(update(exchange_outbox).where(mine).values(tries=item.tries + 1, **values))


def _record(
    conn: Connection, item: Waiting, action: str, detail: Mapping[str, Any], now: datetime
) -> None:
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor="quotawatt",
        action=action,
        subject=item.organisation,
        detail={"key": item.key, "tries": item.tries + 1, **detail},
    )
