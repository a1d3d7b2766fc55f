"""The pages of dispatch, as values: orders to list, and what the reader may do with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field

from api.access import Permit
from api.console.forms import Choice
from api.console.texts import Words
from api.dispatch import drivers_by_code
from api.params import zone_of_subject
from api.routes.dispatch import list_orders
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.dispatch.order import Action, OrderState
from quotawatt.register.model import Register
from quotawatt.rulebook.proposal import person_of

PAGE_ROWS = 20
_MOST_TO_DO = 100
PERMISSION_OF: Mapping[Action, Permission] = {
    Action.APPROVE: Permission.DISPATCH_DECIDE,
    Action.REJECT: Permission.DISPATCH_DECIDE,
    Action.ASSIGN: Permission.DISPATCH_DECIDE,
    Action.LEAVE: Permission.DISPATCH_WRITE,
    Action.RETURN: Permission.DISPATCH_WRITE,
    Action.RATE: Permission.DISPATCH_WRITE,
    Action.CANCEL: Permission.DISPATCH_WRITE,
}
"""What each action takes."""

GROUPS: Mapping[OrderState, str] = {
    OrderState.REQUESTED: "amber",
    OrderState.APPROVED: "amber",
    OrderState.ASSIGNED: "fine",
    OrderState.UNDER_WAY: "fine",
    OrderState.REJECTED: "over",
}
"""How a state is marked; the others have no mark."""

_OWN = (Action.APPROVE, Action.REJECT)
_TODO = (OrderState.REQUESTED, OrderState.APPROVED)


def _chosen(value: object) -> object:
    """An empty choice of the form is none."""
    return value or None


class DispatchFilter(BaseModel):
    """Whose orders: ``mine``, ``todo`` (to be decided or assigned) or ``all``; and in which state."""

    view: str = Field(default="mine", pattern="^(mine|todo|all)$")
    state: Annotated[OrderState | None, BeforeValidator(_chosen)] = None
    page: int = Field(default=1, ge=1, le=100_000)
    done: str = Field(default="", max_length=32)

    def query(self, page: int) -> str:
        """The address's parameters of another page."""
        state = {"state": self.state.value} if self.state else {}
        return urlencode({"view": self.view, **state, "page": page})


@dataclass(frozen=True, slots=True)
class OrderPageView:
    """An order with what the reader may do: the action that comes next, and the others.

    vehicles, drivers
        Whom it can be given to; empty where the reader does not assign.
    """

    item: Mapping[str, Any]
    zone: ZoneInfo
    group: str
    leading: Action | None
    others: Sequence[Action]
    vehicles: Sequence[Choice]
    drivers: Sequence[Choice]


def orders_listed(
    services: Services, permit: Permit, chosen: DispatchFilter
) -> tuple[int, list[Mapping[str, Any]]]:
    """How many orders there are, and those of the page: to be done all at once, others page by page."""
    if chosen.view == "todo":
        found = [list_orders(services, permit, one, limit=_MOST_TO_DO) for one in _TODO]
        items = [item for page in found for item in page["items"]]
        return len(items), items
    page = list_orders(
        services,
        permit,
        chosen.state,
        mine=chosen.view == "mine",
        limit=PAGE_ROWS,
        offset=(chosen.page - 1) * PAGE_ROWS,
    )
    return page["total"], page["items"]


def actions_for(item: Mapping[str, Any], permit: Permit) -> list[Action]:
    """What the reader may do with an order now; nobody decides on an own one."""
    own = person_of(item["applicant"]) == person_of(permit.actor)
    decides = permit.may_also(Permission.DISPATCH_DECIDE, item["organisation"])
    found = []
    for action in map(Action, item["actions"]):
        may = permit.may_also(PERMISSION_OF[action], item["organisation"])
        if own and action in _OWN:
            may = False
        if action is Action.CANCEL:
            may = may and (own or decides)
        if may:
            found.append(action)
    return found


def order_view(
    services: Services, permit: Permit, item: Mapping[str, Any], words: Words
) -> OrderPageView:
    """The page of an order."""
    actions = actions_for(item, permit)
    assigns = Action.ASSIGN in actions
    # What goes on comes first; to give it to somebody else does not.
    leading = next((a for a in actions if not (a is Action.ASSIGN and len(actions) > 2)), None)
    if item["state"] is OrderState.ASSIGNED and Action.LEAVE in actions:
        leading = Action.LEAVE
    return OrderPageView(
        item=item,
        zone=_zone(services, item),
        group=GROUPS.get(item["state"], "unknown"),
        leading=leading,
        others=[action for action in actions if action is not leading],
        vehicles=vehicle_choices(permit.register, words) if assigns else [],
        drivers=driver_choices(services, permit) if assigns else [],
    )


def vehicle_choices(register: Register, words: Words) -> list[Choice]:
    """Vehicles that can be given to an order."""
    return [
        Choice(vehicle.code, f"{words.name(vehicle)} {vehicle.plate}".strip())
        for vehicle in register.vehicles.values()
        if vehicle.status == "in_use"
    ]


def driver_choices(services: Services, permit: Permit) -> list[Choice]:
    """Drivers within reach that can be given orders."""
    with services.records.connect() as conn:
        drivers = drivers_by_code(conn)
    return [
        Choice(driver.code, driver.name)
        for driver in drivers.values()
        if driver.active and permit.sees(driver.organisation)
    ]


def _zone(services: Services, item: Mapping[str, Any]) -> ZoneInfo:
    if item["vehicle"]:
        return zone_of_subject(services.register_source(), item["vehicle"], services.settings)
    return ZoneInfo(services.settings.timezone)
