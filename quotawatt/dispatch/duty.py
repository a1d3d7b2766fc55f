"""The approved duty list in the record store; every write is in the ledger."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from quotawatt.dispatch.records import DutyEntry
from quotawatt.dispatch.rowbook import add_row, read_one, read_some, tell, withdraw_row
from quotawatt.errors import InputError
from quotawatt.storage.fleet_tables import duty_vehicles


def duty_entries(
    conn: Connection,
    first: date,
    until: date,
    vehicles: Collection[str] | None = None,
    *,
    withdrawn: bool = False,
) -> list[DutyEntry]:
    """Entries of the duty list of any local day of ``[first, until)``, by day; ``vehicles`` None: of all.

    withdrawn
        Whether those taken back are among them.
    """
    t = duty_vehicles.c
    chosen = select(duty_vehicles).where(t.first_day < until, t.until > first)
    chosen = chosen if withdrawn else chosen.where(t.withdrawn_at.is_(None))
    return read_some(conn, chosen.order_by(t.first_day, t.id), t.vehicle, vehicles, DutyEntry)


def add_duty(
    conn: Connection, vehicle: str, first: date, until: date, reason: str, actor: str, now: datetime
) -> DutyEntry:
    """Let a vehicle drive on the local days ``[first, until)``. Raises InputError for an empty span."""
    if first >= until:
        raise InputError(f"a duty must end after it begins, got {first} until {until}")
    entry = DutyEntry(0, vehicle, first, until, reason, actor, now)
    kept = replace(entry, id=add_row(conn, duty_vehicles, entry))
    tell(conn, "duty_approved", vehicle, kept, None, actor, now)
    return kept


def read_duty(conn: Connection, number: int) -> DutyEntry:
    """The entry of this number. Raises NotFoundError where there is none."""
    return read_one(conn, duty_vehicles, number, DutyEntry)


def withdraw_duty(conn: Connection, number: int, actor: str, now: datetime) -> DutyEntry:
    """Take an entry of the duty list back; it stays listed. Raises NotFoundError and StateError."""
    before = read_duty(conn, number)
    return withdraw_row(conn, duty_vehicles, before, "duty_withdrawn", actor, now)
