"""A small fleet for the tests of dispatch, and what people do with its orders."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from quotawatt.dispatch.acts import Told, Wish, act, request_order
from quotawatt.dispatch.drivers import put_driver
from quotawatt.dispatch.order import Action, Order
from quotawatt.dispatch.records import Driver
from quotawatt.hand.setting import Setting
from quotawatt.register.found import Found
from quotawatt.register.model import Organisation, Register, Vehicle
from quotawatt.register.problems import Where
from quotawatt.register.rows import Row

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 5, 16, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _vehicle(code: str, plate: str, **more: Any) -> Vehicle:
    return Vehicle(code, code, code, "ORG-1", plate, "car", more.pop("energy", "petrol"), **more)


REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "甲机关", "First", "party_government", "city"),
        Organisation("ORG-2", "乙机关", "Second", "party_government", "city", "ORG-1"),
    ],
    vehicles=[
        _vehicle("CAR-1", "鲁A00001"),
        _vehicle("CAR-2", "鲁A00002"),
        _vehicle("CAR-E", "鲁AD0003", energy="electric"),
        _vehicle("CAR-X", "鲁A00004", tracking_exempt=True),
        _vehicle("CAR-0", "鲁A00005", status="disposed"),
    ],
)
SETTING = Setting(REGISTER, ZONE, NOW)
DRIVERS = (
    Driver("DRV-1", "赵一", "ORG-1", account="zhao"),
    Driver("DRV-2", "钱二", "ORG-1"),
    Driver("DRV-3", "孙三", "ORG-1", active=False),
)
WISH = Wish("ORG-1", "送文件", "市档案馆", NOW + HOUR, NOW + 3 * HOUR)


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A connection whose writes are taken back at the end, with the drivers."""
    with engine.connect() as conn, conn.begin() as all_of_it:
        for driver in DRIVERS:
            put_driver(conn, driver, "test", NOW)
        yield conn
        all_of_it.rollback()


def at(hours: float) -> Setting:
    """The setting so many hours after ``NOW``."""
    return replace(SETTING, now=NOW + hours * HOUR)


def asked(conn: Connection, actor: str = "li", **changes: Any) -> Order:
    """An order that somebody asked for."""
    return request_order(conn, replace(WISH, **changes), actor, SETTING)


def assigned(
    conn: Connection, vehicle: str = "CAR-1", driver: str = "DRV-1", **changes: Any
) -> Order:
    """An order with a vehicle and a driver."""
    number = asked(conn, **changes).number
    act(conn, number, Action.APPROVE, "wang", SETTING)
    told = Told(vehicle=vehicle, driver=driver)
    return act(conn, number, Action.ASSIGN, "wang", SETTING, told)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time as a file gives it: local, without a zone."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def found_of(form: str, *rows: Mapping[str, Any]) -> Found:
    """Rows as a file gives them, from row 2 on."""
    return Found(
        rows={form: [Row(Where("派车单", n), cells) for n, cells in enumerate(rows, start=2)]},
        sheets={form: "派车单"},
    )
