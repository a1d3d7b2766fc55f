"""Since when the rules listen: before that nobody could have missed a reading."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from quotawatt.storage.facts import lock_fact
from quotawatt.storage.tables import alerts

_FACT = "alerts_listen_since"
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def listening_since(conn: Connection, now: datetime) -> datetime:
    """The instant (UTC) of the first evaluation over this store, which is noted; ``now`` the first time.

    A store that has alerts already was listened to before this was noted: it says 1970.
    """
    first = select(alerts.c.id).limit(1)
    since = now if conn.execute(first).first() is None else _ALWAYS
    noted = datetime.fromisoformat(lock_fact(conn, _FACT, since.isoformat()))
    return min(noted, now)
