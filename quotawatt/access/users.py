"""Accounts: making, blocking, passwords. Everything that changes one is in the ledger, never a password."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, insert, select, update

from quotawatt.access.grants import grants_of, require_a_chief_left
from quotawatt.access.passwords import Passwords, require_good_password
from quotawatt.access.principal import Principal
from quotawatt.access.separation import has_administrative
from quotawatt.access.sessions import end_sessions
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.access_tables import users

_NAME = re.compile(r"\w[\w.@-]{1,63}")
_SYSTEM = frozenset(
    {"alerts", "analyse", "api", "cli", "collect", "console", "demo", "quotawatt", "system", "test"}
)
"""Names by which the ledger calls parts of the system."""


@dataclass(frozen=True, slots=True)
class User:
    """An account, without its secrets.

    last_sign_in_at
        None: never.
    has_password
        False: signs in through the identity provider only.
    """

    name: str
    display_name: str
    blocked: bool
    must_change_password: bool
    has_password: bool
    created_at: datetime
    created_by: str
    last_sign_in_at: datetime | None


def canonical_name(name: str) -> str:
    """The one form in which an account's name is kept: NFKC, lower case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Users:
    """The accounts of one record store."""

    def __init__(self, engine: Engine, passwords: Passwords) -> None:
        self._engine = engine
        self._passwords = passwords
        self._ledger = Ledger(engine)

    def listed(self) -> list[User]:
        """All accounts by name."""
        with self._engine.connect() as conn:
            return [_user(row) for row in conn.execute(select(users).order_by(users.c.name))]

    def read(self, name: str) -> User:
        """One account. Raises NotFoundError where there is none of that name."""
        with self._engine.connect() as conn:
            return _user(_row(conn, name))

    def add(
        self, by: Principal, name: str, display_name: str, password: str | None, at: datetime
    ) -> User:
        """Make an account without any right.

        password
            Somebody else knows it, so it must be changed at the first sign-in; None: the account signs in
            through the identity provider only.

        Raises InputError for a name or password that breaks a rule, StateError where the name is taken.
        """
        name = canonical_name(name)
        _require_name(name)
        row = {
            "name": name,
            "display_name": _printable(display_name or name),
            "password_hash": self._hashed(password, name),
            "must_change_password": password is not None,
            "blocked": False,
            "created_at": at,
            "created_by": by.name,
        }
        with self._engine.begin() as conn:
            if conn.execute(select(users.c.id).where(users.c.name == name)).first() is not None:
                raise StateError(f"an account's name must be free, got {name}")
            conn.execute(insert(users).values(row))
            shown = {"display_name": row["display_name"], "password": password is not None}
            self._record(conn, at, by, "user_added", name, {}, after=shown)
            return _user(_row(conn, name))

    def set_blocked(self, by: Principal, name: str, blocked: bool, at: datetime) -> User:
        """Block an account, which ends its sessions and stops its tokens, or open it again.

        Raises NotFoundError, and StateError for one's own account and for the last security administrator.
        """
        with self._engine.begin() as conn:
            before = _row(conn, name)
            if before.name == by.user:
                raise StateError(f"an account must be blocked by another, got {name} by itself")
            if blocked:
                require_a_chief_left(conn, without_user=before.name)
                end_sessions(conn, before.name, at)
            if before.blocked != blocked:
                conn.execute(update(users).where(users.c.id == before.id).values(blocked=blocked))
                action = "user_blocked" if blocked else "user_unblocked"
                self._record(conn, at, by, action, before.name, {}, before.blocked, blocked)
            return _user(_row(conn, name))

    def rename(self, by: Principal, name: str, display_name: str, at: datetime) -> User:
        """Change the name that people read. Raises NotFoundError."""
        with self._engine.begin() as conn:
            before = _row(conn, name)
            shown = _printable(display_name or before.name)
            if shown != before.display_name:
                conn.execute(
                    update(users).where(users.c.id == before.id).values(display_name=shown)
                )
                self._record(
                    conn, at, by, "user_renamed", before.name, {}, before.display_name, shown
                )
            return _user(_row(conn, name))

    def set_password(self, by: Principal, name: str, password: str, at: datetime) -> None:
        """Give an account a password that its owner must change at once; its sessions end.

        Who holds one of the three administrative roles would be taken over by that: theirs is set from
        the command line only, by whoever holds the home folder.

        Raises NotFoundError, InputError for a bad password, StateError for such an account.
        """
        with self._engine.begin() as conn:
            found = _row(conn, name)
            if not by.unrestricted and has_administrative(grants_of(conn, found.name)):
                rule = "the password of an administrator or auditor must be set by the command line"
                raise StateError(f"{rule}, got {found.name}")
            self._store_password(conn, found, password, must_change=True)
            end_sessions(conn, found.name, at)
            self._record(conn, at, by, "password_set", found.name, {})

    def change_password(self, by: Principal, old: str, new: str, at: datetime) -> None:
        """Change one's own password; all other sessions of the account end.

        Raises InputError where the old one is not right or the new one breaks a rule.
        """
        with self._engine.connect() as conn:
            known = _row(conn, by.user).password_hash
        if not self._passwords.matches(known, old):
            raise InputError("the present password must be given, got another one")
        if self._passwords.matches(known, new):
            raise InputError("a new password must differ from the present one, got the same")
        with self._engine.begin() as conn:
            self._store_password(conn, _row(conn, by.user), new, must_change=False)
            end_sessions(conn, by.user, at, keep=by.session)
            self._record(conn, at, by, "password_changed", by.user, {})

    def _store_password(
        self, conn: Connection, row: Row[tuple[object, ...]], password: str, must_change: bool
    ) -> None:
        changed = {
            "password_hash": self._hashed(password, row.name),
            "must_change_password": must_change,
        }
        conn.execute(update(users).where(users.c.id == row.id).values(changed))

    def _hashed(self, password: str | None, name: str) -> str:
        if password is None:
            return ""
        require_good_password(password, name)
        return self._passwords.hashed(password)

    def _record(
        self,
        conn: Connection,
        at: datetime,
        by: Principal,
        action: str,
        name: str,
        detail: dict[str, object],
        before: object = None,
        after: object = None,
    ) -> None:
        self._ledger.append(
            conn,
            at=at,
            actor=by.name,
            action=action,
            subject=f"users/{name}",
            detail=detail,
            before=before,
            after=after,
        )


def _row(conn: Connection, name: str) -> Row[tuple[object, ...]]:
    statement = select(users).where(users.c.name == canonical_name(name))
    row = conn.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(f"an account must exist by its name, got {name!r}")
    return row


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(
        name=row.name,
        display_name=row.display_name,
        blocked=row.blocked,
        must_change_password=row.must_change_password,
        has_password=bool(row.password_hash),
        created_at=row.created_at,
        created_by=row.created_by,
        last_sign_in_at=row.last_sign_in_at,
    )


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"an account's name must be 2 to 64 letters, digits, '.', '-', '_' or '@', got {name!r}"
        )
    if name in _SYSTEM:
        raise InputError(f"an account's name must not be one of a part of the system, got {name}")


def _printable(text: str) -> str:
    text = text.strip()
    if not text.isprintable() or len(text) > 128:
        raise InputError(f"a name must be at most 128 printable characters, got {text[:128]!r}")
    return text
