"""What rules for vehicles look at, read from the stores: one vehicle at a time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select

from analytics.fleet.checks.facts import FleetFacts, MonthSum
from analytics.fleet.checks.judging import facts_from
from analytics.fleet.checks.monthsums import month_sums
from analytics.fleet.cleaning import clean
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Track, microseconds
from analytics.grid import instant_of, micros
from analytics.jobs.fleettracks import Tracks
from quotawatt.dispatch.book import orders_between
from quotawatt.dispatch.cards import fuel_cards
from quotawatt.dispatch.duty import duty_entries
from quotawatt.dispatch.seals import seals_between
from quotawatt.dispatch.services import services_between
from quotawatt.fleet.book import events_within, last_trips, trips_during, trips_within
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import DAY, Span, local_date, local_midnight
from quotawatt.storage.fleet_tables import dispatch_orders
from quotawatt.storage.port import SeriesStore

_WINDOW = timedelta(days=14)
"""Messages are loaded for so long at once: the trips of some days are asked for one after the other."""

_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)


class Facts:
    """Reads what is known of vehicles. Made for one run, with the register of that time.

    zone
        Whose days count for a vehicle without home site.
    """

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        tracks: Tracks,
        register: Register,
        zone: ZoneInfo,
        parameters: FleetParameters = FleetParameters(),
    ) -> None:
        self._series = series
        self._records = records
        self._tracks = tracks
        self._register = register
        self._zone = zone
        self._parameters = parameters
        self._kept_since: dict[str, datetime | None] = {}

    def of(
        self, vehicle: str, span: Span, rules: Iterable[VehicleRule], now: datetime, *, years: bool
    ) -> FleetFacts:
        """What these rules need of a vehicle where something changed within the span.

        years
            Whether the sums of the calendar year are read too: only rules over months and years need them.
        """
        since = facts_from(rules, span, self._zone)
        around = Span(since, max(now, since) + DAY)
        first, last = (local_date(at, self._zone) for at in (around.start, around.end))
        one = {vehicle}
        with self._records.connect() as conn:
            trips = trips_during(conn, around, one)
            months = self._months(conn, vehicle, span, now) if years else []
            return FleetFacts(
                span=span,
                vehicles=[vehicle],
                zone=self._zone,
                trips={vehicle: trips},
                last_trips={trip.vehicle: trip for trip in last_trips(conn, vehicle, now, 1)},
                events={vehicle: events_within(conn, around, one)},
                months={vehicle: months},
                orders={vehicle: orders_between(conn, around.start, around.end, one)},
                orders_since=self._orders_since(conn, vehicle),
                duty={vehicle: duty_entries(conn, first - DAY, last + DAY, one)},
                seals={vehicle: seals_between(conn, around.start, around.end, one)},
                services={vehicle: services_between(conn, _FIRST_DAY, _LAST_DAY, one)},
                cards={vehicle: fuel_cards(conn, around.start, around.end, one)},
                track=_Window(self._tracks, self._parameters, now).track,
                heard=self._heard,
            )

    def _months(self, conn: Connection, vehicle: str, span: Span, now: datetime) -> list[MonthSum]:
        """Sums of the months from the year's beginning on; early in a year from that of the last one."""
        first = date((local_date(span.start, self._zone) - 31 * DAY).year, 1, 1)
        whole = Span(local_midnight(first, self._zone), now + DAY)
        return month_sums(trips_within(conn, whole, {vehicle}), self._zone)

    def _orders_since(self, conn: Connection, vehicle: str) -> dict[str, datetime]:
        """From when on the vehicle's organisation keeps orders; empty where it does not."""
        organisation = self._register.vehicles[vehicle].organisation
        if organisation not in self._kept_since:
            # Once a run: it is the same for each of its vehicles, and looks through all orders.
            t = dispatch_orders.c
            query = select(func.min(t.planned_start)).where(t.organisation == organisation)
            self._kept_since[organisation] = conn.execute(query).scalar_one()
        since = self._kept_since[organisation]
        return {} if since is None else {vehicle: since}

    def _heard(self, vehicle: str, span: Span) -> float | None:
        """Share of the local days on which the odometer was told or a trip began; None: of no day."""
        first, last = local_date(span.start, self._zone), local_date(span.end, self._zone)
        days = max((last - first).days, 1)
        table = self._series.read_results(Grain.DAY, [vehicle], ["odometer_km"], span)
        with self._records.connect() as conn:
            trips = trips_within(conn, span, {vehicle})
        heard = {local_date(instant_of(at), self._zone) for at in micros(table["start"]).tolist()}
        heard |= {local_date(trip.start, self._zone) for trip in trips}
        return min(len(heard) / days, 1.0) if heard else None


class _Window:
    """Cleaned messages of some days of one vehicle, kept until those of other days are asked for."""

    def __init__(self, tracks: Tracks, parameters: FleetParameters, now: datetime) -> None:
        self._tracks = tracks
        self._parameters = parameters
        self._now = now
        self._held: tuple[Span, Track] | None = None

    def track(self, vehicle: str, span: Span) -> Track | None:
        """The messages of a time; None where there are none."""
        held = self._held
        if held is None or span.start < held[0].start or span.end > held[0].end:
            window = Span(span.start - DAY, max(span.end, span.start + _WINDOW))
            loaded = self._tracks.load(vehicle, window)
            held = self._held = (window, clean(loaded, self._parameters, self._now).track)
        found = held[1].between(microseconds(span.start), microseconds(span.end))
        return found if len(found) else None
