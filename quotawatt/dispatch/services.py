"""Services of vehicles in the record store: maintenance, repair, insurance; every write is in the ledger."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from quotawatt.dispatch.records import Service, ServiceKind
from quotawatt.dispatch.rowbook import add_row, read_one, read_some, tell, withdraw_row
from quotawatt.storage.fleet_tables import vehicle_services


def services_between(
    conn: Connection,
    first: date,
    until: date,
    vehicles: Collection[str] | None = None,
    *,
    withdrawn: bool = False,
) -> list[Service]:
    """Services of the local days ``[first, until)``, by day; ``vehicles`` None: of all."""
    t = vehicle_services.c
    chosen = select(vehicle_services).where(t.day >= first, t.day < until)
    chosen = chosen if withdrawn else chosen.where(t.withdrawn_at.is_(None))
    found = read_some(conn, chosen.order_by(t.day, t.id), t.vehicle, vehicles, Service)
    return [replace(one, kind=ServiceKind(one.kind)) for one in found]


def add_service(conn: Connection, service: Service) -> Service:
    """Put down what was done to a vehicle or paid for it."""
    kept = replace(service, id=add_row(conn, vehicle_services, service))
    tell(
        conn,
        "service_entered",
        service.vehicle,
        kept,
        None,
        service.entered_by,
        service.entered_at,
    )
    return kept


def read_service(conn: Connection, number: int) -> Service:
    """The service of this number. Raises NotFoundError where there is none."""
    return read_one(conn, vehicle_services, number, Service)


def withdraw_service(conn: Connection, number: int, actor: str, now: datetime) -> Service:
    """Say that a service does not count; it stays listed. Raises NotFoundError and StateError."""
    before = read_service(conn, number)
    return withdraw_row(conn, vehicle_services, before, "service_withdrawn", actor, now)
