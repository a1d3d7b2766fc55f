"""Orders beside the trips driven for them: what is missing, what differs, trips that no order is for."""

from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from analytics.fleet.matching import OrderMatch, match_orders
from analytics.fleet.orderfacts import MatchParameters, trips_km
from analytics.fleet.ordernames import named_places
from api.access import Permit, needs
from api.dispatch import drivers_by_code, order_item
from api.dispatch_schemas import OrderMatches
from api.params import FromParam, Given, UntilParam, parse_span, require_max_span
from quotawatt.access.roles import Permission
from quotawatt.dispatch.book import orders_between
from quotawatt.dispatch.records import Driver
from quotawatt.fleet.book import trips_during
from quotawatt.fleet.trips import Trip
from quotawatt.register.model import Register
from quotawatt.spans import Span

router = APIRouter(prefix="/dispatch", tags=["dispatch"])

MAX_DAYS = 93

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/matches", response_model=OrderMatches)
def match(
    services: Given,
    permit: Reader,
    first: FromParam,
    until: UntilParam = None,
    vehicle: Annotated[str | None, Query(max_length=64, description="Default: all")] = None,
) -> dict[str, Any]:
    """Orders of at most 93 days with their trips; each trip belongs to one order at most.

    Only vehicles within reach: whoever reaches an order by its organisation alone does not see the trips.
    """
    now, zone = services.clock(), ZoneInfo(services.settings.timezone)
    span = parse_span(first, until, zone, now)
    require_max_span(span, MAX_DAYS)
    register = services.register_source()
    if vehicle is not None:
        permit.require(vehicle)
    codes = [c for c in register.vehicles if permit.sees(c) and vehicle in (None, c)]
    parameters = MatchParameters()
    wide = Span(span.start - parameters.tolerance, span.end + parameters.tolerance)
    with services.records.connect() as conn:
        trips = trips_during(conn, wide, codes)
        orders = orders_between(conn, wide.start, wide.end, codes)
        drivers = drivers_by_code(conn)
    places = named_places(permit.register.geofences.values())
    found = match_orders(orders, trips, now, parameters, places)
    within = [m for m in found.order_matches if _touches(m, span)]
    return {
        "items": [_match_item(one, register, drivers) for one in within],
        "trips_without_order": [
            _trip_item(t) for t in found.trips_without_order if span.contains(t.start)
        ],
    }


def _touches(match: OrderMatch, span: Span) -> bool:
    return match.order.start < span.end and match.order.end >= span.start


def _match_item(
    match: OrderMatch, register: Register, drivers: dict[str, Driver]
) -> dict[str, Any]:
    return {
        "order": order_item(match.order, register, drivers),
        "trips": [_trip_item(trip) for trip in match.trips],
        "trips_km": trips_km(match.trips),
        "facts": asdict(match.facts),
        "over": match.over,
        "missing": list(match.missing),
        "differences": [asdict(one) for one in match.differences],
    }


def _trip_item(trip: Trip) -> dict[str, Any]:
    return {
        "vehicle": trip.vehicle,
        "start": trip.start,
        "end": trip.end,
        "distance_km": trips_km([trip]),
    }
