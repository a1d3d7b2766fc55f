"""What people do with orders: asking for a vehicle, and every step after it. All of it is in the ledger.

Each deed runs within the caller's transaction and holds all orders against other writers, so that of two who
want one vehicle for one time one is refused. Who may do what over which organisation is for the caller to
ask; that nobody decides on an own order, and no driver rates the own driving, is asked here.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from quotawatt.dispatch import book, checks, rules
from quotawatt.dispatch.drivers import read_driver
from quotawatt.dispatch.duty import duty_entries
from quotawatt.dispatch.order import Action, Order, OrderState, moved
from quotawatt.dispatch.seals import seal_of
from quotawatt.dispatch.telling import tell_order
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.hand.setting import Setting
from quotawatt.register.problems import Problem, Where
from quotawatt.rulebook.proposal import person_of
from quotawatt.spans import DAY, INSTANT, local_date

WHERE = Where("order")


@dataclass(frozen=True, slots=True)
class Wish:
    """A use that somebody asks for; the fields are those of ``Order``."""

    organisation: str
    purpose: str
    to_places: str
    planned_start: datetime
    planned_end: datetime
    from_place: str = ""
    passengers: int = 1
    planned_km: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told with an action; what the action does not ask for is not looked at.

    note
        Why, of a decision or a cancellation; the words of a rating.
    vehicle, driver
        Their codes, of an assignment.
    at
        When it left or came back; None: now.
    odometer_km
        What the dashboard shows as it leaves or comes back.
    litres, cost_cny
        As ``Order`` has them, on return.
    rating
        1 to 5.
    """

    note: str = ""
    vehicle: str = ""
    driver: str = ""
    at: datetime | None = None
    odometer_km: float | None = None
    litres: float | None = None
    cost_cny: float | None = None
    rating: int | None = None


def request_order(conn: Connection, wish: Wish, actor: str, setting: Setting) -> Order:
    """Ask for a vehicle. Returns the order with its number.

    Raises NotFoundError for an organisation that is not there, RegisterError with all that is wrong.
    """
    register = setting.register
    if wish.organisation not in register.organisations or not setting.sees(wish.organisation):
        raise NotFoundError(f"an organisation must be of the register, got {wish.organisation!r}")
    state, now = OrderState.REQUESTED, setting.now
    order = Order(number=0, state=state, applicant=actor, requested_at=now, **asdict(wish))
    problems = checks.order_problems(order, WHERE, setting)
    for column in ("purpose", "to_places"):
        if not getattr(order, column).strip():
            problems.append(Problem(WHERE.at(column), rules.MISSING))
    if order.planned_end <= now:
        shown = f"{now.astimezone(checks.zone_of(order, setting)):%Y-%m-%d %H:%M}"
        problems.append(Problem(WHERE.at("planned_end"), rules.OVER.of(now=shown)))
    checks.require(problems)
    book.lock_orders(conn)
    kept = book.add_order(conn, order)
    tell_order(conn, "order_requested", kept, None, actor, now)
    return kept


def act(
    conn: Connection,
    number: int,
    action: Action,
    actor: str,
    setting: Setting,
    told: Told | None = None,
) -> Order:
    """Do something with an order, now (``setting.now``). Returns the order.

    Raises NotFoundError where there is none, StateError where it does not fit its state or who acts, and
    RegisterError with all that is wrong in what is told.
    """
    book.lock_orders(conn)
    before = book.read_order(conn, number)
    state = moved(before.state, action)
    step = _Step(conn, before, actor, setting, told or Told())
    after = replace(_STEPS[action](step), state=state)
    problems = checks.order_problems(after, WHERE, setting)
    if action is Action.ASSIGN:
        problems += checks.taken_problems(conn, after, WHERE, setting)
    checks.require(problems)
    book.put_order(conn, after)
    tell_order(conn, f"order_{_DONE[action]}", after, before, actor, setting.now, step.told.note)
    return after


@dataclass(frozen=True, slots=True)
class _Step:
    conn: Connection
    order: Order
    actor: str
    setting: Setting
    told: Told


