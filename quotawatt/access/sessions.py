"""Sessions of signed-in browsers: kept here, by the hash of what the browser holds.

One ends when it was idle for too long, at its absolute end, when its owner signs out or changes the
password, and when the account is blocked or its roles change.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, Row, insert, select, update

from quotawatt.errors import NotFoundError
from quotawatt.storage.access_tables import sessions

SEEN_EVERY = timedelta(minutes=1)
"""So seldom it is written down that a session was used."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session. An empty ``user`` is who signed in with the installation's token. Instants are UTC."""

    id: int
    user: str
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str


class Sessions:
    """The sessions of one record store.

    idle, longest
        How long one lives without being used, and at most.
    installation_key
        The installation's token: sessions that were opened with it end when it changes.
    """

    def __init__(
        self, engine: Engine, idle: timedelta, longest: timedelta, installation_key: str
    ) -> None:
        self._engine = engine
        self._idle = idle
        self._longest = longest
        self._key = installation_key.encode()

    def open(self, conn: Connection, user: str, address: str, at: datetime) -> str:
        """Open a session within the transaction; what the browser keeps, 256 random bits."""
        secret = secrets.token_urlsafe(32)
        row = {
            "user": user,
            "hash": self._hash(secret, user),
            "opened_at": at,
            "last_seen_at": at,
            "expires_at": at + self._longest,
            "address": address[:64],
        }
        conn.execute(insert(sessions).values(row))
        return secret

    def find(self, secret: str, at: datetime) -> Session | None:
        """The session that a browser's secret opens, and note that it was used; None where it has ended."""
        hashes = [self._hash(secret, "somebody"), self._hash(secret, "")]
        with self._engine.connect() as conn:
            found = conn.execute(select(sessions).where(sessions.c.hash.in_(hashes))).one_or_none()
        if found is None or found.ended_at is not None or at >= found.expires_at:
            return None
        if at - found.last_seen_at >= self._idle:
            return None
        if at - found.last_seen_at >= SEEN_EVERY:
            with self._engine.begin() as conn:
                mine = sessions.c.id == found.id
                conn.execute(update(sessions).where(mine).values(last_seen_at=at))
        return _session(found)

    def is_open(self, number: int, at: datetime) -> bool:
        """Whether the session of this number has not ended; asking is not using it."""
        alive = (
            sessions.c.id == number,
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > at,
            sessions.c.last_seen_at > at - self._idle,
        )
        with self._engine.connect() as conn:
            return conn.execute(select(sessions.c.id).where(*alive)).first() is not None

    def listed(self, at: datetime, user: str | None = None) -> list[Session]:
        """Those that are open, of one account where given, the newest first."""
        open_ones = (
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > at,
            sessions.c.last_seen_at > at - self._idle,
        )
        mine = () if user is None else (sessions.c.user == user,)
        statement = select(sessions).where(*open_ones, *mine).order_by(sessions.c.id.desc())
        with self._engine.connect() as conn:
            return [_session(row) for row in conn.execute(statement)]

    def _hash(self, secret: str, user: str) -> str:
        if user:
            return sha256(_bytes(secret)).hexdigest()
        return hmac.new(self._key, _bytes(secret), sha256).hexdigest()


def end_session(conn: Connection, number: int, at: datetime, user: str | None = None) -> str:
    """End one session, of this account where given; whose it was.

    Raises NotFoundError where there is none open by that number.
    """
    which = (sessions.c.id == number, sessions.c.ended_at.is_(None))
    mine = () if user is None else (sessions.c.user == user,)
    owner = conn.execute(select(sessions.c.user).where(*which, *mine)).scalar_one_or_none()
    if owner is None:
        raise NotFoundError(f"a session must be open by its number, got {number}")
    conn.execute(update(sessions).where(*which).values(ended_at=at))
    return str(owner)


def end_sessions(conn: Connection, user: str, at: datetime, keep: int | None = None) -> None:
    """End all open sessions of an account, apart from ``keep``."""
    which = [sessions.c.user == user, sessions.c.ended_at.is_(None)]
    if keep is not None:
        which.append(sessions.c.id != keep)
    conn.execute(update(sessions).where(*which).values(ended_at=at))


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        user=row.user,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
    )


def _bytes(secret: str) -> bytes:
    # A browser may send anything: what is no text is no secret of ours, and no error either.
    return secret.encode(errors="surrogatepass")
