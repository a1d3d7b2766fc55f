"""What the books beside the orders share: rows as values, writing them, and telling the ledger."""

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, Table, insert, select, update

from quotawatt.dispatch.records import Driver, DutyEntry, Seal, Service
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.ledger import Ledger
from quotawatt.storage.facts import lock_fact

_LOCK = "fleet_books"

Value = TypeVar("Value", Driver, DutyEntry, Seal, Service)
Numbered = TypeVar("Numbered", DutyEntry, Seal, Service)
Withdrawable = TypeVar("Withdrawable", DutyEntry, Service)


def lock_books(conn: Connection) -> None:
    """Keep others from writing these books until the transaction ends."""
    lock_fact(conn, _LOCK, 0)


def read_all(conn: Connection, chosen: Select[Any], kind: type[Value]) -> list[Value]:
    """The rows as values, in their order."""
    names = [field.name for field in fields(kind)]
    rows = conn.execute(chosen).mappings()
    return [kind(**{name: row[name] for name in names}) for row in rows]


def read_some(
    conn: Connection,
    chosen: Select[Any],
    column: Column[str],
    codes: Collection[str] | None,
    kind: type[Value],
) -> list[Value]:
    """The rows whose column has one of the codes, as values; None: all of them."""
    found = read_all(conn, chosen, kind)
    if codes is None:
        return found
    wanted = frozenset(codes)
    return [one for one in found if getattr(one, column.name) in wanted]


def read_one(conn: Connection, table: Table, number: int, kind: type[Numbered]) -> Numbered:
    """The row of this number. Raises NotFoundError where there is none."""
    for found in read_all(conn, select(table).where(table.c.id == number), kind):
        return found
    raise NotFoundError(f"an entry of {table.name} must exist by its number, got {number}")


def add_row(conn: Connection, table: Table, value: Numbered) -> int:
    """Keep a new row; returns its number."""
    row = {name: plain for name, plain in asdict(value).items() if name != "id"}
    made = conn.execute(insert(table).values(row)).inserted_primary_key
    assert made is not None
    _have_judged(conn, value)
    return int(made[0])


def put_row(conn: Connection, table: Table, value: Numbered) -> None:
    """Keep a row in the place of what its number had."""
    _have_judged(conn, value)
    conn.execute(update(table).where(table.c.id == value.id).values(asdict(value)))


def _have_judged(conn: Connection, value: Numbered) -> None:
    """See to it that the vehicle is judged anew from where a seal or a duty may change what is found."""
    if isinstance(value, Seal):
        touch_vehicles(conn, {value.vehicle: value.sealed_at})
    elif isinstance(value, DutyEntry):
        # The day before in UTC: wherever the vehicle is, its local day has not begun earlier.
        first = datetime.combine(value.first_day - timedelta(days=1), time(), tzinfo=UTC)
        touch_vehicles(conn, {value.vehicle: first})


def withdraw_row(
    conn: Connection,
    table: Table,
    before: Withdrawable,
    action: str,
    actor: str,
    now: datetime,
) -> Withdrawable:
    """Mark a row as taken back; it stays listed. Raises StateError where it was already."""
    if before.withdrawn_at is not None:
        rule = f"an entry of {table.name} must be taken back once"
        raise StateError(f"{rule}, got {before.id}, taken back at {said(before.withdrawn_at)}")
    after = replace(before, withdrawn_by=actor, withdrawn_at=now)
    put_row(conn, table, after)
    tell(conn, action, after.vehicle, after, before, actor, now)
    return after


def tell(
    conn: Connection,
    action: str,
    subject: str,
    after: Value,
    before: Value | None,
    actor: str,
    now: datetime,
) -> None:
    """Put a write down in the ledger, with what was and what is."""
    Ledger(conn.engine).append(
        conn,
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        detail={} if isinstance(after, Driver) else {"number": after.id},
        before=None if before is None else _told(before),
        after=_told(after),
    )


def require_past(name: str, instant: datetime, now: datetime) -> None:
    """Raise InputError for an instant to come."""
    if instant > now:
        raise InputError(f"{name} must not lie in the future, got {said(instant)}")


def said(instant: datetime) -> str:
    """An instant in messages."""
    return instant.astimezone(UTC).isoformat(timespec="minutes")


def _told(value: Driver | DutyEntry | Seal | Service) -> dict[str, Any]:
    return {
        name: plain.isoformat() if isinstance(plain, date) else plain
        for name, plain in asdict(value).items()
        if plain not in (None, "")
    }
