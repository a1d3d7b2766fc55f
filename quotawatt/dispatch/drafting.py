"""From the cells of a row to an order: codes, local times, and the state that follows from what is there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from quotawatt.dispatch import checks, rules
from quotawatt.dispatch.drivers import driver_said
from quotawatt.dispatch.order import MOVES, Order, OrderState
from quotawatt.dispatch.records import Driver
from quotawatt.hand.setting import Setting
from quotawatt.register.check_plates import plain_plate
from quotawatt.register.model import Register
from quotawatt.register.problems import Problem, Where
from quotawatt.register.rows import Row

OWN_NUMBER = "QW-"
"""What a number begins with that an order asked for here has in a file; none such comes in."""
_TIMES = ("planned_start", "planned_end", "left_at", "returned_at")
_REQUIRED = ("source_number", "organisation", "planned_start", "planned_end")
# The state of an order that says none: the first whose column is filled in.
_FOLLOWS = (
    ("rating", OrderState.RATED),
    ("returned_at", OrderState.RETURNED),
    ("left_at", OrderState.UNDER_WAY),
    ("vehicle", OrderState.ASSIGNED),
    ("decided_by", OrderState.APPROVED),
)


class Draft(NamedTuple):
    """An order that a row makes, and what is kept under its number; None: nothing."""

    where: Where
    order: Order
    kept: Order | None


@dataclass(frozen=True)
class Books:
    """What rows are read by.

    drivers
        By code.
    plates
        As ``plates_of`` gives them.
    kept
        The orders of the source by their number there.
    """

    setting: Setting
    source: str
    actor: str
    drivers: Mapping[str, Driver]
    plates: Mapping[str, str]
    kept: Mapping[str, Order]


def plates_of(register: Register) -> Mapping[str, str]:
    """The code of each vehicle by its plate, as plates are told apart."""
    return {plain_plate(vehicle.plate): vehicle.code for vehicle in register.vehicles.values()}


def vehicle_said(said: str, plates: Mapping[str, str]) -> str:
    """The code of the vehicle of a plate; anything else is taken for a code as it is."""
    return plates.get(plain_plate(said), said)


def drafted(row: Row, books: Books) -> Draft | list[Problem]:
    """The order of a row, or what keeps it from becoming one.

    A column that the file lacks stays as it is kept. A row of which a cell that must be there could not be
    read gives nothing: that was said already.
    """
    if any(name not in row.cells for name in _REQUIRED):
        return []
    number = str(row.cells["source_number"])
    if number.startswith(OWN_NUMBER):
        return [Problem(row.where.at("source_number"), rules.OWN, number)]
    kept = books.kept.get(number)
    cells = dict(row.cells)
    problems = [*checks.year_problems(row, _TIMES), *_references(row, cells, books)]
    if problems:
        return problems
    zone = _zone(cells, kept, books.setting)
    for name in _TIMES:
        cells[name] = _instant(cells.get(name), zone) if name in cells else None
        if name not in row.cells:
            del cells[name]
    said = cells.pop("state", "")
    if said and said not in set(OrderState):
        rule = rules.STATE.of(states=_states())
        return [Problem(row.where.at("state"), rule, said)]
    merged = _merged(cells, kept, books, number)
    order = replace(merged, state=OrderState(said) if said else _following(merged, kept))
    return _judged(Draft(row.where, order, kept), books)


def _references(row: Row, cells: dict[str, Any], books: Books) -> list[Problem]:
    """Put codes in the place of what stands for them; what stands for nothing is a problem."""
    setting, problems = books.setting, []
    organisation = str(cells["organisation"]).partition(" ")[0]
    if organisation in setting.register.organisations and setting.sees(organisation):
        cells["organisation"] = organisation
    else:
        where = row.where.at("organisation")
        problems.append(Problem(where, rules.ORGANISATION, cells["organisation"]))
    if vehicle := cells.get("vehicle"):
        cells["vehicle"] = vehicle_said(vehicle, books.plates)
    elif "vehicle" in cells:
        cells["vehicle"] = None
    if driver := cells.get("driver"):
        found = driver_said(driver, books.drivers)
        if found is None or not setting.sees(found.organisation):
            problems.append(Problem(row.where.at("driver"), rules.DRIVER, driver))
        else:
            cells["driver"] = found.code
    elif "driver" in cells:
        cells["driver"] = None
    return problems


def _zone(cells: Mapping[str, Any], kept: Order | None, setting: Setting) -> ZoneInfo:
    vehicle = cells.get("vehicle") or (None if kept is None else kept.vehicle)
    return setting.zone_of(vehicle) if vehicle else setting.zone


def _instant(told: datetime | None, zone: ZoneInfo) -> datetime | None:
    if told is None:
        return None
    return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)


def _merged(cells: dict[str, Any], kept: Order | None, books: Books, number: str) -> Order:
    now = books.setting.now
    if "decided_by" in cells:
        cells["decided_by"] = cells["decided_by"] or None
    if kept is not None:
        return replace(kept, **cells)
    words = dict.fromkeys(("applicant", "purpose", "from_place", "to_places"), "")
    new = {**words, **cells, "source": books.source, "source_number": number}
    return Order(number=0, state=OrderState.REQUESTED, requested_at=now, **new)


def _following(order: Order, kept: Order | None) -> OrderState:
    """The state that follows from what is filled in; one that ended before it began stays as it is."""
    if kept is not None and kept.state in (OrderState.REJECTED, OrderState.CANCELLED):
        return kept.state
    for column, state in _FOLLOWS:
        if getattr(order, column) not in (None, ""):
            return state
    return OrderState.REQUESTED


def _judged(draft: Draft, books: Books) -> Draft | list[Problem]:
    order, where, setting = draft.order, draft.where, books.setting
    problems = checks.order_problems(order, where, setting)
    if order.vehicle is not None:
        rule = checks.vehicle_problem(order.vehicle, order.planned_start, setting)
        if rule is not None:
            problems.append(Problem(where.at("vehicle"), rule, order.vehicle))
    if draft.kept is not None and not _follows(draft.kept.state, order.state):
        before = checks.state_words(draft.kept.state)
        rule = rules.STATE_BACK.of(before=before, number=draft.kept.number)
        problems.append(Problem(where.at("state"), rule, order.state.value))
    return problems or draft


def _follows(before: OrderState, after: OrderState) -> bool:
    """Whether an order can have come from one state to the other, by the one table."""
    reached, front = {before}, {before}
    while front:
        front = {to for (state, _), to in MOVES.items() if state in front} - reached
        reached |= front
    return after in reached


def _states() -> tuple[str, str]:
    english, chinese = zip(*(checks.state_words(state) for state in OrderState), strict=True)
    return ", ".join(english), "、".join(chinese)
