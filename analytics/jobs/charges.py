"""Charging of vehicles without a counter, as consumption takes it: what each session brought, as an amount.

Sessions are kept as events. What a counter said of one is not here: its readings are counted themselves.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from sqlalchemy import Connection

from analytics.consumption.amounts import SESSION, Amount
from analytics.consumption.byhand import BILL, PREFIX
from analytics.grid import Key
from quotawatt.fleet.book import events_during
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.spans import INSTANT, Span, floor_hour
from quotawatt.storage.touched import Touched, mark

CHARGED = "charge_energy_kwh"

RECKONED = ("power", "soc")
"""What the energy of a session may rest on for it to count: powers, or the state of charge."""

BRIEF = timedelta(minutes=1)
"""What is known by a single message took so long: an amount needs a time to be spread over."""


def charges_within(conn: Connection, points: Collection[Key], span: Span) -> list[Amount]:
    """What sessions of these points brought any part of which lies within the span, by point and start.

    Each is whole, also where it reaches beyond the span.
    """
    vehicles = {point.subject for point in points if point.measure == CHARGED}
    return (
        sorted(_charges(conn, span, vehicles), key=lambda a: (a.point, a.start)) if vehicles else []
    )


def points_with_charges(conn: Connection, span: Span) -> list[Key]:
    """Every point that has a session any part of which lies within the span, sorted."""
    return sorted({amount.point for amount in _charges(conn, span, None)})


def charges_of(events: Iterable[VehicleEvent]) -> Iterator[Amount]:
    """What the sessions among the events brought, where that was reckoned from powers or states of charge."""
    for event in events:
        reckoned = event.kind is EventKind.CHARGING and event.detail.get("energy_by") in RECKONED
        if reckoned and event.amount:
            start = min(event.start, event.end - BRIEF)
            yield Amount(Key(event.vehicle, CHARGED), start, event.end, event.amount, SESSION)


def mark_changed(
    conn: Connection, before: Iterable[VehicleEvent], after: Iterable[VehicleEvent]
) -> None:
    """Have the hours computed anew of charging that is not the same before and after.

    In the transaction that exchanges the events.
    """
    changed = set(charges_of(before)) ^ set(charges_of(after))
    marks = {
        Touched(PREFIX + amount.point.subject, BILL, CHARGED, floor_hour(instant))
        for amount in changed
        for instant in (amount.start, amount.end - INSTANT)
    }
    if marks:
        mark(conn, marks)


def _charges(conn: Connection, span: Span, vehicles: Collection[str] | None) -> Iterator[Amount]:
    around = Span(span.start, span.end + BRIEF)
    for amount in charges_of(events_during(conn, around, vehicles, [EventKind.CHARGING])):
        if amount.start < span.end and span.start < amount.end:
            yield amount
