"""The outbox as people look at it: what waits, what arrived, what was given up and why; and trying again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select, update

from alerts.delivery.outbox import cases_of
from alerts.delivery.undelivered import clear_given_up
from quotawatt.errors import NotFoundError, StateError
from quotawatt.ledger import Deed, Ledger
from quotawatt.storage.tables import outbox


class MessageState(StrEnum):
    """Where a message stands; ``delayed``: tried, not taken, and to be tried again."""

    WAITING = "waiting"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the outbox, without its words. Instants are UTC."""

    id: int
    key: str
    channel: str
    recipient: str
    cases: Sequence[int]
    state: MessageState
    created_at: datetime
    next_try_at: datetime
    tries: int
    delivered_at: datetime | None
    failed_at: datetime | None
    last_error: str


_OPEN = and_(outbox.c.delivered_at.is_(None), outbox.c.failed_at.is_(None))

_IN_STATE: Mapping[MessageState, ColumnElement[bool]] = {
    MessageState.WAITING: and_(_OPEN, outbox.c.tries == 0),
    MessageState.DELAYED: and_(_OPEN, outbox.c.tries > 0),
    MessageState.DELIVERED: outbox.c.delivered_at.is_not(None),
    MessageState.GIVEN_UP: outbox.c.failed_at.is_not(None),
}


def list_messages(
    conn: Connection,
    states: Sequence[MessageState] = (),
    channel: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[int, list[Message]]:
    """How many messages are in these states (none: all), and one page of them, the newest first."""
    wanted = [or_(*(_IN_STATE[state] for state in states))] if states else []
    if channel is not None:
        wanted.append(outbox.c.channel == channel)
    total = conn.execute(select(func.count()).select_from(outbox).where(*wanted)).scalar_one()
    page = select(outbox).where(*wanted).order_by(outbox.c.id.desc()).limit(limit).offset(offset)
    return total, [_message(row) for row in conn.execute(page).mappings()]


def read_message(conn: Connection, number: int) -> Message:
    """The message of this number. Raises NotFoundError where there is none."""
    row = conn.execute(select(outbox).where(outbox.c.id == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"a message must exist by its number, got {number}")
    return _message(row)


def states_by_key(conn: Connection, keys: Collection[str]) -> dict[str, tuple[MessageState, str]]:
    """Where messages stand, and their last errors, by key; of unknown keys, none."""
    columns = [
        outbox.c[name] for name in ("key", "delivered_at", "failed_at", "tries", "last_error")
    ]
    rows = conn.execute(select(*columns).where(outbox.c.key.in_(keys))).mappings()
    return {row["key"]: (_state(row), row["last_error"]) for row in rows}


def count_messages(conn: Connection) -> dict[str, dict[MessageState, int]]:
    """How many messages of each channel are not delivered, by state."""
    found: dict[str, dict[MessageState, int]] = {}
    for state in (MessageState.WAITING, MessageState.DELAYED, MessageState.GIVEN_UP):
        counted = select(outbox.c.channel, func.count()).where(_IN_STATE[state])
        for channel, count in conn.execute(counted.group_by(outbox.c.channel)):
            found.setdefault(channel, {})[state] = count
    return found


def retry_message(conn: Connection, ledger: Ledger, number: int, actor: str, now: datetime) -> None:
    """Have a message that was given up sent again, at once.

    Raises NotFoundError where there is none, StateError where it was not given up.
    """
    message = read_message(conn, number)
    if message.state is not MessageState.GIVEN_UP:
        raise StateError(f"only a message that was given up is tried again, got {message.state}")
    _retry(conn, ledger, [message], actor, now)


def retry_messages(
    conn: Connection, ledger: Ledger, channel: str, actor: str, now: datetime
) -> int:
    """Have all messages that a channel was given up on sent again, at once; returns how many."""
    given_up = and_(outbox.c.channel == channel, _IN_STATE[MessageState.GIVEN_UP])
    rows = conn.execute(select(outbox).where(given_up).order_by(outbox.c.id)).mappings()
    messages = [_message(row) for row in rows]
    _retry(conn, ledger, messages, actor, now)
    return len(messages)


def _retry(
    conn: Connection, ledger: Ledger, messages: Sequence[Message], actor: str, now: datetime
) -> None:
    values = {"failed_at": None, "next_try_at": now, "tries": 0}
    for message in messages:
        conn.execute(update(outbox).where(outbox.c.id == message.id).values(values))
    deeds = [
        Deed(now, actor, "message_retried", m.key, {"cases": list(m.cases), "channel": m.channel})
        for m in messages
    ]
    ledger.append_many(conn, deeds)
    clear_given_up(conn, [(m.channel, m.recipient) for m in messages], now)


def _message(row: RowMapping) -> Message:
    kept = {name: row[name] for name in Message.__slots__ if name not in ("cases", "state")}
    return Message(**kept, cases=cases_of(row["body"]), state=_state(row))


def _state(row: RowMapping) -> MessageState:
    if row["delivered_at"] is not None:
        return MessageState.DELIVERED
    if row["failed_at"] is not None:
        return MessageState.GIVEN_UP
    return MessageState.DELAYED if row["tries"] else MessageState.WAITING
