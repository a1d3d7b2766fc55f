"""Grants: who has which role over which organisations. Giving and taking them is in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, delete, insert, select

from quotawatt.access.principal import Grant, Principal, Tree
from quotawatt.access.roles import Role
from quotawatt.access.separation import ADMINISTRATIVE, is_chief_security, require_separate
from quotawatt.access.sessions import end_sessions
from quotawatt.errors import NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.access_tables import grants, users


@dataclass(frozen=True, slots=True)
class StoredGrant:
    """A grant as it is kept: whose, since when, by whom."""

    id: int
    user: str
    grant: Grant
    granted_at: datetime
    granted_by: str


class Grants:
    """The grants of one record store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ledger = Ledger(engine)

    def listed(self, user: str | None = None) -> list[StoredGrant]:
        """All grants by account, of one account where given."""
        mine = () if user is None else (grants.c.user == user,)
        statement = select(grants).where(*mine).order_by(grants.c.user, grants.c.id)
        with self._engine.connect() as conn:
            return [_stored(row) for row in conn.execute(statement)]

    def read(self, number: int) -> StoredGrant:
        """One grant. Raises NotFoundError."""
        with self._engine.connect() as conn:
            return _stored(_row(conn, number))

    def add(self, by: Principal, user: str, grant: Grant, at: datetime) -> StoredGrant:
        """Give an account a role; its sessions end, so that it signs in with what it now may.

        ``user`` is the account's name in its canonical form; that the organisation exists is the caller's.

        Raises NotFoundError for an unknown account and StateError where it is one's own, where the role is
        held already, where the account's roles exclude it (三员分立), and where an administrative role
        would go to an account whose password somebody else still knows.
        """
        with self._engine.begin() as conn:
            _lock(conn)
            account = conn.execute(select(users).where(users.c.name == user)).one_or_none()
            if account is None:
                raise NotFoundError(f"an account must exist by its name, got {user!r}")
            held = grants_of(conn, user)
            self._require_may_add(by, user, grant, held, bool(account.must_change_password))
            row = {
                "user": user,
                "role": grant.role.value,
                "organisation": grant.organisation,
                "tree": grant.tree,
                "granted_at": at,
                "granted_by": by.name,
            }
            number = conn.execute(insert(grants).values(row).returning(grants.c.id)).scalar_one()
            end_sessions(conn, user, at)
            if is_chief_security(grant):
                # From now on the installation's token opens nothing over the network.
                end_sessions(conn, "", at)
            self._record(conn, at, by, "grant_added", user, before=None, after=shown(grant))
            return _stored(_row(conn, number))

    def remove(self, by: Principal, number: int, at: datetime) -> StoredGrant:
        """Take a role away; the account's sessions end.

        Raises NotFoundError, and StateError for one's own and for the last security administrator.
        """
        with self._engine.begin() as conn:
            _lock(conn)
            found = _stored(_row(conn, number))
            if found.user == by.user:
                raise StateError(f"a role must be taken away by another, got {by.user} for itself")
            if is_chief_security(found.grant):
                require_a_chief_left(conn, without_user=found.user)
            conn.execute(delete(grants).where(grants.c.id == number))
            end_sessions(conn, found.user, at)
            before = shown(found.grant)
            self._record(conn, at, by, "grant_removed", found.user, before=before, after=None)
            return found

    def _require_may_add(
        self, by: Principal, user: str, grant: Grant, held: Sequence[Grant], first_password: bool
    ) -> None:
        if user == by.user:
            raise StateError(f"a role must be given by another, got {user} for itself")
        if grant in held:
            raise StateError(f"a role must be given once, got {shown(grant)} of {user} again")
        require_separate(user, [g.role for g in held], grant.role)
        if first_password and grant.role in ADMINISTRATIVE and not by.unrestricted:
            rule = (
                "an administrative role must go to an account that has changed its first password"
            )
            raise StateError(f"{rule}, got {user}")

    def _record(
        self,
        conn: Connection,
        at: datetime,
        by: Principal,
        action: str,
        user: str,
        before: object,
        after: object,
    ) -> None:
        self._ledger.append(
            conn,
            at=at,
            actor=by.name,
            action=action,
            subject=f"users/{user}",
            detail={},
            before=before,
            after=after,
        )


def grants_of(conn: Connection, user: str) -> tuple[Grant, ...]:
    """The grants of an account."""
    rows = conn.execute(select(grants).where(grants.c.user == user).order_by(grants.c.id))
    return tuple(_stored(row).grant for row in rows)


def shown(grant: Grant) -> dict[str, str]:
    """A grant as plain JSON."""
    return {"role": grant.role.value, "organisation": grant.organisation, "tree": grant.tree}


def chiefs(conn: Connection) -> list[str]:
    """The accounts, not blocked, that are security administrators over the whole installation."""
    statement = (
        select(grants.c.user)
        .join(users, users.c.name == grants.c.user)
        .where(
            grants.c.role == Role.SECURITY_ADMIN.value,
            grants.c.organisation == "",
            users.c.blocked.is_(False),
        )
    )
    return sorted(conn.execute(statement.distinct()).scalars())


def require_a_chief_left(conn: Connection, without_user: str) -> None:
    """Raise StateError where nobody could give roles any more without this account."""
    _lock(conn)
    if chiefs(conn) == [without_user]:
        raise StateError(
            f"a security administrator over the whole must remain, got {without_user}, the last one"
        )


def _lock(conn: Connection) -> None:
    """Let one transaction at a time change who may do what: two could each remove the last but one."""
    conn.execute(select(users.c.id).order_by(users.c.id).with_for_update()).all()


def _row(conn: Connection, number: int) -> Row[tuple[object, ...]]:
    row = conn.execute(select(grants).where(grants.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"a grant must exist by its number, got {number}")
    return row


def _stored(row: Row[tuple[object, ...]]) -> StoredGrant:
    tree: Tree = "system" if row.tree == "system" else "region"
    grant = Grant(Role(row.role), row.organisation, tree)
    return StoredGrant(row.id, row.user, grant, row.granted_at, row.granted_by)
