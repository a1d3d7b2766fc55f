"""Use without an approved order, and orders approved after the vehicle had left.

An order covers every trip in its time. Where no orders are kept for a vehicle, nobody is accused.
"""

from collections.abc import Iterator
from math import isnan

from analytics.fleet.checks.subject import Subject, minutes, minutes_of, trip_span, uncovered
from quotawatt.dispatch.order import ENTITLING, Order
from quotawatt.fleet.trips import Deviation, Trip
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import Span


def no_order(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Trips of which a part lies in no approved order's time.

    Value: minutes without an order. A trip that began under an order and went on beyond it names it.
    """
    since = subject.facts.orders_since.get(subject.vehicle.code)
    tolerance = minutes_of(rule.number("tolerance_minutes"))
    entitling = subject.entitling(tolerance)
    for trip in subject.trips:
        if since is None or trip.start < since or not _counts(trip, rule):
            continue
        span = trip_span(trip)
        open_parts = uncovered(span, (window for _, window in entitling))
        if not open_parts:
            continue
        under = next((o for o, w in entitling if w.start < span.end and span.start < w.end), None)
        yield subject.found(
            rule,
            Span(open_parts[0].start, open_parts[-1].end),
            trip=trip,
            value=minutes(open_parts),
            limit=0.0,
            unit="min",
            place=trip.start_place,
            distance_km=trip.distance_km,
            more=_order_detail(under or _not_approved(subject, span)),
        )


def late_order(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Orders approved after the first trip under them had begun. Value: minutes too late.

    A trip that another order covers, approved in time, needs none. Orders that do not say when they were
    approved (by file) are never late.
    """
    entitling = subject.entitling()
    told: set[int] = set()
    for trip in subject.trips:
        over = [o for o, window in entitling if window.contains(trip.start)]
        latest = trip.start + minutes_of(rule.number("grace_minutes"))
        if not over or any(o.decided_at is None or o.decided_at <= latest for o in over):
            continue
        order = min(over, key=lambda o: o.decided_at or o.requested_at)
        if order.number in told or order.decided_at is None:
            continue
        told.add(order.number)
        late = Span(trip.start, order.decided_at)
        yield subject.found(
            rule,
            late,
            trip=trip,
            value=minutes([late]),
            limit=rule.number("grace_minutes"),
            unit="min",
            more=_order_detail(order),
            decided_at=order.decided_at.isoformat(),
        )


def _counts(trip: Trip, rule: VehicleRule) -> bool:
    """Whether it is far enough; a distance that is not known says nothing."""
    return not isnan(trip.distance_km) and trip.distance_km >= rule.number("least_km")


def _not_approved(subject: Subject, span: Span) -> Order | None:
    """An order of that time that was asked for and stands not approved."""
    return next(
        (
            order
            for order in subject.orders()
            if order.state not in ENTITLING and order.start < span.end and span.start < order.end
        ),
        None,
    )


def _order_detail(order: Order | None) -> dict[str, str | float | int | None]:
    if order is None:
        return {}
    return {"order": order.number, "order_state": order.state.value}
