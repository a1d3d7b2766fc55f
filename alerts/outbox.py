"""The outbox: messages wait in the record store until a channel has taken them.

A row is written in the transaction that changes the alert, so no change goes unsaid and none is said
twice by us; a crash between delivery and its note repeats a message, under the same key.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from alerts.messages import Message
from alerts.engine.repository import Alert
from quotawatt.errors import ChannelError
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import outbox

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
MAX_TRIES = 16
"""With the waits above the last try comes about a day and a half after the first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is due."""

    id: int
    key: str
    alert: int
    channel: str
    body: Mapping[str, Any]
    tries: int


def message_body(event: str, alert: Alert, message: Message) -> dict[str, Any]:
    """The message as plain JSON. Instants are ISO 8601 UTC, figures are named by measure."""
    state = alert.state
    return {
        "version": 1,
        "event": event,
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "asset": alert.asset,
        "value": state.value,
        "since": _iso(state.pending_since),
        "firing_since": _iso(state.firing_since),
        "resolved_at": _iso(state.resolved_at),
        "evidence": dict(alert.evidence),
        "zh": {"title": message.title.zh, "text": message.text.zh},
        "en": {"title": message.title.en, "text": message.text.en},
    }


def enqueue(
    conn: Connection,
    alert: Alert,
    event: str,
    body: Mapping[str, Any],
    channels: Collection[str],
    now: datetime,
) -> None:
    """Put the message down for every channel; one that is there already stays as it is.

    ``alert`` has its number.
    """
    since = _iso(alert.state.firing_since)
    rows = [
        {
            "key": f"{alert.rule}:{alert.subject}:{since}:{event}:{channel}",
            "alert": alert.id,
            "channel": channel,
            "body": body,
            "created_at": now,
            "next_try_at": now,
            "tries": 0,
            "last_error": "",
        }
        for channel in channels
    ]
    upsert(conn, outbox, rows, keys=["key"])


def due_channels(conn: Connection, now: datetime) -> Sequence[str]:
    """Channels that have messages whose time has come."""
    statement = select(outbox.c.channel).where(*_is_due(now)).distinct().order_by(outbox.c.channel)
    return list(conn.execute(statement).scalars())


def due(conn: Connection, channel: str, now: datetime, limit: int = 100) -> Sequence[Waiting]:
    """Messages of a channel whose time has come, the oldest first."""
    statement = (
        select(*(outbox.c[name] for name in Waiting.__slots__))
        .where(outbox.c.channel == channel, *_is_due(now))
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [Waiting(**row._mapping) for row in conn.execute(statement)]


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.delivered_at.is_(None),
        outbox.c.failed_at.is_(None),
        outbox.c.next_try_at <= now,
    )


def note_delivered(conn: Connection, item: Waiting, now: datetime) -> None:
    """The channel has taken it."""
    _note(conn, item, delivered_at=now, last_error="")


def note_failure(conn: Connection, item: Waiting, error: ChannelError, now: datetime) -> bool:
    """The channel has not taken it: try later, or give up. Returns whether it was given up."""
    gives_up = not error.retryable or item.tries + 1 >= MAX_TRIES
    if gives_up:
        _note(conn, item, failed_at=now, last_error=str(error))
    else:
        _note(conn, item, next_try_at=now + wait_after(item.tries + 1), last_error=str(error))
    return gives_up


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failed tries: doubling, up to ``LONGEST_RETRY``."""
    doubled: timedelta = FIRST_RETRY * 2 ** (tries - 1)
    return min(doubled, LONGEST_RETRY)


def _note(conn: Connection, item: Waiting, **values: object) -> None:
    tried = {"tries": item.tries + 1, **values}
    conn.execute(update(outbox).where(outbox.c.id == item.id).values(tried))


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
