"""Trips and events as plain rows for JSON: instants in ISO 8601 UTC, null where a figure is not known."""

import math
from dataclasses import asdict
from typing import Any

from quotawatt.fleet.trips import Place, Trip, VehicleEvent

LEAST_KM = 0.1
"""A figure per 100 km of a shorter way says nothing."""


def per_100km(amount: float | None, distance_km: float | None) -> float | None:
    """What was used per 100 km; None where either is not known or the way is too short to say."""
    if amount is None or distance_km is None or not distance_km >= LEAST_KM:
        return None
    return 100 * amount / distance_km


def trip_item(trip: Trip) -> dict[str, Any]:
    """A trip with its use per 100 km."""
    known = None if math.isnan(trip.distance_km) else trip.distance_km
    return {
        **asdict(trip),
        "start": trip.start.isoformat(),
        "end": trip.end.isoformat(),
        "start_after": None if trip.start_after is None else trip.start_after.isoformat(),
        "end_before": None if trip.end_before is None else trip.end_before.isoformat(),
        "distance_km": known,
        "distance_by": trip.distance_by.value,
        "start_place": _place(trip.start_place),
        "end_place": _place(trip.end_place),
        "fuel_by": trip.fuel_by.value,
        "electricity_by": trip.electricity_by.value,
        "l_per_100km": per_100km(trip.fuel_l, known),
        "kwh_per_100km": per_100km(trip.electricity_kwh, known),
    }


def event_item(event: VehicleEvent) -> dict[str, Any]:
    """An event."""
    return {
        **asdict(event),
        "kind": event.kind.value,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "place": _place(event.place),
        "detail": dict(event.detail),
    }


def _place(place: Place | None) -> dict[str, float] | None:
    return None if place is None else asdict(place)
