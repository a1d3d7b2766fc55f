"""A vehicle's month, as values: its trips day by day with what was found on them, and its maintenance."""

import math
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from api.console.fleet_deviation_view import DeviationRow, trip_href
from api.console.fleet_view import used
from quotawatt.calendars import is_working_day
from quotawatt.dispatch.records import Service, ServiceKind
from quotawatt.fleet.deviation_states import STANDING
from quotawatt.fleet.trips import Trip
from quotawatt.register.model import Vehicle
from quotawatt.spans import local_date


@dataclass(frozen=True, slots=True)
class TripLine:
    """A trip of the list; ``left`` and ``arrived`` are local times, with the day where that is another.

    km, used
        None: not known; ``used`` in the vehicle's unit.
    """

    trip: Trip
    href: str
    left: str
    arrived: str
    minutes: int
    km: float | None
    used: float | None
    deviations: Sequence[DeviationRow]


@dataclass(frozen=True, slots=True)
class TripDay:
    """The trips that began on a local day; ``working``: whether offices work on it."""

    day: date
    working: bool
    km: float
    lines: Sequence[TripLine]

    @property
    def flagged(self) -> int:
        """How much was found on its trips that somebody still has to act on."""
        return sum(row.kept.state in STANDING for line in self.lines for row in line.deviations)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """Maintenance: when and at what kilometres it was last, and when it is due; None: not known."""

    last_day: date | None = None
    last_km: float | None = None
    left_km: float | None = None
    due: date | None = None


def trip_days(
    vehicle: Vehicle, trips: Iterable[Trip], deviations: Sequence[DeviationRow], zone: ZoneInfo
) -> list[TripDay]:
    """The trips by local day of departure, the newest day first."""
    lines = [_line(vehicle, trip, deviations, zone) for trip in trips]
    days = [
        TripDay(
            day,
            is_working_day(day),
            math.fsum(line.km for line in own if line.km is not None),
            own,
        )
        for day, group in groupby(lines, lambda line: local_date(line.trip.start, zone))
        for own in [list(group)]
    ]
    return days[::-1]


def service_state(
    vehicle: Vehicle, services: Iterable[Service], odometer_km: float | None
) -> ServiceState:
    """How maintenance stands at an odometer's last stand."""
    done = [
        one for one in services if one.kind is ServiceKind.MAINTENANCE and one.withdrawn_at is None
    ]
    if not done:
        return ServiceState()
    last = max(done, key=lambda one: one.day)
    left = None
    if vehicle.service_every_km and last.odometer_km is not None and odometer_km is not None:
        left = last.odometer_km + vehicle.service_every_km - odometer_km
    months = vehicle.service_every_months
    due = _months_later(last.day, months) if months else None
    return ServiceState(last.day, last.odometer_km, left, due)


def deviations_of(trip: Trip, deviations: Iterable[DeviationRow]) -> list[DeviationRow]:
    """Those that were found on a trip: they name it, or they fall into its time."""
    return [
        row
        for row in deviations
        if row.kept.deviation.trip == trip.start
        or (
            row.kept.deviation.trip is None
            and not row.long
            and row.kept.deviation.start <= trip.end
            and row.kept.deviation.end > trip.start
        )
    ]


def clock_text(instant: datetime, day: date, zone: ZoneInfo) -> str:
    """The local time; with month and day where those are not ``day``."""
    local = instant.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == day else f"{local:%m-%d %H:%M}"


def _line(
    vehicle: Vehicle, trip: Trip, deviations: Sequence[DeviationRow], zone: ZoneInfo
) -> TripLine:
    day = local_date(trip.start, zone)
    own = deviations_of(trip, deviations)
    return TripLine(
        trip=trip,
        href=trip_href(trip.vehicle, trip.start),
        left=clock_text(trip.start, day, zone),
        arrived=clock_text(trip.end, day, zone),
        minutes=round((trip.end - trip.start).total_seconds() / 60),
        km=None if math.isnan(trip.distance_km) else trip.distance_km,
        used=used(vehicle, trip),
        deviations=own,
    )


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last one that it has."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
