"""An order (派车单): a use of a vehicle, and how it goes from state to state. Nothing else decides that.

::

    requested ─approve─▶ approved ─assign─▶ assigned ─leave─▶ under_way ─return─▶ returned ─rate─▶ rated
        └──reject──▶ rejected               ↺ assign

A requested, approved or assigned one may be cancelled. Instants are UTC; planned times are half-open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from quotawatt.errors import StateError


class OrderState(StrEnum):
    """Where an order is on its way."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    UNDER_WAY = "under_way"
    RETURNED = "returned"
    RATED = "rated"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What is done with an order."""

    APPROVE = "approve"
    REJECT = "reject"
    ASSIGN = "assign"
    LEAVE = "leave"
    RETURN = "return"
    RATE = "rate"
    CANCEL = "cancel"


MOVES: Mapping[tuple[OrderState, Action], OrderState] = MappingProxyType(
    {
        (OrderState.REQUESTED, Action.APPROVE): OrderState.APPROVED,
        (OrderState.REQUESTED, Action.REJECT): OrderState.REJECTED,
        (OrderState.REQUESTED, Action.CANCEL): OrderState.CANCELLED,
        (OrderState.APPROVED, Action.ASSIGN): OrderState.ASSIGNED,
        (OrderState.APPROVED, Action.CANCEL): OrderState.CANCELLED,
        (OrderState.ASSIGNED, Action.ASSIGN): OrderState.ASSIGNED,
        (OrderState.ASSIGNED, Action.LEAVE): OrderState.UNDER_WAY,
        (OrderState.ASSIGNED, Action.CANCEL): OrderState.CANCELLED,
        (OrderState.UNDER_WAY, Action.RETURN): OrderState.RETURNED,
        (OrderState.RETURNED, Action.RATE): OrderState.RATED,
    }
)
"""(state, action) → state: the one table."""

ENTITLING = frozenset(
    {
        OrderState.APPROVED,
        OrderState.ASSIGNED,
        OrderState.UNDER_WAY,
        OrderState.RETURNED,
        OrderState.RATED,
    }
)
"""States in which an order was approved and stands: its vehicle may drive."""
DRIVEN = frozenset({OrderState.UNDER_WAY, OrderState.RETURNED, OrderState.RATED})
"""States in which the vehicle has left."""
OCCUPYING = frozenset({OrderState.ASSIGNED, OrderState.UNDER_WAY})
"""States in which an order keeps its vehicle and its driver from other orders."""


@dataclass(frozen=True, slots=True)
class Order:
    """A use of a vehicle, asked for, approved, assigned, driven, returned and rated.

    number
        Given by the store; 0: not kept yet.
    organisation
        Whose use it is; the vehicle may be of a pool that belongs to another.
    applicant
        Who asked: an account, or a person's name where the order came by file.
    purpose, from_place, to_places
        In words; a place may be the code of a geofence. Several places stand in one text, a semicolon
        between.
    planned_start, planned_end
        ``[planned_start, planned_end)``.
    odometer_out_km, odometer_in_km
        As the dashboard showed them; None: not told.
    litres
        Fuel, as the driver says; None: not told.
    cost_cny
        Tolls, parking and the like, without fuel; None: not told.
    rating
        1 to 5; None: not rated.
    source, source_number
        Where it came from: empty and None of what was asked for here; else the file's or system's name, and
        the number there. The same number of one source is one order.
    """

    number: int
    state: OrderState
    organisation: str
    applicant: str
    purpose: str
    from_place: str
    to_places: str
    planned_start: datetime
    planned_end: datetime
    requested_at: datetime
    passengers: int = 1
    planned_km: float | None = None
    vehicle: str | None = None
    driver: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_note: str = ""
    assigned_by: str | None = None
    assigned_at: datetime | None = None
    left_at: datetime | None = None
    odometer_out_km: float | None = None
    returned_at: datetime | None = None
    odometer_in_km: float | None = None
    litres: float | None = None
    cost_cny: float | None = None
    rating: int | None = None
    rating_note: str = ""
    source: str = ""
    source_number: str | None = None

    @property
    def start(self) -> datetime:
        """When the use began; as planned where it is not told."""
        return self.left_at or self.planned_start

    @property
    def end(self) -> datetime:
        """When the use ended; as planned where it is not told. Not before its start."""
        return max(self.returned_at or self.planned_end, self.start)

    def end_by(self, now: datetime) -> datetime:
        """When the use ended as far as is known at ``now``: one that is not back yet goes on."""
        return max(self.end, now) if self.state is OrderState.UNDER_WAY else self.end

    @property
    def driven_km(self) -> float | None:
        """Between the two stands of the odometer; None: one is missing."""
        if self.odometer_out_km is None or self.odometer_in_km is None:
            return None
        return self.odometer_in_km - self.odometer_out_km

    @property
    def entitled(self) -> bool:
        """Whether it was approved and stands."""
        return self.state in ENTITLING


def moved(state: OrderState, action: Action) -> OrderState:
    """The state after an action. Raises StateError where it does not fit."""
    try:
        return MOVES[state, action]
    except KeyError:
        fitting = " or ".join(before for before, name in MOVES if name is action)
        rule = f"an order must be {fitting} for '{action}'"
        raise StateError(f"{rule}, got {state}") from None