def _decide(step: _Step) -> Order:
    if person_of(step.actor) == person_of(step.order.applicant):
        rule = "an order must be decided by somebody else than who asked for it"
        raise StateError(f"{rule}, got {step.actor}")
    return replace(step.order, **_decided(step))


def _reject(step: _Step) -> Order:
    if not step.told.note.strip():
        raise InputError(f"an order that is rejected must say why, got none on {step.order.number}")
    return _decide(step)


def _cancel(step: _Step) -> Order:
    return replace(step.order, **_decided(step))


def _decided(step: _Step) -> Mapping[str, Any]:
    return {
        "decided_by": step.actor,
        "decided_at": step.setting.now,
        "decision_note": step.told.note,
    }


def _assign(step: _Step) -> Order:
    order, told = step.order, step.told
    rule = checks.vehicle_problem(told.vehicle, order.planned_start, step.setting)
    problems = [] if rule is None else [Problem(WHERE.at("vehicle"), rule, told.vehicle)]
    driver = read_driver(step.conn, told.driver)
    if not step.setting.sees(driver.organisation):
        raise NotFoundError(f"a driver must exist by the code, got {told.driver!r}")
    if not driver.active:
        problems.append(Problem(WHERE.at("driver"), rules.DRIVER_INACTIVE, told.driver))
    checks.require(problems)
    return replace(
        order,
        vehicle=told.vehicle,
        driver=told.driver,
        assigned_by=step.actor,
        assigned_at=step.setting.now,
    )


def _leave(step: _Step) -> Order:
    order, left_at = step.order, step.told.at or step.setting.now
    assert order.vehicle is not None  # it is assigned
    _require_unsealed(step, order.vehicle, left_at)
    for column, code in (("vehicle", order.vehicle), ("driver", order.driver or "")):
        out = _out(step, column, code)
        if out is not None:
            rule = f"a {column} must be back from order {out.number} before it leaves again"
            raise StateError(f"{rule}, got {code}")
    return replace(order, left_at=left_at, odometer_out_km=step.told.odometer_km)


def _out(step: _Step, column: str, code: str) -> Order | None:
    """The order that the vehicle or driver is out for; None: there is none."""
    if not code:
        return None
    now = step.setting.now
    found = book.occupying(step.conn, now, now + INSTANT, **{column: code})
    return next((order for order in found if order.state is OrderState.UNDER_WAY), None)


def _require_unsealed(step: _Step, vehicle: str, at: datetime) -> None:
    day = local_date(at, step.setting.zone_of(vehicle))
    seal = seal_of(step.conn, vehicle)
    if seal is None or at < seal.sealed_at:
        return
    if not duty_entries(step.conn, day, day + DAY, [vehicle]):
        rule = f"a sealed vehicle must be unsealed, or on the duty list of {day}, to leave"
        raise StateError(f"{rule}, got {vehicle}")


def _return(step: _Step) -> Order:
    told = step.told
    return replace(
        step.order,
        returned_at=told.at or step.setting.now,
        odometer_in_km=told.odometer_km,
        litres=told.litres,
        cost_cny=told.cost_cny,
    )


def _rate(step: _Step) -> Order:
    order, told = step.order, step.told
    if order.driver is not None:
        account = read_driver(step.conn, order.driver).account
        if account and person_of(step.actor) == account:
            rule = "an order must be rated by somebody else than its driver"
            raise StateError(f"{rule}, got {step.actor}")
    return replace(order, rating=told.rating, rating_note=told.note)


_STEPS: Mapping[Action, Callable[[_Step], Order]] = MappingProxyType(
    {
        Action.APPROVE: _decide,
        Action.REJECT: _reject,
        Action.ASSIGN: _assign,
        Action.LEAVE: _leave,
        Action.RETURN: _return,
        Action.RATE: _rate,
        Action.CANCEL: _cancel,
    }
)
_DONE: Mapping[Action, str] = MappingProxyType(
    {
        Action.APPROVE: "approved",
        Action.REJECT: "rejected",
        Action.ASSIGN: "assigned",
        Action.LEAVE: "left",
        Action.RETURN: "returned",
        Action.RATE: "rated",
        Action.CANCEL: "cancelled",
    }
)
