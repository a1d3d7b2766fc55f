"""How each channel stands: since when it fails, why, and when it is tried next. Kept in the record store.

A channel that fails as a whole is left alone until its next try, by every process and across restarts, and
its messages keep their order meanwhile. One that has recovered has no row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from alerts.delivery.outbox import wait_after
from quotawatt.errors import ChannelError
from quotawatt.storage.records import upsert
from quotawatt.storage.tables import state

LONGEST_PAUSE = timedelta(minutes=5)
"""So soon after it is back a channel is noticed to be."""

_PREFIX = "channel:"


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel that fails. ``failures``: in a row. Instants are UTC."""

    channel: str
    failing_since: datetime
    failures: int
    next_try_at: datetime
    error: str


def read_standings(conn: Connection) -> dict[str, Standing]:
    """The channels that fail, by name."""
    rows = conn.execute(select(state).where(state.c.name.startswith(_PREFIX, autoescape=True)))
    found = (_standing_of(row.name.removeprefix(_PREFIX), row.value) for row in rows)
    return {standing.channel: standing for standing in found}


def read_standing(conn: Connection, channel: str) -> Standing | None:
    """How a channel fails; None where it does not."""
    query = select(state.c.value).where(state.c.name == _PREFIX + channel)
    value = conn.execute(query).scalar_one_or_none()
    return None if value is None else _standing_of(channel, value)


def note_failing(conn: Connection, channel: str, error: ChannelError, now: datetime) -> Standing:
    """The channel has failed once more: leave it alone for a growing time, or as long as it asks for."""
    before = read_standing(conn, channel)
    failures = 1 if before is None else before.failures + 1
    pause = wait_after(failures, _PREFIX + channel, LONGEST_PAUSE)
    if error.retry_after_s is not None:
        pause = max(pause, timedelta(seconds=error.retry_after_s))
    since = now if before is None else before.failing_since
    standing = Standing(channel, since, failures, now + pause, str(error))
    row = {"name": _PREFIX + channel, "value": _value_of(standing)}
    upsert(conn, state, [row], keys=["name"], update=["value"])
    return standing


def note_well(conn: Connection, channel: str) -> None:
    """The channel works again."""
    conn.execute(delete(state).where(state.c.name == _PREFIX + channel))


def _value_of(standing: Standing) -> dict[str, object]:
    return {
        "failing_since": standing.failing_since.isoformat(),
        "failures": standing.failures,
        "next_try_at": standing.next_try_at.isoformat(),
        "error": standing.error,
    }


def _standing_of(channel: str, value: Mapping[str, Any]) -> Standing:
    return Standing(
        channel=channel,
        failing_since=datetime.fromisoformat(value["failing_since"]),
        failures=value["failures"],
        next_try_at=datetime.fromisoformat(value["next_try_at"]),
        error=value["error"],
    )
