"""The facts of a use of a vehicle: what is made public of it, and what nobody told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quotawatt.dispatch.order import DRIVEN, Order, OrderState
from quotawatt.fleet.trips import Trip

PUBLIC_FACTS = ("time", "purpose", "place", "distance", "energy", "cost")
"""时间、事由、地点、里程、油耗、费用: what is registered and made public of each use of an official vehicle.

A local rule on official vehicles, article 16 (2); see ``docs/dispatch.md`` on how far it was verified.
"""


@dataclass(frozen=True, slots=True)
class MatchParameters:
    """By how much order and trips may differ before it is said.

    tolerance
        Of times: people put down quarters of an hour, and a trip begins where the first message came.
    km_share, km_least
        Of distances the larger of the two: dashboards show whole kilometres and tyres wear; 5 % and 1 km.
    planned_share, planned_least_km
        Of the planned distance, which is an estimate: only a fifth more and 5 km at least is said.
    odometer_km
        Of the two stands against those of the trips: whole kilometres, and the way to the gate.
    """

    tolerance: timedelta = timedelta(minutes=30)
    km_share: float = 0.05
    km_least: float = 1.0
    planned_share: float = 0.2
    planned_least_km: float = 5.0
    odometer_km: float = 2.0


@dataclass(frozen=True, slots=True)
class UseFacts:
    """What is known of a use; None and empty: it is not known.

    start, end
        As told, else as driven.
    purpose, places
        In the words of the order.
    distance_km
        By the odometer as told, else by the trips.
    fuel_l, electricity_kwh
        By the trips as far as all of them know it; of fuel else what the driver told.
    cost_cny
        Tolls and parking as told, without fuel and electricity: those have their prices elsewhere.
    """

    start: datetime | None
    end: datetime | None
    purpose: str
    places: str
    distance_km: float | None
    fuel_l: float | None
    electricity_kwh: float | None
    cost_cny: float | None


def use_facts(order: Order, trips: Sequence[Trip]) -> UseFacts:
    """The facts of an order and its trips (by start)."""
    first, last = (trips[0].start, max(t.end for t in trips)) if trips else (None, None)
    driven = order.driven_km
    fuel = _sum([trip.fuel_l for trip in trips])
    return UseFacts(
        start=order.left_at or first,
        end=order.returned_at or last,
        purpose=order.purpose,
        places=order.to_places,
        distance_km=trips_km(trips) if driven is None else driven,
        fuel_l=order.litres if fuel is None else fuel,
        electricity_kwh=_sum([trip.electricity_kwh for trip in trips]),
        cost_cny=order.cost_cny,
    )


def trips_km(trips: Sequence[Trip]) -> float | None:
    """Their distance together; None where there are none, or one is not known."""
    return _sum([None if math.isnan(trip.distance_km) else trip.distance_km for trip in trips])


def missing_of(order: Order, facts: UseFacts) -> tuple[str, ...]:
    """What nobody told of a use that is over."""
    known = {
        "time": facts.start is not None and facts.end is not None,
        "purpose": bool(facts.purpose.strip()),
        "place": bool(facts.places.strip()),
        "distance": facts.distance_km is not None,
        "energy": facts.fuel_l is not None or facts.electricity_kwh is not None,
        "cost": facts.cost_cny is not None,
        "driver": order.driver is not None,
        "odometer": order.state not in DRIVEN or order.driven_km is not None,
        "rating": order.state is not OrderState.RETURNED,
    }
    return tuple(name for name, told in known.items() if not told)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known and len(known) == len(values) else None
