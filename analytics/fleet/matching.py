"""Orders and the trips that were driven for them: which belong together, and what is missing or differs.

A trip goes to the order of its vehicle whose time it overlaps most; one beside all of them, by no more than
the tolerance, to the nearest. So a trip belongs to one order at most, and is never counted twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analytics.fleet.orderchecks import Difference, differences_of
from analytics.fleet.orderfacts import MatchParameters, UseFacts, missing_of, use_facts
from analytics.fleet.ordernames import NamedPlaces
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.trips import Trip

_OVER = frozenset({OrderState.RETURNED, OrderState.RATED})


@dataclass(frozen=True, slots=True)
class OrderMatch:
    """An order and its trips.

    trips
        By start; none: no trip was recorded in its time.
    facts
        The six facts that are made public of a use, as far as they are known.
    over
        Whether it is back, or was to be back: only then anything is missing.
    missing
        What nobody told: names of the six facts (``time``, ``purpose``, ``place``, ``distance``, ``energy``,
        ``cost``), ``driver``, ``odometer``, ``rating``.
    differences
        Where order and trips, or plan and use, say different things.
    """

    order: Order
    trips: tuple[Trip, ...]
    facts: UseFacts
    over: bool
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """All orders that may drive, by planned start and number, and the trips that none of them is for."""

    order_matches: tuple[OrderMatch, ...]
    trips_without_order: tuple[Trip, ...]


def match_orders(
    orders: Iterable[Order],
    trips: Iterable[Trip],
    now: datetime,
    parameters: MatchParameters | None = None,
    places: NamedPlaces | None = None,
) -> Matching:
    """Match orders with trips.

    orders
        Of any state; those that were never approved, or have no vehicle, match nothing and are left out.
        They should reach a tolerance beyond the trips on both sides, and the other way round.
    trips
        In any order; the same trip twice is one.
    now
        The present instant (UTC).
    places
        What places are called; None: places are not compared.
    """
    chosen = parameters or MatchParameters()
    entitled = [order for order in orders if order.entitled and order.vehicle is not None]
    windows = _windows(entitled, now)
    found: dict[int, list[Trip]] = {}
    without: list[Trip] = []
    for trip in _each_once(trips):
        order = _order_of(trip, windows.get(trip.vehicle), chosen.tolerance)
        if order is None:
            without.append(trip)
        else:
            found.setdefault(id(order), []).append(trip)
    entitled.sort(key=lambda order: (order.planned_start, order.number))
    matches = (_match(o, found.get(id(o), ()), now, chosen, places) for o in entitled)
    return Matching(tuple(matches), tuple(without))


@dataclass(frozen=True, slots=True)
class _Window:
    start: datetime
    end: datetime
    order: Order


@dataclass(frozen=True, slots=True)
class _Windows:
    """The times of a vehicle's orders by start, and how long the longest of them is."""

    windows: Sequence[_Window]
    longest: timedelta

    def near(self, start: datetime, end: datetime) -> Sequence[_Window]:
        """Those that can overlap ``[start, end]``."""
        first = bisect_left(self.windows, start - self.longest, key=lambda w: w.start)
        last = bisect_right(self.windows, end, key=lambda w: w.start)
        return self.windows[first:last]


def _windows(orders: Iterable[Order], now: datetime) -> dict[str, _Windows]:
    of_vehicle: dict[str, list[_Window]] = {}
    for order in orders:
        window = _Window(order.start, order.end_by(now), order)
        of_vehicle.setdefault(str(order.vehicle), []).append(window)
    for some in of_vehicle.values():
        some.sort(key=lambda window: (window.start, window.order.number))
    return {
        vehicle: _Windows(some, max(window.end - window.start for window in some))
        for vehicle, some in of_vehicle.items()
    }


def _each_once(trips: Iterable[Trip]) -> list[Trip]:
    single = {(trip.start, trip.vehicle): trip for trip in trips}
    return [single[key] for key in sorted(single)]


def _order_of(trip: Trip, windows: _Windows | None, tolerance: timedelta) -> Order | None:
    """The order that the trip overlaps most, else the nearest within the tolerance; None: there is none."""
    if windows is None:
        return None
    near = windows.near(trip.start - tolerance, trip.end + tolerance)
    best = max(near, key=lambda window: _overlap(trip, window), default=None)
    if best is None or _overlap(trip, best) < -tolerance:
        return None
    return best.order


def _overlap(trip: Trip, window: _Window) -> timedelta:
    """How long the two have in common; below 0: how far they are apart."""
    return min(trip.end, window.end) - max(trip.start, window.start)


def _match(
    order: Order,
    trips: Sequence[Trip],
    now: datetime,
    parameters: MatchParameters,
    places: NamedPlaces | None,
) -> OrderMatch:
    over = order.state in _OVER or order.end_by(now) + parameters.tolerance <= now
    facts = use_facts(order, trips)
    return OrderMatch(
        order=order,
        trips=tuple(trips),
        facts=facts,
        over=over,
        missing=missing_of(order, facts) if over else (),
        differences=differences_of(order, trips, over, parameters, places),
    )
