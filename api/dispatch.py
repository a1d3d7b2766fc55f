"""Orders for the routes and pages: what somebody reaches, rows of orders, and deeds within a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from api.access import Permit
from api.hand import setting_of
from api.services import Services
from quotawatt.dispatch import acts, book
from quotawatt.dispatch.acts import Told, Wish
from quotawatt.dispatch.cards import CardPlan
from quotawatt.dispatch.drivers import read_drivers
from quotawatt.dispatch.intake import Plan
from quotawatt.dispatch.order import MOVES, Action, Order
from quotawatt.dispatch.records import Driver
from quotawatt.errors import NotFoundError
from quotawatt.register.found import Found
from quotawatt.register.model import Register
from quotawatt.register.problems import CellError, Problem, Where
from quotawatt.register.reading import reader_of
from quotawatt.register.rows import Row, columns
from quotawatt.rulebook.proposal import person_of
from quotawatt.settings import Language
from quotawatt.storage.fleet_tables import dispatch_orders


def order_page(
    services: Services,
    permit: Permit,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """How many orders within reach meet the conditions, and one page of them, the latest planned first."""
    t = dispatch_orders.c
    listed = select(t.number, t.organisation, t.vehicle).where(*conditions)
    order = listed.order_by(t.planned_start.desc(), t.number.desc())
    with services.records.connect() as conn:
        seen = [n for n, whose, vehicle in conn.execute(order) if _sees(permit, whose, vehicle)]
        page = seen[offset : offset + limit]
        found = [book.read_order(conn, number) for number in page]
        drivers = drivers_by_code(conn)
    register = services.register_source()
    return {"total": len(seen), "items": [order_item(one, register, drivers) for one in found]}


def order_within(services: Services, permit: Permit, number: int) -> Order:
    """The order of this number, within reach. Raises NotFoundError where there is none."""
    with services.records.connect() as conn:
        order = book.read_order(conn, number)
    if not _sees(permit, order.organisation, order.vehicle):
        raise NotFoundError(f"an order must exist by its number, got {number}")
    return order


def request(services: Services, permit: Permit, wish: Wish) -> dict[str, Any]:
    """Ask for a vehicle, for an organisation within reach; the order as a row."""
    setting = setting_of(services, permit)
    with services.records.begin() as conn:
        order = acts.request_order(conn, wish, permit.actor, setting)
        return order_item(order, setting.register, drivers_by_code(conn))


def do(
    services: Services, permit: Permit, number: int, action: Action, told: Told
) -> dict[str, Any]:
    """Do something with an order within reach, now; the order as a row. Raises as ``acts.act`` does."""
    order_within(services, permit, number)
    setting = setting_of(services, permit)
    with services.records.begin() as conn:
        order = acts.act(conn, number, action, permit.actor, setting, told)
        return order_item(order, setting.register, drivers_by_code(conn))


def of_person(conn: Connection, actor: str) -> ColumnElement[bool]:
    """The condition that an order is somebody's own: asked for by them, or driven."""
    person, t = person_of(actor), dispatch_orders.c
    codes = [driver.code for driver in read_drivers(conn) if driver.account == person]
    asked = t.applicant.in_([person, actor])
    return or_(asked, t.applicant.startswith(f"{person}/", autoescape=True), t.driver.in_(codes))


def drivers_by_code(conn: Connection) -> dict[str, Driver]:
    """All drivers by their code."""
    return {driver.code: driver for driver in read_drivers(conn)}


def order_item(order: Order, register: Register, drivers: Mapping[str, Driver]) -> dict[str, Any]:
    """An order with the names of what it is about, and what fits its state."""
    vehicle = None if order.vehicle is None else register.vehicles.get(order.vehicle)
    driver = drivers.get(order.driver or "")
    return {
        **asdict(order),
        "actions": [action for state, action in MOVES if state is order.state],
        "plate": "" if vehicle is None else vehicle.plate,
        "driver_name": "" if driver is None else driver.name,
        "driven_km": order.driven_km,
    }


def import_item(
    plan: Plan | CardPlan, found: Found, language: Language, *, applied: bool
) -> dict[str, Any]:
    """What an import does, or would do."""
    return {
        "applied": applied,
        "added": len(plan.added),
        "corrected": len(plan.corrected),
        "unchanged": len(plan.unchanged),
        "problems": [found.plain(one, language) for one in found.in_order(plan.problems)],
        "notes": [note.text(language) for note in (*found.notes, *plan.notes)],
    }


def found_of_cells(form: str, cells: Mapping[str, Any], place: str) -> Found:
    """What was told column by column, read by the rules of a file of the form."""
    where, values, problems = Where(place), {}, []
    for column in columns(form):
        if column.name not in cells:
            continue
        raw = cells[column.name]
        try:
            values[column.name] = reader_of(form, column)(_raw(raw))
        except CellError as error:
            problems.append(Problem(where.at(column.name), error.rule, raw))
    return Found(rows={form: [Row(where, values)]}, problems=tuple(problems))


def _raw(given: Any) -> Any:
    """A whole number as a workbook has it."""
    return float(given) if isinstance(given, int) and not isinstance(given, bool) else given


def _sees(permit: Permit, organisation: str, vehicle: str | None) -> bool:
    return permit.sees(organisation) or (vehicle is not None and permit.sees(vehicle))
