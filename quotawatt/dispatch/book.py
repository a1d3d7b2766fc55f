"""Orders in the record store: kept, locked, read by time, vehicle and driver. No question of who may."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, insert, or_, select, update

from quotawatt.dispatch.order import OCCUPYING, Order, OrderState
from quotawatt.errors import NotFoundError
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.storage.facts import lock_fact
from quotawatt.storage.fleet_tables import dispatch_orders

_LOCK = "dispatch"
"""The fact that whoever writes orders holds, so that no two take one vehicle for one time."""
_FIELDS = tuple(field.name for field in fields(Order))
_AT_ONCE = 500


def lock_orders(conn: Connection) -> None:
    """Keep others from writing orders until the transaction ends."""
    lock_fact(conn, _LOCK, 0)


def read_order(conn: Connection, number: int) -> Order:
    """The order of this number. Raises NotFoundError where there is none."""
    found = _orders(conn, select(dispatch_orders).where(dispatch_orders.c.number == number))
    if not found:
        raise NotFoundError(f"an order must exist by its number, got {number}")
    return found[0]


def orders_of_source(
    conn: Connection, source: str, numbers: Collection[str]
) -> Mapping[str, Order]:
    """The orders that came from a file or another system, by their number there."""
    t, wanted = dispatch_orders.c, sorted(numbers)
    found: dict[str, Order] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        some = t.source_number.in_(wanted[at : at + _AT_ONCE])
        for order in _orders(conn, select(dispatch_orders).where(t.source == source, some)):
            found[str(order.source_number)] = order
    return found


def orders_between(
    conn: Connection,
    start: datetime,
    end: datetime,
    vehicles: Collection[str] | None = None,
    states: Collection[OrderState] | None = None,
) -> list[Order]:
    """Orders whose planned or actual use overlaps ``[start, end)``, by planned start and number.

    vehicles, states
        None: of any, those without a vehicle yet included.
    """
    t = dispatch_orders.c
    conditions: list[ColumnElement[bool]] = [during(start, end)]
    if states is not None:
        conditions.append(t.state.in_(sorted(states)))
    if vehicles is None:
        return _orders(conn, select(dispatch_orders).where(*conditions))
    wanted = sorted(vehicles)
    found = [
        order
        for at in range(0, len(wanted), _AT_ONCE)
        for order in _orders(
            conn,
            select(dispatch_orders).where(*conditions, t.vehicle.in_(wanted[at : at + _AT_ONCE])),
        )
    ]
    return sorted(found, key=lambda order: (order.planned_start, order.number))


def during(start: datetime, end: datetime) -> ColumnElement[bool]:
    """The condition that an order's planned or actual use overlaps ``[start, end)``.

    One that has left and is not back goes on.
    """
    t = dispatch_orders.c
    planned = (t.planned_start < end) & (t.planned_end > start)
    going_on = (t.returned_at > start) | (t.state == OrderState.UNDER_WAY)
    return or_(planned, (t.left_at < end) & going_on)


def occupying(
    conn: Connection, start: datetime, end: datetime, *, vehicle: str = "", driver: str = ""
) -> list[Order]:
    """Orders that keep a vehicle or a driver from other orders at some time of ``[start, end)``."""
    t = dispatch_orders.c
    whose = t.vehicle == vehicle if vehicle else t.driver == driver
    chosen = select(dispatch_orders).where(
        whose, t.state.in_(sorted(OCCUPYING)), during(start, end)
    )
    return _orders(conn, chosen)


def add_order(conn: Connection, order: Order) -> Order:
    """Keep a new order; returns it with its number."""
    return add_orders(conn, [order])[0]


def add_orders(conn: Connection, orders: Sequence[Order]) -> list[Order]:
    """Keep new orders; returns them with their numbers, in their order."""
    if not orders:
        return []
    rows = [{name: v for name, v in _row(one).items() if name != "number"} for one in orders]
    numbered = insert(dispatch_orders).returning(
        dispatch_orders.c.number, sort_by_parameter_order=True
    )
    numbers = conn.execute(numbered, rows).scalars().all()
    _have_judged(conn, *orders)
    return [replace(one, number=n) for one, n in zip(orders, numbers, strict=True)]


def put_order(conn: Connection, order: Order) -> None:
    """Keep an order in the place of what its number had."""
    one = dispatch_orders.c.number == order.number
    _have_judged(conn, read_order(conn, order.number), order)
    conn.execute(update(dispatch_orders).where(one).values(_row(order)))


def _have_judged(conn: Connection, *orders: Order) -> None:
    """See to it that the vehicles of these orders are judged anew over their times."""
    since: dict[str, datetime] = {}
    for order in orders:
        if order.vehicle is not None:
            start = min(order.planned_start, order.left_at or order.planned_start)
            since[order.vehicle] = min(start, since.get(order.vehicle, start))
    touch_vehicles(conn, since)


def order_of(row: Mapping[str, Any]) -> Order:
    """A row of the table as an order."""
    return Order(**{**{name: row[name] for name in _FIELDS}, "state": OrderState(row["state"])})


def _orders(conn: Connection, chosen: Select[Any]) -> list[Order]:
    t = dispatch_orders.c
    rows = conn.execute(chosen.order_by(t.planned_start, t.number)).mappings()
    return [order_of(dict(row)) for row in rows]


def _row(order: Order) -> dict[str, Any]:
    return {**asdict(order), "state": order.state.value}
