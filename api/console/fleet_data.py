"""What the pages of vehicles ask of the stores: the same books as the API's routes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from analytics.fleet.accounts import Account
from api.access import Permit
from api.console.fleet_deviation_view import DeviationRow, deviation_rows
from api.console.fleet_filter import FleetFilter, Month, MonthFilter, pools_of
from api.console.fleet_vehicle_view import ServiceState, TripDay, service_state, trip_days
from api.console.fleet_view import MonthRow, month_row, month_rows
from api.console.forms import Choice, organisation_choices
from api.console.texts import Words
from api.fleet_accounts import accounts_of_month
from api.params import zone_of_subject
from api.services import Services
from quotawatt.dispatch.services import services_between
from quotawatt.errors import NotFoundError
from quotawatt.fleet.book import events_within, last_trips, trips_within
from quotawatt.fleet.deviations_book import (
    KeptDeviation,
    deviations_within,
    standing_deviations,
)
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.register.model import Vehicle
from quotawatt.spans import Span, local_date


@dataclass(frozen=True, slots=True)
class FleetPage:
    """The month of each vehicle within reach; ``newest`` is the last month that can be chosen.

    standing
        How many deviations of any month somebody still has to act on.
    """

    chosen: FleetFilter
    month: Month
    newest: str
    rows: list[MonthRow]
    standing: int
    organisations: list[Choice]
    pools: list[str]


@dataclass(frozen=True, slots=True)
class VehiclePage:
    """One vehicle's month; of one that must not be followed nothing but its row."""

    row: MonthRow
    month: Month
    newest: str
    zone: ZoneInfo
    today: date
    days: list[TripDay]
    events: list[VehicleEvent]
    deviations: list[DeviationRow]
    service: ServiceState
    account: Account

    def query(self, month: str) -> str:
        """The address's parameters of another month."""
        return f"month={month}"


def fleet_page(services: Services, permit: Permit, chosen: FleetFilter, words: Words) -> FleetPage:
    """The month over the vehicles that the reader may see and chose."""
    zone, now = ZoneInfo(services.settings.timezone), services.clock()
    month = chosen.chosen(now, zone)
    vehicles = chosen.vehicles(permit.register)
    span = month.span(zone)
    followed = _followed(vehicles)
    with services.records.connect() as conn:
        trips = trips_within(conn, span, followed)
        events = events_within(conn, span, followed, [EventKind.IDLING])
        deviations = deviations_within(conn, span, followed)
        standing = standing_deviations(conn)
    return FleetPage(
        chosen=chosen,
        month=month,
        newest=f"{local_date(now, zone):%Y-%m}",
        rows=month_rows(vehicles, trips, events, deviations),
        standing=len(deviation_rows(services, permit, standing)),
        organisations=organisation_choices(permit.register, words),
        pools=pools_of(permit.register),
    )


def vehicle_page(services: Services, permit: Permit, code: str, chosen: MonthFilter) -> VehiclePage:
    """One vehicle's month. Raises NotFoundError where the code is none of a vehicle within reach."""
    vehicle = vehicle_within(permit, code)
    zone = zone_of_subject(services.register_source(), code, services.settings)
    now = services.clock()
    month, today = chosen.chosen(now, zone), local_date(now, zone)
    span = month.span(zone)
    followed = _followed([vehicle])
    with services.records.connect() as conn:
        trips = trips_within(conn, span, followed)
        events = events_within(conn, span, followed)
        kept = deviations_within(conn, span, followed)
        done = services_between(conn, date(2000, 1, 1), date.max, followed)
        last = last_trips(conn, code, now, 1) if followed else []
    rows = deviation_rows(services, permit, kept)
    odometer_km = last[0].odometer_end_km if last else None
    return VehiclePage(
        row=month_row(vehicle, trips, events, 0),
        month=month,
        newest=f"{today:%Y-%m}",
        zone=zone,
        today=today,
        days=trip_days(vehicle, trips, rows, zone),
        events=[event for event in events if worth_telling(event)],
        deviations=rows,
        service=service_state(vehicle, done, odometer_km),
        account=accounts_of_month(services, [vehicle], local_date(span.start, zone))[0],
    )


def standing_rows(services: Services, permit: Permit) -> list[DeviationRow]:
    """What somebody still has to act on, the oldest first."""
    with services.records.connect() as conn:
        kept = standing_deviations(conn)
    return deviation_rows(services, permit, sorted(kept, key=_by_time))


def deviations_during(
    services: Services, permit: Permit, vehicle: Vehicle, span: Span
) -> list[DeviationRow]:
    """Those of a vehicle that start within a span."""
    with services.records.connect() as conn:
        kept = deviations_within(conn, span, [vehicle.code])
    return deviation_rows(services, permit, kept)


def vehicle_within(permit: Permit, code: str) -> Vehicle:
    """The vehicle of this code. Raises NotFoundError where there is none within reach."""
    vehicle = permit.register.vehicles.get(code)
    if vehicle is None:
        raise NotFoundError(f"a code must be one of the register, got {code!r}")
    return vehicle


def worth_telling(event: VehicleEvent) -> bool:
    """Whether an event is listed: idling only from five minutes on."""
    minutes = (event.end - event.start).total_seconds() / 60
    return event.kind is not EventKind.IDLING or minutes >= 5


def _followed(vehicles: Collection[Vehicle]) -> list[str]:
    return [vehicle.code for vehicle in vehicles if not vehicle.tracking_exempt]


def _by_time(kept: KeptDeviation) -> tuple[object, int]:
    return kept.deviation.start, kept.number
