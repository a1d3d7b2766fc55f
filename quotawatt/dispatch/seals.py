"""Seals of vehicles (封存) in the record store; every write is in the ledger."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from quotawatt.dispatch.records import Seal
from quotawatt.dispatch.rowbook import (
    add_row,
    lock_books,
    put_row,
    read_all,
    read_some,
    require_past,
    said,
    tell,
)
from quotawatt.errors import InputError, StateError
from quotawatt.storage.fleet_tables import vehicle_seals


def seals_between(
    conn: Connection, start: datetime, end: datetime, vehicles: Collection[str] | None = None
) -> list[Seal]:
    """Seals that held at some time of ``[start, end)``, by time; ``vehicles`` None: of all."""
    t = vehicle_seals.c
    held = (t.sealed_at < end) & (t.unsealed_at.is_(None) | (t.unsealed_at > start))
    chosen = select(vehicle_seals).where(held).order_by(t.sealed_at, t.id)
    return read_some(conn, chosen, t.vehicle, vehicles, Seal)


def seal_of(conn: Connection, vehicle: str) -> Seal | None:
    """The seal that is on a vehicle now; None: it is not sealed."""
    t = vehicle_seals.c
    chosen = select(vehicle_seals).where(t.vehicle == vehicle, t.unsealed_at.is_(None))
    return next(iter(read_all(conn, chosen, Seal)), None)


def add_seal(conn: Connection, seal: Seal, now: datetime) -> Seal:
    """Seal a vehicle. Raises StateError where it is sealed, InputError for a time to come."""
    lock_books(conn)
    require_past("sealed_at", seal.sealed_at, now)
    standing = seal_of(conn, seal.vehicle)
    if standing is not None:
        rule = "a vehicle must be unsealed before it is sealed again"
        raise StateError(f"{rule}, got {seal.vehicle}, sealed since {said(standing.sealed_at)}")
    kept = replace(seal, id=add_row(conn, vehicle_seals, seal))
    tell(conn, "vehicle_sealed", seal.vehicle, kept, None, seal.sealed_by, now)
    return kept


def unseal(
    conn: Connection,
    vehicle: str,
    at: datetime,
    odometer_km: float | None,
    actor: str,
    now: datetime,
) -> Seal:
    """Take the seal off a vehicle; ``odometer_km`` is what it shows now, which may differ from before.

    Raises StateError where it is not sealed, InputError for a time before the seal or to come.
    """
    lock_books(conn)
    require_past("unsealed_at", at, now)
    before = seal_of(conn, vehicle)
    if before is None:
        raise StateError(f"a vehicle must be sealed to be unsealed, got {vehicle}")
    if at < before.sealed_at:
        rule = f"a seal must not end before it began at {said(before.sealed_at)}"
        raise InputError(f"{rule}, got {said(at)}")
    after = replace(before, unsealed_at=at, unsealed_by=actor, odometer_at_unseal_km=odometer_km)
    put_row(conn, vehicle_seals, after)
    tell(conn, "vehicle_unsealed", vehicle, after, before, actor, now)
    return after
