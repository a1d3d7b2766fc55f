"""Signing in and out, in the ledger whichever way it ends. No entry holds a secret.

A failure is counted in ``counters`` always, and goes into the ledger within a limit. It names the account
where there is one of the name: what stands in the wrong field may be a password.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Principal
from quotawatt.access.sessions import Sessions, end_session
from quotawatt.access.users import canonical_name
from quotawatt.errors import StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.access_tables import users
from quotawatt.storage.records import bump_counters

INSTALLATION = "console"
"""How the ledger calls who signed in with the installation's token."""


class SignIns:
    """Opens sessions. ``may_record`` says whether one more failure goes into the ledger."""

    def __init__(
        self,
        engine: Engine,
        sessions: Sessions,
        passwords: Passwords,
        may_record: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._sessions = sessions
        self._passwords = passwords
        self._may_record = may_record
        self._ledger = Ledger(engine)

    def with_password(self, name: str, password: str, address: str, at: datetime) -> str | None:
        """What the browser keeps of a new session; None where name or password is not right.

        A blocked account is refused like a wrong password, and as slowly.
        """
        name = canonical_name(name)
        with self._engine.connect() as conn:
            row = conn.execute(select(users).where(users.c.name == name)).one_or_none()
        fits = self._passwords.matches("" if row is None else row.password_hash, password)
        if row is None or not fits or row.blocked:
            why = "blocked" if fits and row is not None else "password"
            self.failed("" if row is None else name, why, address, at)
            return None
        if self._passwords.outdated(row.password_hash):
            self._renew_hash(row.id, password)
        return self._open(name, "password", address, at)

    def with_identity(self, name: str, subject: str, address: str, at: datetime) -> str:
        """A session of the account that an identity provider names.

        name
            The account. It must exist: the provider gives no rights.
        subject
            The provider's own, lasting name of the person. The first one that signs in is kept: a name that
            is given to somebody else there does not open the account here.

        Raises StateError where there is no such account, it is blocked, or it is another's.
        """
        name = canonical_name(name)
        with self._engine.connect() as conn:
            row = conn.execute(select(users).where(users.c.name == name)).one_or_none()
        if row is None or row.blocked or row.oidc_subject not in ("", subject):
            self.failed("" if row is None else name, "identity", address, at)
            rule = "an identity must be that of an account that exists and is not blocked"
            raise StateError(f"{rule}, got {name!r}")
        with self._engine.begin() as conn:
            mine = users.c.id == row.id
            conn.execute(update(users).where(mine).values(oidc_subject=subject))
        return self._open(name, "identity_provider", address, at)

    def with_installation(self, address: str, at: datetime) -> str:
        """A session of whoever carries the installation's token, as long as that opens anything."""
        return self._open("", "installation", address, at)

    def out(self, by: Principal, at: datetime) -> None:
        """End the session in which somebody is."""
        with self._engine.begin() as conn:
            end_session(conn, by.session or 0, at)
            self._record(conn, at, by.name, "signed_out", by.user, {})

    def end(self, by: Principal, number: int, at: datetime, user: str | None = None) -> None:
        """End another session, of this account where given. Raises NotFoundError."""
        with self._engine.begin() as conn:
            owner = end_session(conn, number, at, user)
            self._record(conn, at, by.name, "session_ended", owner, {"session": number})

    def failed(self, name: str, why: str, address: str, at: datetime) -> None:
        """Count a failure, and put it down within the limit; ``name`` is empty for no account."""
        with self._engine.begin() as conn:
            bump_counters(conn, {"sign_in_failures": 1})
            if self._may_record():
                detail: dict[str, object] = {"address": address, "why": why}
                self._record(conn, at, INSTALLATION, "sign_in_failed", name, detail)

    def _open(self, name: str, way: str, address: str, at: datetime) -> str:
        with self._engine.begin() as conn:
            if name:
                mine = users.c.name == name
                conn.execute(update(users).where(mine).values(last_sign_in_at=at))
            secret = self._sessions.open(conn, name, address, at)
            detail: dict[str, object] = {"address": address, "way": way}
            self._record(conn, at, name or INSTALLATION, "signed_in", name, detail)
        return secret

    def _renew_hash(self, number: int, password: str) -> None:
        hashed = self._passwords.hashed(password)
        with self._engine.begin() as conn:
            conn.execute(update(users).where(users.c.id == number).values(password_hash=hashed))

    def _record(
        self,
        conn: Connection,
        at: datetime,
        actor: str,
        action: str,
        name: str,
        detail: dict[str, object],
    ) -> None:
        subject = f"users/{name}" if name else "users"
        self._ledger.append(conn, at=at, actor=actor, action=action, subject=subject, detail=detail)
