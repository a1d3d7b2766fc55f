"""What rules for vehicles look at, laid before them: nothing here reads a store.

What is not known is left out or None, and no check takes it for anything: silence accuses nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from analytics.fleet.track import Track
from quotawatt.calendars import is_working_day
from quotawatt.dispatch.order import Order
from quotawatt.dispatch.records import DutyEntry, Seal, Service
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import Trip, VehicleEvent
from quotawatt.spans import Span


@dataclass(frozen=True, slots=True)
class MonthSum:
    """The trips of a vehicle that began in one local month, added up; ``month_sums`` makes them.

    month
        Its first day.
    distance_km
        Of the trips whose distance is known.
    fuelled_km, fuel_l
        Kilometres of the trips whose fuel is known, and that fuel; ``charged_km``, ``electricity_kwh`` alike.
    compared_odometer_km, compared_gnss_km, compared_trips
        Both measures of the trips that have both, without large gaps.
    odometer_first_km, odometer_last_km
        The first and the last stand that was told; None: none was.
    """

    vehicle: str
    month: date
    trips: int
    distance_km: float
    fuelled_km: float = 0.0
    fuel_l: float = 0.0
    charged_km: float = 0.0
    electricity_kwh: float = 0.0
    compared_trips: int = 0
    compared_odometer_km: float = 0.0
    compared_gnss_km: float = 0.0
    odometer_first_km: float | None = None
    odometer_last_km: float | None = None


def no_track(vehicle: str, span: Span) -> Track | None:
    """Where no positions are at hand."""
    return None


def not_heard(vehicle: str, span: Span) -> float | None:
    """Where nobody knows whether a vehicle was heard."""
    return None


@dataclass(frozen=True)
class FleetFacts:
    """What is known of some vehicles around a time.

    span
        The time in which something changed. ``judging.judged_span`` says which deviations of a rule are
        judged for it, and ``judging.facts_from`` from when on trips, events, cards and seals must be here.
    vehicles
        Codes of those that are judged. Exempt ones among them give nothing.
    trips, events, cards
        By vehicle, by start or time, each that overlaps the time.
    last_trips
        The last trip of each vehicle, however long ago.
    months
        Sums of whole local months by vehicle: those of the calendar years that are judged.
    orders
        By vehicle, in whatever state, whose use or planned time overlaps.
    orders_since
        The instant from which orders are kept for a vehicle's organisation; before it, and where a vehicle
        is not named, nobody is accused of driving without one.
    duty, seals, services
        By vehicle; of services all there are.
    track
        Messages of a vehicle in a time, cleaned; None: none are at hand. Asked for only where a rule needs
        positions.
    heard
        Share of the local days of a time on which a vehicle was heard at all, 0..1; None: not known.
    zone
        Whose days count for a vehicle without home site.
    working_day
        Whether offices of a country work on a day: ``quotawatt.calendars.is_working_day``.
    """

    span: Span
    vehicles: Sequence[str]
    zone: ZoneInfo
    trips: Mapping[str, Sequence[Trip]] = field(default_factory=dict)
    last_trips: Mapping[str, Trip] = field(default_factory=dict)
    events: Mapping[str, Sequence[VehicleEvent]] = field(default_factory=dict)
    months: Mapping[str, Sequence[MonthSum]] = field(default_factory=dict)
    orders: Mapping[str, Sequence[Order]] = field(default_factory=dict)
    orders_since: Mapping[str, datetime] = field(default_factory=dict)
    duty: Mapping[str, Sequence[DutyEntry]] = field(default_factory=dict)
    seals: Mapping[str, Sequence[Seal]] = field(default_factory=dict)
    services: Mapping[str, Sequence[Service]] = field(default_factory=dict)
    cards: Mapping[str, Sequence[FuelCard]] = field(default_factory=dict)
    track: Callable[[str, Span], Track | None] = no_track
    heard: Callable[[str, Span], float | None] = not_heard
    working_day: Callable[[date, str], bool] = is_working_day
