"""Trips of vehicles, what happened besides, and charging as both sides saw it."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.fleet import default_start, event_page, shower, trip_page, vehicles_asked
from api.fleet_charging import charging_page
from api.fleet_deviations import deviations_of_trip
from api.fleet_looks import tell_places
from api.fleet_schemas import ChargingPage, EventName, EventPage, TripDetail, TripPage
from api.fleet_tracks import require_trip
from api.params import Given, LimitParam, OffsetParam, parse_span
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.fleet.book import events_within
from quotawatt.spans import INSTANT, Span

router = APIRouter(prefix="/fleet", tags=["fleet"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
VehicleParam = Annotated[str | None, Query(max_length=64, examples=["CAR-1"])]
OrganisationParam = Annotated[
    str | None, Query(max_length=64, description="Of it and those below", examples=["ORG-2"])
]
SinceParam = Annotated[
    str | None,
    Query(alias="from", description="Instant or local day; default 30 days ago"),
]
UntilParam = Annotated[str | None, Query(description="End, not included; default now")]


@router.get("/trips", response_model=TripPage)
def list_trips(
    services: Given,
    permit: Reader,
    vehicle: VehicleParam = None,
    organisation: OrganisationParam = None,
    first: SinceParam = None,
    until: UntilParam = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Trips that start within a span, the latest first.

    Places only for who may see tracks; that they were shown is in the ledger.
    """
    asked = vehicles_asked(permit, vehicle, organisation)
    span = span_of(services, first, until)
    page = trip_page(services, permit, asked, span, limit, offset)
    subject = vehicle or organisation or "fleet"
    tell_places(services, permit, subject, page["items"], span_detail(span))
    return page


@router.get("/trips/{vehicle}/{start}", response_model=TripDetail)
def show_trip(services: Given, permit: Reader, vehicle: str, start: str) -> dict[str, Any]:
    """One trip with its events and what needs an explanation. ``start``: ISO 8601 with a time zone."""
    trip = require_trip(services, permit, vehicle, start)
    show = shower(services, permit)
    with services.records.connect() as conn:
        events = events_within(conn, Span(trip.start, trip.end + INSTANT), {vehicle})
    shown = {
        **show.trip(trip),
        "events": [show.event(event) for event in events],
        "deviations": deviations_of_trip(services, permit, trip),
    }
    rows = [shown, *shown["events"], *shown["deviations"]]
    tell_places(services, permit, vehicle, rows, span_detail(Span(trip.start, trip.end)))
    return shown


@router.get("/events", response_model=EventPage)
def list_events(
    services: Given,
    permit: Reader,
    kind: Annotated[list[EventName] | None, Query(description="May be repeated")] = None,
    vehicle: VehicleParam = None,
    organisation: OrganisationParam = None,
    first: SinceParam = None,
    until: UntilParam = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Idling, refuelling, drops of fuel and charging within a span, the latest first.

    Places only for who may see tracks; that they were shown is in the ledger.
    """
    asked = vehicles_asked(permit, vehicle, organisation)
    span = span_of(services, first, until)
    page = event_page(services, permit, asked, span, kind or (), limit, offset)
    subject = vehicle or organisation or "fleet"
    tell_places(services, permit, subject, page["items"], span_detail(span))
    return page


@router.get("/charging", response_model=ChargingPage)
def list_charging(
    services: Given,
    permit: Reader,
    vehicle: VehicleParam = None,
    organisation: OrganisationParam = None,
    first: SinceParam = None,
    until: UntilParam = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Charging sessions as the vehicles saw them beside what buildings' chargers counted."""
    asked = vehicles_asked(permit, vehicle, organisation)
    return charging_page(services, permit, asked, span_of(services, first, until), limit, offset)


def span_detail(span: Span) -> dict[str, Any]:
    """A span as the ledger tells it."""
    return {"from": span.start.isoformat(), "until": span.end.isoformat()}


def span_of(services: Services, first: str | None, until: str | None) -> Span:
    """The span asked for, by the installation's days."""
    now = services.clock()
    zone = ZoneInfo(services.settings.timezone)
    return parse_span(first or default_start(now), until, zone, now)
