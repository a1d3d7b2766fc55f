"""How well drivers serve (司勤人员行为服务评价), by a scheme of the rulebook, with what each part rests on.

A trip is the driver's in whose order's time its middle lies. A part of which nothing is known, or too little,
has no points: it is left out of the total, and the share of weight that is known is said.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.fleet.carrying import TOLERANCE
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.rulebook.driver_scores import DriverPart, DriverScheme

Evidence = Mapping[str, float | int]

_BACK = frozenset({OrderState.RETURNED, OrderState.RATED})


@dataclass(frozen=True, slots=True)
class TripDeviation:
    """What a rule found on a trip (by its start), and whether somebody still has to act."""

    vehicle: str
    trip: datetime
    minutes: float
    speeding: bool
    standing: bool


@dataclass(frozen=True, slots=True)
class DriverFacts:
    """What is known of one driver over a time.

    trips
        Of his or her orders, ``TRIP_COLUMNS``.
    deviations
        On these trips.
    """

    driver: str
    orders: Sequence[Order]
    trips: pd.DataFrame
    deviations: Sequence[TripDeviation]


@dataclass(frozen=True, slots=True)
class DriverPartScore:
    """One part: its figure and points (None: not known), weight, and the numbers behind it."""

    basis: str
    weight: float
    figure: float | None
    points: float | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DriverScore:
    """A driver's score. ``points`` is None where less is known than the scheme asks for."""

    driver: str
    scheme: str
    points: float | None
    known_pct: float
    parts: tuple[DriverPartScore, ...]


def driver_facts(
    orders: Iterable[Order], trips: pd.DataFrame, deviations: Iterable[TripDeviation]
) -> list[DriverFacts]:
    """What belongs to each driver, by code. Orders without a driver or vehicle say nothing."""
    known = [o for o in orders if o.driver is not None and o.vehicle is not None and o.entitled]
    owners = _drivers_of(trips, known)
    by_trip: dict[tuple[str, datetime], list[TripDeviation]] = {}
    for one in deviations:
        by_trip.setdefault((one.vehicle, one.trip), []).append(one)
    return [
        _facts_of(driver, known, trips[owners == driver], by_trip)
        for driver in sorted({str(order.driver) for order in known})
    ]


def score_drivers(scheme: DriverScheme, facts: Iterable[DriverFacts]) -> list[DriverScore]:
    """The score of each driver."""
    return [_score(scheme, one) for one in facts]


def _facts_of(
    driver: str,
    orders: Sequence[Order],
    trips: pd.DataFrame,
    by_trip: Mapping[tuple[str, datetime], Sequence[TripDeviation]],
) -> DriverFacts:
    keys = zip(trips["vehicle"].astype(str), trips["start"].dt.to_pydatetime(), strict=True)
    found = [one for key in keys for one in by_trip.get(key, ())]
    return DriverFacts(driver, [o for o in orders if o.driver == driver], trips, found)


def _drivers_of(trips: pd.DataFrame, orders: Sequence[Order]) -> "pd.Series[str]":
    """Of each trip its driver; empty where no order's time holds its middle."""
    middle = trips["start"] + (trips["end"] - trips["start"]) / 2
    found = np.full(len(trips), "", dtype=object)
    by_vehicle: dict[str, list[Order]] = {}
    for order in orders:
        by_vehicle.setdefault(str(order.vehicle), []).append(order)
    for vehicle, rows in trips.groupby("vehicle", observed=True).indices.items():
        own = sorted(by_vehicle.get(str(vehicle), ()), key=lambda order: order.start)
        if own:
            found[rows] = _at(own, pd.DatetimeIndex(middle.iloc[rows]))
    return pd.Series(found, index=trips.index)


