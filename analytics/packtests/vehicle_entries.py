"""Entries of tests of rules for vehicles: the keys of each kind, how they are read, and what they become."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from analytics.packtests.vehicle_rules import ORGANISATION, VEHICLE
from analytics.packtests.world import ZONE
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.dispatch.records import DutyEntry, Seal, Service, ServiceKind
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import DistanceBy, EventKind, Place, Trip, VehicleEvent
from quotawatt.rulebook import schema
from quotawatt.rulebook.schema import Problems

Read = Callable[[yaml.Node, Problems, str], Any]

FIRST = datetime(2023, 1, 1, tzinfo=ZONE).astimezone(UTC)
"""What stands in for a time that cannot be read."""
_NOBODY = "test"


def local_time(node: yaml.Node, problems: Problems, what: str) -> datetime:
    """An instant by its local time; a wrong one is noted."""
    try:
        local = datetime.fromisoformat(str(node.value))
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None:
        problems.note(node, f"{what} must be a local time YYYY-MM-DDTHH:MM", schema.shown(node))
        return FIRST
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def number(node: yaml.Node, problems: Problems, what: str) -> float:
    """Any number."""
    return schema.number(node, problems, what)


def _above_zero(node: yaml.Node, problems: Problems, what: str) -> float:
    return schema.number(node, problems, what, 1, 1e6)


def _place(node: yaml.Node, problems: Problems, what: str) -> Place:
    parts = [schema.number(n, problems, what) for n in schema.items(node, problems, what)]
    if len(parts) != 2:
        problems.note(node, f"{what} must be [latitude, longitude]", schema.shown(node))
        return Place(0.0, 0.0)
    return Place(parts[0], parts[1])


def _whole(node: yaml.Node, problems: Problems, what: str) -> int:
    return int(schema.number(node, problems, what, 0, 1000))


OF_VEHICLE: Mapping[str, Read] = {
    **dict.fromkeys(("kind", "energy", "home_area", "permitted_area", "status"), schema.text),
    **dict.fromkeys(("tank_l", "battery_kwh", "speed_limit_kmh", "service_every_km"), number),
    **dict.fromkeys(("quota_l_per_100km", "quota_kwh_per_100km"), number),
    "service_every_months": _whole,
    "acquired": schema.day,
}
OF_FENCE: Mapping[str, Read] = {
    **dict.fromkeys(("code", "use"), schema.text),
    **dict.fromkeys(("latitude_deg", "longitude_deg"), number),
    "radius_m": _above_zero,
}
_SPAN: Mapping[str, Read] = {"start": local_time, "end": local_time}
_TRIP: Mapping[str, Read] = {
    **dict.fromkeys(("start_after", "end_before"), local_time),
    **dict.fromkeys(("start_place", "end_place"), _place),
    **dict.fromkeys(("odometer_start_km", "odometer_end_km", "gnss_km", "max_speed_kmh"), number),
    **dict.fromkeys(("fuel_l", "electricity_kwh", "coverage"), number),
}


def _trip(**found: Any) -> Trip:
    return Trip(vehicle=VEHICLE, distance_by=DistanceBy.ODOMETER, **found)


def _event(kind: str, **found: Any) -> VehicleEvent:
    return VehicleEvent(vehicle=VEHICLE, kind=EventKind(kind), **found)


def _order(start: datetime, end: datetime, state: str = "approved", **found: Any) -> Order:
    return Order(
        number=1,
        state=OrderState(state),
        organisation=ORGANISATION,
        applicant=_NOBODY,
        purpose=_NOBODY,
        from_place="",
        to_places="",
        planned_start=start,
        planned_end=end,
        requested_at=FIRST,
        vehicle=VEHICLE,
        **found,
    )


def _duty(**found: Any) -> DutyEntry:
    return DutyEntry(
        id=1, vehicle=VEHICLE, reason=_NOBODY, approved_by=_NOBODY, approved_at=FIRST, **found
    )


def _seal(**found: Any) -> Seal:
    return Seal(id=1, vehicle=VEHICLE, sealed_by=_NOBODY, **found)


def _service(kind: str = ServiceKind.MAINTENANCE, **found: Any) -> Service:
    return Service(
        id=1,
        vehicle=VEHICLE,
        kind=ServiceKind(kind),
        entered_by=_NOBODY,
        entered_at=FIRST,
        **found,
    )


def _card(**found: Any) -> FuelCard:
    return FuelCard(vehicle=VEHICLE, card=_NOBODY, fuel="petrol", **found)


def _word(words: type[OrderState] | type[EventKind] | type[ServiceKind]) -> Read:
    def read(node: yaml.Node, problems: Problems, what: str) -> str:
        return schema.choice(node, problems, what, [str(word) for word in words])

    return read


LISTS: Mapping[str, tuple[Mapping[str, Read], Mapping[str, Read], Callable[..., Any]]] = {
    "trips": ({**_SPAN, "distance_km": number}, _TRIP, _trip),
    "events": (
        {**_SPAN, "kind": _word(EventKind)},
        {**dict.fromkeys(("amount", "before", "after"), number), "place": _place},
        _event,
    ),
    "orders": (_SPAN, {"state": _word(OrderState), "decided_at": local_time}, _order),
    "duty": ({"first_day": schema.day, "until": schema.day}, {}, _duty),
    "seals": (
        {"sealed_at": local_time},
        {
            "unsealed_at": local_time,
            **dict.fromkeys(("odometer_at_seal_km", "odometer_at_unseal_km"), number),
        },
        _seal,
    ),
    "services": (
        {"day": schema.day},
        {"kind": _word(ServiceKind), "odometer_km": number},
        _service,
    ),
    "cards": ({"time": local_time, "litres": number}, {"station": schema.text}, _card),
}
"""By the name of a list: what an entry must have, what it may have, and what it becomes."""
