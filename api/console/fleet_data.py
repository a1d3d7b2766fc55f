"""What the pages of vehicles ask of the stores: the same books as the API's routes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from api.access import Permit
from api.console.fleet_deviation_view import DeviationRow, deviation_rows
from api.console.fleet_filter import FleetFilter, Month, MonthFilter, pools_of
from api.console.fleet_vehicle_view import ServiceState, TripDay, service_state, trip_days
from api.console.fleet_view import MonthRow, month_row
from api.console.forms import Choice, organisation_choices
from api.console.texts import Words
from api.fleet_accounts import accounts_of_month
from api.params import zone_of_subject
from api.services import Services
from quotawatt.dispatch.services import services_between
from quotawatt.errors import NotFoundError
from quotawatt.fleet.book import events_within, last_trips, trips_within
from quotawatt.fleet.deviation_states import STANDING
from quotawatt.fleet.deviations_kept import (
    KeptDeviation,
    deviations_in,
    deviations_within,
    standing_deviations,
)
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.register.model import Charger, Vehicle
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

    def export(self, language: str) -> str:
        """The address's parameters of the month's public uses."""
        return self._asked(
            language, **{"from": str(self.month.first), "until": str(self.month.until)}
        )

    def report(self, language: str) -> str:
        """Those of the statistics of the month's year."""
        return self._asked(language, year=str(self.month.first.year))

    def _asked(self, language: str, **more: str) -> str:
        whose = {"organisation": self.chosen.organisation} if self.chosen.organisation else {}
        return urlencode({**more, **whose, "lang": language})


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
    chargers: Mapping[str, Charger]

    def query(self, month: str) -> str:
        """The address's parameters of another month."""
        return f"month={month}"


def fleet_page(services: Services, permit: Permit, chosen: FleetFilter, words: Words) -> FleetPage:
    """The month over the vehicles that the reader may see and chose."""
    zone, now = ZoneInfo(services.settings.timezone), services.clock()
    month = chosen.chosen(now, zone)
    vehicles = chosen.vehicles(permit.register)
    with services.records.connect() as conn:
        standing = standing_deviations(conn)
    return FleetPage(
        chosen=chosen,
        month=month,
        newest=f"{local_date(now, zone):%Y-%m}",
        rows=_month_rows(services, vehicles, month),
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
        row=_month_rows(services, [vehicle], month)[0],
        month=month,
        newest=f"{today:%Y-%m}",
        zone=zone,
        today=today,
        days=trip_days(vehicle, trips, rows, zone),
        events=[event for event in events if worth_telling(event)],
        deviations=rows,
        service=service_state(vehicle, done, odometer_km),
        chargers=permit.register.chargers,
    )


MOST_ROWS = 200
"""So many deviations are listed at most: a page of more nobody reads."""


@dataclass(frozen=True, slots=True)
class DeviationsPage:
    """Deviations in a state (empty: those that somebody still has to act on); ``total``: how many there are.

    What is still to be acted on the oldest first, what is done with the newest first.
    """

    state: str
    total: int
    rows: list[DeviationRow]


def deviations_page(services: Services, permit: Permit, state: str = "") -> DeviationsPage:
    """What rules found of the vehicles within reach, by what became of it."""
    wanted = (state,) if state else STANDING
    with services.records.connect() as conn:
        kept = deviations_in(conn, wanted)
    kept.sort(key=_by_time, reverse=not set(wanted) & set(STANDING))
    rows = deviation_rows(services, permit, kept)
    return DeviationsPage(state, len(rows), rows[:MOST_ROWS])


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


def _month_rows(services: Services, vehicles: Sequence[Vehicle], month: Month) -> list[MonthRow]:
    """The accounts of a month, judged by the rules that are in force."""
    today = local_date(services.clock(), ZoneInfo(services.settings.timezone))
    rules = list(services.rulebook.as_of(today).vehicle_rules.values())
    register = services.register_source()
    accounts = accounts_of_month(services, vehicles, month.first)
    return [month_row(account, rules, register) for account in accounts]


def _followed(vehicles: Collection[Vehicle]) -> list[str]:
    return [vehicle.code for vehicle in vehicles if not vehicle.tracking_exempt]


def _by_time(kept: KeptDeviation) -> tuple[object, int]:
    return kept.deviation.start, kept.number