def _at(orders: Sequence[Order], middles: pd.DatetimeIndex) -> list[str]:
    starts = pd.DatetimeIndex([order.start for order in orders]) - TOLERANCE
    at = np.searchsorted(starts.as_unit("us").asi8, middles.as_unit("us").asi8, side="right") - 1
    return [
        str(orders[i].driver) if i >= 0 and middle < orders[i].end + TOLERANCE else ""
        for i, middle in zip(at.tolist(), middles.to_pydatetime(), strict=True)
    ]


def _score(scheme: DriverScheme, facts: DriverFacts) -> DriverScore:
    parts = []
    for part in scheme.parts:
        figure, evidence = _PARTS[part.basis](scheme, part, facts)
        points = None if figure is None else round(part.points(figure), 2)
        shown = None if figure is None else round(figure, 3)
        parts.append(DriverPartScore(part.basis, part.weight, shown, points, evidence))
    whole = sum(part.weight for part in scheme.parts)
    known = [(part.weight, part.points) for part in parts if part.points is not None]
    weight = sum(w for w, _ in known)
    known_pct = 100 * weight / whole if whole else 0.0
    enough = bool(known) and known_pct >= scheme.least_known_pct
    total = round(sum(w * p for w, p in known) / weight, 2) if enough else None
    return DriverScore(facts.driver, scheme.id, total, round(known_pct, 2), tuple(parts))


Judged = tuple[float | None, Evidence]


def _speeding(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    """Over the kilometres of trips that tell a speed: others tell nothing of speeding."""
    km = float(facts.trips["distance_km"][facts.trips["max_speed_kmh"].notna()].sum())
    fast = [one.minutes for one in facts.deviations if one.speeding]
    evidence = {"km": round(km, 1), "times": len(fast), "minutes": round(math.fsum(fast), 1)}
    return (100 * math.fsum(fast) / km if km and km >= scheme.least_km else None), evidence


def _idling(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    idling, moving = (float(facts.trips[name].sum()) / 3600 for name in ("idling_s", "moving_s"))
    km = float(facts.trips["distance_km"].sum())
    evidence = {"idling_h": round(idling, 2), "moving_h": round(moving, 2)}
    known = idling + moving > 0 and km >= scheme.least_km
    return (100 * idling / (idling + moving) if known else None), evidence


def _punctual(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    """Of orders whose departure was told, those that left on time."""
    left = [(o.left_at, o.planned_start) for o in facts.orders if o.left_at is not None]
    grace = timedelta(minutes=part.grace_minutes)
    on_time = sum(at <= planned + grace for at, planned in left)
    return _share(scheme, on_time, len(left), "left_on_time", "departures")


def _rating(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    told = [order.rating for order in facts.orders if order.rating is not None]
    evidence = {"ratings": len(told)}
    enough = len(told) >= scheme.least_orders
    return (sum(told) / len(told) if enough else None), evidence


def _odometer(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    """Of orders that are back, those with both stands."""
    back = [order for order in facts.orders if order.state in _BACK]
    told = sum(order.driven_km is not None for order in back)
    return _share(scheme, told, len(back), "told", "returned")


def _unexplained(scheme: DriverScheme, part: DriverPart, facts: DriverFacts) -> Judged:
    trips = len(facts.trips)
    found = len({(one.vehicle, one.trip) for one in facts.deviations if one.standing})
    evidence = {"trips": trips, "trips_with_deviations": found}
    return (100 * found / trips if trips >= scheme.least_orders else None), evidence


def _share(scheme: DriverScheme, part: int, whole: int, of: str, all_: str) -> Judged:
    evidence = {of: part, all_: whole}
    return (100 * part / whole if whole >= scheme.least_orders else None), evidence


_PARTS: Mapping[str, Callable[[DriverScheme, DriverPart, DriverFacts], Judged]] = {
    "speeding_minutes_per_100km": _speeding,
    "idling_pct": _idling,
    "punctual_pct": _punctual,
    "rating": _rating,
    "odometer_told_pct": _odometer,
    "trips_unexplained_pct": _unexplained,
}
