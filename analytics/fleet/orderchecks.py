"""Where an order and its trips, or its plan and its use, say different things."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analytics.fleet.orderfacts import MatchParameters, trips_km
from analytics.fleet.ordernames import NamedPlaces
from quotawatt.dispatch.order import Order
from quotawatt.fleet.trips import Trip


class DifferenceKind(StrEnum):
    """What differs."""

    NO_TRIP = "no_trip"
    """An order that is over, and no trip was recorded in its time."""
    DISTANCE = "distance"
    """Kilometres by the two stands of the odometer against those of the trips."""
    PLANNED_DISTANCE = "planned_distance"
    """More kilometres than were planned."""
    ODOMETER_OUT = "odometer_out"
    ODOMETER_IN = "odometer_in"
    """A stand of the odometer as told against that of the trips."""
    LEFT_AT = "left_at"
    RETURNED_AT = "returned_at"
    """The time as told against that of the trips."""
    LEFT_EARLY = "left_early"
    RETURNED_LATE = "returned_late"
    """The use against the plan."""
    PLACE = "place"
    """A destination that the vehicle did not stop at."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the order says and what was found instead.

    told, found
        Kilometres as numbers, instants (UTC) as such, places as words; None: nothing.
    """

    kind: DifferenceKind
    told: float | datetime | str | None
    found: float | datetime | str | None


def differences_of(
    order: Order,
    trips: Sequence[Trip],
    over: bool,
    parameters: MatchParameters,
    places: NamedPlaces | None,
) -> tuple[Difference, ...]:
    """All differences of an order and its trips (by start). Without trips only plan and use are compared.

    over
        Whether the use is over; before that neither a missing trip nor the distance says anything.
    """
    found = [*_plan(order, trips, over, parameters)]
    if not trips:
        return (Difference(DifferenceKind.NO_TRIP, None, None), *found) if over else tuple(found)
    found += [*_times(order, trips, parameters), *_stands(order, trips, parameters)]
    if over:
        found += [*_distance(order, trips, parameters), *_places(order, trips, places)]
    return tuple(found)


def _plan(
    order: Order, trips: Sequence[Trip], over: bool, parameters: MatchParameters
) -> Iterator[Difference]:
    left = order.left_at or (trips[0].start if trips else None)
    back = order.returned_at or (max(trip.end for trip in trips) if trips else None)
    if left is not None and left < order.planned_start - parameters.tolerance:
        yield Difference(DifferenceKind.LEFT_EARLY, order.planned_start, left)
    if back is not None and back > order.planned_end + parameters.tolerance:
        yield Difference(DifferenceKind.RETURNED_LATE, order.planned_end, back)
    driven, planned = order.driven_km, order.planned_km
    driven = trips_km(trips) if driven is None else driven
    if over and driven is not None and planned is not None:
        allowed = max(parameters.planned_share * planned, parameters.planned_least_km)
        if driven > planned + allowed:
            yield Difference(DifferenceKind.PLANNED_DISTANCE, planned, driven)


def _times(
    order: Order, trips: Sequence[Trip], parameters: MatchParameters
) -> Iterator[Difference]:
    first, last = trips[0].start, max(trip.end for trip in trips)
    if order.left_at is not None and abs(first - order.left_at) > parameters.tolerance:
        yield Difference(DifferenceKind.LEFT_AT, order.left_at, first)
    if order.returned_at is not None and abs(last - order.returned_at) > parameters.tolerance:
        yield Difference(DifferenceKind.RETURNED_AT, order.returned_at, last)


def _stands(
    order: Order, trips: Sequence[Trip], parameters: MatchParameters
) -> Iterator[Difference]:
    stands = (
        (DifferenceKind.ODOMETER_OUT, order.odometer_out_km, trips[0].odometer_start_km),
        (DifferenceKind.ODOMETER_IN, order.odometer_in_km, trips[-1].odometer_end_km),
    )
    for kind, told, found in stands:
        if told is not None and found is not None and abs(told - found) > parameters.odometer_km:
            yield Difference(kind, told, found)


def _distance(
    order: Order, trips: Sequence[Trip], parameters: MatchParameters
) -> Iterator[Difference]:
    told, found = order.driven_km, trips_km(trips)
    if told is None or found is None:
        return
    allowed = max(parameters.km_share * max(told, found), parameters.km_least)
    if abs(told - found) > allowed:
        yield Difference(DifferenceKind.DISTANCE, told, found)


def _places(
    order: Order, trips: Sequence[Trip], places: NamedPlaces | None
) -> Iterator[Difference]:
    if places is None or any(trip.end_place is None for trip in trips):
        return
    stops = [trip.end_place for trip in trips]
    for name in places.unvisited(order.to_places, stops):
        yield Difference(DifferenceKind.PLACE, name, None)
