"""Drivers in the record store; every write is in the ledger."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select

from quotawatt.dispatch.records import Driver
from quotawatt.dispatch.rowbook import lock_books, read_all, tell
from quotawatt.errors import InputError, NotFoundError
from quotawatt.storage.fleet_tables import drivers
from quotawatt.storage.records import upsert


def read_drivers(conn: Connection) -> list[Driver]:
    """All drivers by code."""
    return read_all(conn, select(drivers).order_by(drivers.c.code), Driver)


def put_driver(conn: Connection, driver: Driver, actor: str, now: datetime) -> Driver:
    """Keep a driver, in the place of who had the code. Raises InputError for an account that another has."""
    lock_books(conn)
    known = {one.code: one for one in read_drivers(conn)}
    for other in known.values():
        if driver.account and other.account == driver.account and other.code != driver.code:
            rule = "an account must be that of one driver"
            raise InputError(f"{rule}, got {driver.account!r}, which is {other.code}'s")
    before = known.get(driver.code)
    if before == driver:
        return driver
    row = asdict(driver)
    upsert(conn, drivers, [row], keys=["code"], update=list(row))
    tell(conn, "driver_kept", driver.organisation, driver, before, actor, now)
    return driver


def read_driver(conn: Connection, code: str) -> Driver:
    """The driver of this code. Raises NotFoundError where there is none."""
    for driver in read_all(conn, select(drivers).where(drivers.c.code == code), Driver):
        return driver
    raise NotFoundError(f"a driver must exist by the code, got {code!r}")


def driver_said(said: str, known: Mapping[str, Driver]) -> Driver | None:
    """The driver of a code, or of a name that one driver alone has; None: there is none."""
    if said in known:
        return known[said]
    named = [driver for driver in known.values() if driver.name == said]
    return named[0] if len(named) == 1 else None
