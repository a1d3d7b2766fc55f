"""Charging sessions as answers show them: the vehicle's side and the charger's."""

from typing import Any

from analytics.fleet.reconciling import ChargedAt
from api.access import Permit
from api.fleet import Vehicles, shower
from api.services import Services
from quotawatt.fleet.book import events_within
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.spans import Span

Row = dict[str, Any]

_OF_CHARGER = ("charger", "charger_kwh", "loss_kwh", "loss_share_pct", "charged_at")


def charging_page(
    services: Services, permit: Permit, asked: Vehicles, span: Span, limit: int, offset: int
) -> Row:
    """Sessions that begin within the span, the latest first, and what all of them come to."""
    with services.records.connect() as conn:
        found = events_within(conn, span, asked.followed, [EventKind.CHARGING])
    found.reverse()
    show = shower(services, permit)
    items = [_item(show.event(event)) for event in found[offset : offset + limit]]
    return {"total": len(found), **_sums(found), "items": items}


def _sums(found: list[VehicleEvent]) -> Row:
    return {
        "vehicle_kwh": sum(event.amount or 0.0 for event in found),
        "charger_kwh": sum(float(event.detail.get("charger_kwh") or 0.0) for event in found),
        "elsewhere_kwh": sum(
            event.amount or 0.0
            for event in found
            if event.detail.get("charged_at") == ChargedAt.ELSEWHERE.value
        ),
    }


def _item(row: Row) -> Row:
    """An event's row as a session: what the charger saw stands beside it."""
    detail = dict(row.pop("detail"))
    row.pop("kind")
    row.pop("odometer_km")
    row.pop("place")
    seen = {name: detail.pop(name, None) for name in _OF_CHARGER}
    return {**row, "vehicle_kwh": row.pop("amount"), **seen, "detail": detail}
