"""The month of each vehicle: kilometres, use against its quota, idling, and whether counts agree."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quotawatt.fleet.deviation_states import STANDING
from quotawatt.fleet.deviations_book import KeptDeviation
from quotawatt.fleet.items import per_100km
from quotawatt.fleet.trips import EventKind, Trip, VehicleEvent
from quotawatt.register.model import Vehicle
from quotawatt.spans import HOUR

AGREES_WITHIN_PCT = 10.0
"""Odometer and positions that differ by no more agree: a street is longer than the line between two fixes."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kilometres of the same trips by the odometer and along the positions."""

    odometer_km: float
    gnss_km: float

    @property
    def difference_pct(self) -> float:
        """How much longer the odometer's way is, in percent of it."""
        return 100 * (self.odometer_km - self.gnss_km) / self.odometer_km

    @property
    def agrees(self) -> bool:
        """Whether the two say the same."""
        return abs(self.difference_pct) <= AGREES_WITHIN_PCT


@dataclass(frozen=True, slots=True)
class Use:
    """Fuel (L) or electricity (kWh) of trips of which it is known.

    per_100km
        Over the kilometres of those trips; None where they are too few to say.
    """

    amount: float
    per_100km: float | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A vehicle's month.

    masked
        It must not be followed: everything below is empty.
    use, quota_per_100km
        In ``unit``; None: not known, none set.
    open_deviations
        What somebody still has to act on.
    """

    vehicle: Vehicle
    masked: bool
    trips: int = 0
    km: float = 0.0
    use: Use | None = None
    idling_h: float = 0.0
    idling_l: float | None = None
    agreement: Agreement | None = None
    open_deviations: int = 0

    @property
    def unit(self) -> str:
        """Of what it uses."""
        return unit_of(self.vehicle)

    @property
    def quota_per_100km(self) -> float | None:
        """What it may use per 100 km."""
        return quota_of(self.vehicle)

    @property
    def over_quota(self) -> bool:
        """Whether it used more per 100 km than it may."""
        known = self.use is not None and self.use.per_100km is not None
        if not known or self.quota_per_100km is None:
            return False
        assert self.use is not None
        assert self.use.per_100km is not None
        return self.use.per_100km > self.quota_per_100km


def unit_of(vehicle: Vehicle) -> str:
    """In what a vehicle's use is counted."""
    return "kWh" if vehicle.energy == "electric" else "L"


def quota_of(vehicle: Vehicle) -> float | None:
    """What a vehicle may use per 100 km, in its unit."""
    electric = vehicle.energy == "electric"
    return vehicle.quota_kwh_per_100km if electric else vehicle.quota_l_per_100km


def month_rows(
    vehicles: Sequence[Vehicle],
    trips: Iterable[Trip],
    events: Iterable[VehicleEvent],
    deviations: Iterable[KeptDeviation],
) -> list[MonthRow]:
    """A row for each vehicle; those that must not be followed are masked, whatever is kept of them."""
    trips_of: Mapping[str, list[Trip]] = defaultdict(list)
    for trip in trips:
        trips_of[trip.vehicle].append(trip)
    events_of: Mapping[str, list[VehicleEvent]] = defaultdict(list)
    for event in events:
        events_of[event.vehicle].append(event)
    standing = Counter(one.deviation.vehicle for one in deviations if one.state in STANDING)
    return [
        month_row(vehicle, trips_of[vehicle.code], events_of[vehicle.code], standing[vehicle.code])
        for vehicle in vehicles
    ]


def month_row(
    vehicle: Vehicle, trips: Sequence[Trip], events: Iterable[VehicleEvent], standing: int
) -> MonthRow:
    """The row of one vehicle from its trips and events of the month."""
    if vehicle.tracking_exempt:
        return MonthRow(vehicle, masked=True)
    idling = [event for event in events if event.kind is EventKind.IDLING]
    litres = [event.amount for event in idling if event.amount is not None]
    return MonthRow(
        vehicle,
        masked=False,
        trips=len(trips),
        km=math.fsum(trip.distance_km for trip in trips if not math.isnan(trip.distance_km)),
        use=_use(vehicle, trips),
        idling_h=math.fsum((event.end - event.start) / HOUR for event in idling),
        idling_l=math.fsum(litres) if litres else None,
        agreement=_agreement(trips),
        open_deviations=standing,
    )


def used(vehicle: Vehicle, trip: Trip) -> float | None:
    """What a trip used, in the vehicle's unit."""
    return trip.electricity_kwh if vehicle.energy == "electric" else trip.fuel_l


def _use(vehicle: Vehicle, trips: Sequence[Trip]) -> Use | None:
    known = [
        (amount, trip.distance_km) for trip in trips if (amount := used(vehicle, trip)) is not None
    ]
    if not known:
        return None
    amount = math.fsum(amount for amount, _ in known)
    km = math.fsum(km for _, km in known if not math.isnan(km))
    return Use(amount, per_100km(amount, km))


def _agreement(trips: Sequence[Trip]) -> Agreement | None:
    both = [
        (trip.odometer_end_km - trip.odometer_start_km, trip.gnss_km)
        for trip in trips
        if trip.odometer_end_km is not None
        and trip.odometer_start_km is not None
        and trip.gnss_km is not None
    ]
    odometer_km = math.fsum(km for km, _ in both)
    if odometer_km <= 0:
        return None
    return Agreement(odometer_km, math.fsum(km for _, km in both))
