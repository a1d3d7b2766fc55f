"""The page of a trip, as values: its drawing, its order and what differs, the six public fields."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.fleet.matching import OrderMatch, match_orders
from analytics.fleet.orderchecks import Difference
from analytics.fleet.orderfacts import MatchParameters
from analytics.fleet.ordernames import named_places
from api.access import Permit
from api.console.fleet_data import vehicle_within, worth_telling
from api.console.fleet_deviation_view import DeviationRow, deviation_rows
from api.console.fleet_vehicle_view import deviations_of
from api.console.fleet_view import unit_of, used
from api.console.trip_map import trip_map
from api.console.trip_map_values import Area, TrackPoint, TripMap
from api.params import zone_of_subject
from api.services import Services
from quotawatt.dispatch.book import orders_between
from quotawatt.fleet.book import events_within, trips_during
from quotawatt.fleet.deviations_kept import deviations_within
from quotawatt.fleet.trips import EventKind, Trip, VehicleEvent
from quotawatt.geography.outlines import parse_outline
from quotawatt.register.model import Register, Vehicle
from quotawatt.spans import DAY, INSTANT, Span


@dataclass(frozen=True, slots=True)
class TripPage:
    """One trip.

    sees_track
        Whether the reader may see where it was; ``drawing`` None: the track is not kept any more.
    match
        The order behind it; None: there is none.
    """

    trip: Trip
    vehicle: Vehicle
    zone: ZoneInfo
    unit: str
    km: float | None
    used: float | None
    minutes: int
    sees_track: bool
    drawing: TripMap | None
    events: Sequence[VehicleEvent]
    match: OrderMatch | None
    deviations: Sequence[DeviationRow]


def trip_page(
    services: Services, permit: Permit, trip: Trip, track: Mapping[str, Any] | None
) -> TripPage:
    """The page of a trip; ``track`` as the API gives it, None where the reader may not see it."""
    vehicle = vehicle_within(permit, trip.vehicle)
    span = Span(trip.start, trip.end + INSTANT)
    around = Span(trip.start - DAY, trip.end + DAY)
    with services.records.connect() as conn:
        events = events_within(conn, span, [vehicle.code])
        kept = deviations_within(conn, around, [vehicle.code])
    idlings = [Span(one.start, one.end) for one in events if one.kind is EventKind.IDLING]
    drawing = None
    if track is not None:
        drawing = trip_map(track_points(track), areas_of(permit.register), idlings)
    return TripPage(
        trip=trip,
        vehicle=vehicle,
        zone=zone_of_subject(services.register_source(), vehicle.code, services.settings),
        unit=unit_of(vehicle),
        km=None if math.isnan(trip.distance_km) else trip.distance_km,
        used=used(vehicle, trip),
        minutes=round((trip.end - trip.start).total_seconds() / 60),
        sees_track=track is not None,
        drawing=drawing,
        events=[event for event in events if worth_telling(event)],
        match=order_of(services, permit, trip),
        deviations=deviations_of(trip, deviation_rows(services, permit, kept)),
    )


def order_of(services: Services, permit: Permit, trip: Trip) -> OrderMatch | None:
    """The order that a trip was driven for, matched with its neighbours as the API does it."""
    parameters = MatchParameters()
    span = Span(trip.start - DAY, trip.end + DAY)
    wide = Span(span.start - parameters.tolerance, span.end + parameters.tolerance)
    with services.records.connect() as conn:
        trips = trips_during(conn, wide, [trip.vehicle])
        orders = orders_between(conn, wide.start, wide.end, [trip.vehicle])
    places = named_places(permit.register.geofences.values())
    found = match_orders(orders, trips, services.clock(), parameters, places)
    return next((match for match in found.order_matches if trip in match.trips), None)


def track_points(track: Mapping[str, Any]) -> list[TrackPoint]:
    """The messages of a track as the API gives it: a FeatureCollection with one line."""
    lines = [one for one in track["features"] if one["properties"]["what"] == "track"]
    return [
        TrackPoint(datetime.fromisoformat(time), latitude, longitude, speed)
        for line in lines
        for (longitude, latitude), time, speed in zip(
            line["geometry"]["coordinates"],
            line["properties"]["times"],
            line["properties"]["speeds_kmh"],
            strict=True,
        )
    ]


def areas_of(register: Register) -> list[Area]:
    """The geofences in use that may be drawn."""
    return [
        Area(
            code=fence.code,
            name_zh=fence.name_zh,
            name_en=fence.name_en,
            use=fence.use,
            outline=parse_outline(fence.outline),
            radius_m=fence.radius_m,
        )
        for fence in register.geofences.values()
        if fence.status == "in_use"
    ]


def difference_words(one: Difference, zone: ZoneInfo) -> tuple[str, str]:
    """What the order says, and what was found instead."""
    return _said(one.told, zone), _said(one.found, zone)


def _said(value: float | datetime | str | None, zone: ZoneInfo) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%m-%d %H:%M}"
    return value if isinstance(value, str) else f"{value:,.1f} km"
