"""One vehicle with all that is known of it: what each check is given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isnan
from zoneinfo import ZoneInfo

from analytics.fleet.checks.facts import FleetFacts, MonthSum
from quotawatt.dispatch.order import ENTITLING, Order
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import Deviation, EventKind, Place, Trip, VehicleEvent
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import DAY, Span, local_date

Detail = str | float | int | None

POSSIBLE = "possible"
"""``certainty`` of a deviation that may have been: no message tells, so nobody is accused."""


@dataclass(frozen=True)
class Subject:
    """A vehicle under one or more rules.

    zone, country
        Of its home site, by which its days and holidays go; else those of the facts and of its organisation.
    now
        UTC; what is later has not happened yet.
    """

    vehicle: Vehicle
    register: Register
    facts: FleetFacts
    now: datetime
    zone: ZoneInfo
    country: str

    @property
    def trips(self) -> Sequence[Trip]:
        """Its trips, by start."""
        return self.facts.trips.get(self.vehicle.code, ())

    @property
    def last_trip(self) -> Trip | None:
        """Its last trip, however long ago; None: none is known."""
        last = self.facts.last_trips.get(self.vehicle.code)
        return self.trips[-1] if last is None and self.trips else last

    @property
    def months(self) -> Sequence[MonthSum]:
        """Its local months, in order."""
        return self.facts.months.get(self.vehicle.code, ())

    @property
    def cards(self) -> Sequence[FuelCard]:
        """Its rows of fuel cards."""
        return self.facts.cards.get(self.vehicle.code, ())

    def events(self, kind: EventKind) -> Iterator[VehicleEvent]:
        """Its events of a kind."""
        return (e for e in self.facts.events.get(self.vehicle.code, ()) if e.kind is kind)

    def orders(self) -> Sequence[Order]:
        """Its orders in whatever state."""
        return self.facts.orders.get(self.vehicle.code, ())

    def entitling(self, tolerance: timedelta = timedelta(0)) -> list[tuple[Order, Span]]:
        """Its approved orders, each with the time in which the vehicle may drive under it.

        That is the planned time and the one told at departure and return, widened by the tolerance.
        """
        return [(one, _widened(one, tolerance)) for one in self.orders() if one.state in ENTITLING]

    def on_duty(self, day: date) -> bool:
        """Whether it stands on the approved duty list on a local day."""
        duty = self.facts.duty.get(self.vehicle.code, ())
        return any(entry.covers(self.vehicle.code, day) for entry in duty)

    def working_day(self, day: date) -> bool:
        """Whether offices at its place work on a local day."""
        return self.facts.working_day(day, self.country)

    def at(self, day: date, clock: time) -> datetime:
        """The instant (UTC) of a local time of day; the first one where a change of clocks gives two."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """The local day of an instant."""
        return local_date(instant, self.zone)

    def days(self, first: datetime, last: datetime) -> list[date]:
        """The local days from that of one instant to that of another, both included."""
        start = self.day_of(first)
        return [start + n * DAY for n in range((self.day_of(last) - start).days + 1)]

    def window(self, day: date, begin: time, end: time) -> Span:
        """From a local time of day to another; to that of the next day where it is not later."""
        return Span(self.at(day, begin), self.at(day if begin < end else day + DAY, end))

    def found(
        self,
        rule: VehicleRule,
        span: Span,
        *,
        trip: Trip | None = None,
        value: float | None = None,
        limit: float | None = None,
        unit: str = "",
        place: Place | None = None,
        more: Mapping[str, Detail] | None = None,
        **detail: Detail,
    ) -> Deviation:
        """A deviation of this vehicle; figures rounded to what can be known, detail without what is None."""
        told: dict[str, Detail] = {
            k: _short(v) for k, v in {**detail, **(more or {})}.items() if _is_known(v)
        }
        if place is not None:
            told["latitude_deg"] = round(place.latitude_deg, 6)
            told["longitude_deg"] = round(place.longitude_deg, 6)
        return Deviation(
            rule=rule.id,
            vehicle=self.vehicle.code,
            start=span.start,
            end=span.end,
            trip=None if trip is None else trip.start,
            value=None if value is None else round(value, 2),
            limit=None if limit is None else round(limit, 2),
            unit=unit,
            detail=told,
        )


def uncovered(span: Span, windows: Iterable[Span]) -> list[Span]:
    """The parts of a span that no window covers, in order."""
    left, start = [], span.start
    touching = (w for w in windows if w.start < span.end and span.start < w.end)
    for window in sorted(touching, key=lambda w: w.start):
        if window.start > start:
            left.append(Span(start, window.start))
        start = max(start, window.end)
    return left if start >= span.end else [*left, Span(start, span.end)]


def overlap(span: Span, windows: Iterable[Span]) -> list[Span]:
    """The parts of a span within windows that do not overlap each other, in order."""
    parts = []
    for window in sorted(windows, key=lambda w: w.start):
        start, end = max(span.start, window.start), min(span.end, window.end)
        if start < end:
            parts.append(Span(start, end))
    return parts


def minutes(spans: Iterable[Span]) -> float:
    """Their length together."""
    return sum((s.end - s.start).total_seconds() for s in spans) / 60


def minutes_of(length: float) -> timedelta:
    """A length of time of so many minutes."""
    return timedelta(minutes=length)


def trip_span(trip: Trip) -> Span:
    """The time in which it is known to have been under way."""
    return Span(trip.start, max(trip.start, trip.end))


def _widened(order: Order, tolerance: timedelta) -> Span:
    first = min(order.planned_start, order.start)
    last = max(order.planned_end, order.end)
    return Span(first - tolerance, last + tolerance)


def _is_known(value: Detail) -> bool:
    return value is not None and not (isinstance(value, float) and isnan(value))


def _short(value: Detail) -> Detail:
    return round(value, 3) if isinstance(value, float) else value
