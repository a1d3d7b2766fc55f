"""Tokens that programs carry: shown once, kept as SHA-256, limited, expiring, revocable.

A token is ``qw_`` and 256 random bits, so its hash needs no salt and no work factor. It can do what its
owner can at the moment of each request, of the permissions that it was given, within its subtree: a role
taken from the owner is taken from the token.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, Row, insert, select, update

from quotawatt.access.grants import grants_of
from quotawatt.access.principal import Principal, TokenScope, Tree
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.access_tables import tokens, users

PREFIX = "qw_"
LONGEST = timedelta(days=366)
PERSONAL = frozenset({Permission.ACCOUNTS_WRITE, Permission.GRANTS_WRITE})
"""What no token may do: it takes a person who has signed in."""
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. Instants are UTC; None: not revoked, never used."""

    id: int
    user: str
    name: str
    scope: TokenScope
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class Tokens:
    """The tokens of one record store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ledger = Ledger(engine)

    def make(
        self,
        by: Principal,
        user: str,
        name: str,
        scope: TokenScope,
        expires_at: datetime,
        at: datetime,
    ) -> tuple[Token, str]:
        """Make a token of an account, and give it away: this once it is seen.

        Raises InputError for a name, permission or end that breaks a rule, NotFoundError for an unknown
        account, StateError where a token of that name is in use.
        """
        _require_fit(name, scope, expires_at, at)
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._engine.begin() as conn:
            _require_account(conn, user)
            alive = [t.name for t in _listed(conn, user) if _lives(t, at)]
            if name in alive:
                raise StateError(f"a token's name must be free, got {name} of {user}")
            row = {
                "user": user,
                "name": name,
                "hash": _hash(secret),
                "permissions": sorted(scope.permissions),
                "organisation": scope.organisation,
                "tree": scope.tree,
                "created_at": at,
                "created_by": by.name,
                "expires_at": expires_at,
            }
            number = conn.execute(insert(tokens).values(row).returning(tokens.c.id)).scalar_one()
            made = _read(conn, number)
            self._ledger.append(
                conn,
                at=at,
                actor=by.name,
                action="token_made",
                subject=f"users/{user}",
                detail={"token": number, "name": name},
                after={**_shown(scope), "expires_at": expires_at.isoformat()},
            )
        return made, secret

    def revoke(self, by: Principal, number: int, at: datetime, user: str | None = None) -> Token:
        """Revoke a token, of this account where given. Raises NotFoundError where none lives."""
        with self._engine.begin() as conn:
            found = _read(conn, number)
            if found.revoked_at is not None or user not in (None, found.user):
                raise NotFoundError(f"a token must exist by its number, got {number}")
            conn.execute(update(tokens).where(tokens.c.id == number).values(revoked_at=at))
            self._ledger.append(
                conn,
                at=at,
                actor=by.name,
                action="token_revoked",
                subject=f"users/{found.user}",
                detail={"token": number, "name": found.name},
            )
            return _read(conn, number)

    def read(self, number: int) -> Token:
        """One token. Raises NotFoundError."""
        with self._engine.connect() as conn:
            return _read(conn, number)

    def listed(self, user: str | None = None) -> list[Token]:
        """All tokens, of one account where given, those that do not live any more included."""
        with self._engine.connect() as conn:
            return _listed(conn, user)

    def principal(self, secret: str, at: datetime) -> Principal | None:
        """Who carries the token, and note that it was used; None where it opens nothing."""
        if not secret.startswith(PREFIX):
            return None
        with self._engine.connect() as conn:
            row = conn.execute(select(tokens).where(tokens.c.hash == _hash(secret))).one_or_none()
            if row is None or not _lives(_token(row), at) or not _is_open(conn, row.user):
                return None
            found, held = _token(row), grants_of(conn, row.user)
        if found.last_used_at is None or at - found.last_used_at >= _USED_EVERY:
            with self._engine.begin() as conn:
                mine = tokens.c.id == found.id
                conn.execute(update(tokens).where(mine).values(last_used_at=at))
        return Principal(f"{found.user}/{found.name}", held, user=found.user, token=found.scope)


def _require_fit(name: str, scope: TokenScope, expires_at: datetime, at: datetime) -> None:
    if not 1 <= len(name) <= 64 or not name.isprintable() or "/" in name or name != name.strip():
        rule = "a token's name must be 1 to 64 printable characters without '/'"
        raise InputError(f"{rule}, got {name[:64]!r}")
    if not scope.permissions:
        raise InputError("a token must have at least one permission, got none")
    if personal := scope.permissions & PERSONAL:
        raise InputError(
            f"accounts and roles must be kept by somebody signed in, got {', '.join(sorted(personal))}"
        )
    if not at < expires_at <= at + LONGEST:
        raise InputError(
            f"a token must end within {LONGEST.days} days from now, got {expires_at.isoformat()}"
        )


def _require_account(conn: Connection, user: str) -> None:
    if not _is_open(conn, user):
        raise NotFoundError(f"an account must exist by its name, not blocked, got {user!r}")


def _is_open(conn: Connection, user: str) -> bool:
    """Whether there is such an account, not blocked."""
    ready = (users.c.name == user, users.c.blocked.is_(False))
    return conn.execute(select(users.c.id).where(*ready)).first() is not None


def _listed(conn: Connection, user: str | None) -> list[Token]:
    mine = () if user is None else (tokens.c.user == user,)
    rows = conn.execute(select(tokens).where(*mine).order_by(tokens.c.user, tokens.c.id))
    return [_token(row) for row in rows]


def _read(conn: Connection, number: int) -> Token:
    row = conn.execute(select(tokens).where(tokens.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"a token must exist by its number, got {number}")
    return _token(row)


def _token(row: Row[tuple[object, ...]]) -> Token:
    tree: Tree = "system" if row.tree == "system" else "region"
    # A permission that a later version does not know gives nothing.
    known = frozenset(Permission(p) for p in row.permissions if p in set(Permission))
    return Token(
        id=row.id,
        user=row.user,
        name=row.name,
        scope=TokenScope(known, row.organisation, tree),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )


def _lives(token: Token, at: datetime) -> bool:
    return token.revoked_at is None and at < token.expires_at


def _shown(scope: TokenScope) -> dict[str, object]:
    return {
        "permissions": sorted(scope.permissions),
        "organisation": scope.organisation,
        "tree": scope.tree,
    }


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
