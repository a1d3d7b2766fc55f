"""The six facts of each use of a vehicle that are made public: 用车时间、事由、地点、里程、油耗、费用.

One row a trip, with the order that it was driven for; what nobody told is marked, not guessed. Of an order of
several trips purpose, places and cost are those of the order, the cost on its first trip alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from analytics.fleet.matching import Matching, OrderMatch
from analytics.fleet.orderfacts import PUBLIC_FACTS, trips_km
from quotawatt.fleet.trips import Trip
from quotawatt.register.model import Register


@dataclass(frozen=True, slots=True)
class PublicUse:
    """A trip, or an order that no trip was recorded for.

    order
        Its number; None: the trip is without one.
    missing
        Which of ``PUBLIC_FACTS`` nobody told.
    """

    vehicle: str
    order: int | None
    trip: datetime | None
    start: datetime | None
    end: datetime | None
    purpose: str
    places: str
    distance_km: float | None
    fuel_l: float | None
    electricity_kwh: float | None
    cost_cny: float | None
    missing: tuple[str, ...]


def public_uses(matching: Matching) -> list[PublicUse]:
    """One row a trip, and one for each order that is over without a trip, by start and vehicle."""
    rows = [_row(None, trip, first=True) for trip in matching.trips_without_order]
    for match in matching.order_matches:
        rows += [_row(match, trip, first=not n) for n, trip in enumerate(match.trips)]
        if not match.trips and match.over:
            rows.append(_order_alone(match))
    return sorted(rows, key=lambda row: (row.start is None, row.start, row.vehicle))


def open_to_public(
    rows: Iterable[PublicUse], register: Register, hidden: frozenset[str]
) -> list[PublicUse]:
    """Without vehicles that must not be followed, and those of classified organisations (``hidden``)."""
    vehicles = register.vehicles
    return [
        row
        for row in rows
        if row.vehicle in vehicles
        and not vehicles[row.vehicle].tracking_exempt
        and row.vehicle not in hidden
    ]


def _row(match: OrderMatch | None, trip: Trip, *, first: bool) -> PublicUse:
    order = None if match is None else match.order
    facts = None if match is None else match.facts
    cost = facts.cost_cny if facts is not None and first else None
    row = PublicUse(
        vehicle=trip.vehicle,
        order=None if order is None else order.number,
        trip=trip.start,
        start=trip.start,
        end=trip.end,
        purpose="" if facts is None else facts.purpose.strip(),
        places="" if facts is None else facts.places.strip(),
        distance_km=trips_km([trip]),
        fuel_l=trip.fuel_l,
        electricity_kwh=trip.electricity_kwh,
        cost_cny=cost,
        missing=(),
    )
    return _marked(row, cost_elsewhere=not first)


def _order_alone(match: OrderMatch) -> PublicUse:
    facts = match.facts
    row = PublicUse(
        vehicle=str(match.order.vehicle),
        order=match.order.number,
        trip=None,
        start=facts.start or match.order.start,
        end=facts.end or match.order.end,
        purpose=facts.purpose.strip(),
        places=facts.places.strip(),
        distance_km=facts.distance_km,
        fuel_l=facts.fuel_l,
        electricity_kwh=facts.electricity_kwh,
        cost_cny=facts.cost_cny,
        missing=(),
    )
    return _marked(row, cost_elsewhere=False)


def _marked(row: PublicUse, *, cost_elsewhere: bool) -> PublicUse:
    """With what is missing; ``cost_elsewhere``: the order's cost stands with its first trip."""
    known = {
        "time": row.start is not None and row.end is not None,
        "purpose": bool(row.purpose),
        "place": bool(row.places),
        "distance": row.distance_km is not None,
        "energy": row.fuel_l is not None or row.electricity_kwh is not None,
        "cost": row.cost_cny is not None or cost_elsewhere,
    }
    return replace(row, missing=tuple(name for name in PUBLIC_FACTS if not known[name]))
