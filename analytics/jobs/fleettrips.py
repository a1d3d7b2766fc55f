"""Trips and events of one vehicle brought up to date: loaded, computed and kept month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.fleet.parameters import FleetParameters
from analytics.fleet.streaming import restart_from
from analytics.fleet.travelling import Travelled, travelled
from analytics.jobs.charges import mark_changed
from analytics.jobs.fleettracks import Tracks
from quotawatt.dispatch.cards import fuel_cards
from quotawatt.findings import Finding
from quotawatt.fleet.book import events_within, last_trips, replace_within
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import EventKind, Trip
from quotawatt.register.model import Register
from quotawatt.spans import INSTANT, Span, local_date, month_span
from quotawatt.storage.horizon import thinned_before

LOOKED_BACK = 8
"""Trips before an instant that tell from where they must be computed anew."""

LONGEST = timedelta(days=93)
"""Without a trip's end for so long the rest is computed by itself: memory stays bounded."""

LONGEST_BETWEEN_CARDS = timedelta(days=120)
"""Fuel of a card is spread over the way since the one before, where that is not longer ago."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What was computed anew of a vehicle: the time, how many trips and events start in it, findings."""

    span: Span
    trips: int = 0
    events: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass
class _Progress:
    at: datetime
    trips: int = 0
    events: int = 0
    findings: list[Finding] = field(default_factory=list)


class TripKeeper:
    """Keeps the trips of vehicles. Made for one run, with the register of that time.

    zone
        Whose months cut a long time into pieces.
    """

    def __init__(
        self,
        records: Engine,
        tracks: Tracks,
        register: Register,
        zone: ZoneInfo,
        parameters: FleetParameters = FleetParameters(),
    ) -> None:
        self._records = records
        self._tracks = tracks
        self._register = register
        self._zone = zone
        self._parameters = parameters

    def bring_up(self, vehicle: str, since: datetime, now: datetime) -> Brought:
        """Compute what messages since an instant may have changed, up to ``now``, and keep it.

        The same messages give the same rows, however often and in whatever pieces this is done. Of what lies
        before the horizon of positions rows stay as they are. Nothing is computed where ``since`` is to come.
        """
        with self._records.connect() as conn:
            begins = self._begins(conn, vehicle, min(since, now))
        done = _Progress(begins)
        while done.at < now:
            self._piece(vehicle, done, now)
        return Brought(Span(begins, now), done.trips, done.events, tuple(done.findings))

    def _begins(self, conn: Connection, vehicle: str, since: datetime) -> datetime:
        since = _card_before(conn, vehicle, since)
        before = last_trips(conn, vehicle, since + INSTANT, LOOKED_BACK)
        begins = min(restart_from(before, since, self._parameters), since)
        horizon = thinned_before(conn)
        return begins if horizon is None else max(begins, horizon)

    def _piece(self, vehicle: str, done: _Progress, now: datetime) -> None:
        """Compute about a month more; what may still change with the next piece is left to that."""
        until = done.at
        while True:
            until = min(month_span(local_date(until, self._zone), self._zone).end, now)
            found = self._travelled(vehicle, Span(done.at, until), now)
            settled = now if until == now else self._settled(vehicle, found.trips, until)
            if settled > done.at:
                break
            if until - done.at > LONGEST:
                settled = until
                break
        self._keep(vehicle, found, Span(done.at, settled), is_last=settled == now)
        done.trips += sum(trip.start < settled for trip in found.trips)
        done.events += sum(event.start < settled for event in found.events)
        done.findings += found.findings
        done.at = settled

    def _settled(self, vehicle: str, trips: Sequence[Trip], until: datetime) -> datetime:
        """Up to when what begins will not change by messages after ``until``."""
        with self._records.connect() as conn:
            until = _card_before(conn, vehicle, until)
        before = [trip for trip in trips if trip.start <= until][-LOOKED_BACK:]
        return min(restart_from(before, until, self._parameters), until)

    def _travelled(self, vehicle: str, span: Span, now: datetime) -> Travelled:
        asset = self._register.as_of(local_date(span.start, self._zone)).vehicles.get(vehicle)
        if asset is None:
            asset = self._register.vehicles[vehicle]
        with self._records.connect() as conn:
            cards = fuel_cards(conn, span.start, span.end, {vehicle})
        return travelled(self._tracks.load(vehicle, span), asset, self._parameters, now, cards)

    def _keep(self, vehicle: str, found: Travelled, span: Span, *, is_last: bool) -> None:
        """Exchange the rows that start in the span; with the last piece all later ones go too.

        What starts at the very first message is older: it was computed from messages before that one.
        """
        span = Span(span.start + INSTANT, span.end + INSTANT)
        trips = [trip for trip in found.trips if span.start <= trip.start < span.end]
        events = [event for event in found.events if span.start <= event.start < span.end]
        with self._records.begin() as conn:
            running = last_trips(conn, vehicle, span.start, 1)
            if running and running[0].end > span.start:
                # Kept from before the horizon: what was computed of its rest is no trip of its own.
                trips = [trip for trip in trips if trip.start > running[0].end]
            replaced = Span(span.start, datetime.max.replace(tzinfo=span.end.tzinfo))
            replaced = replaced if is_last else span
            before = events_within(conn, replaced, {vehicle}, [EventKind.CHARGING])
            replace_within(conn, vehicle, replaced, trips, events)
            mark_changed(conn, before, events)


def _card_before(conn: Connection, vehicle: str, instant: datetime) -> datetime:
    """The time of the last card row before an instant; the instant itself where there is none."""
    rows: list[FuelCard] = fuel_cards(conn, instant - LONGEST_BETWEEN_CARDS, instant, {vehicle})
    return max((row.time for row in rows), default=instant)
