"""What people entered by hand, as consumption takes it: bills and purchases of fuel as amounts.

Readings by hand are not here: they stand in the series store like those of a device.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select

from analytics.consumption.amounts import Amount
from analytics.grid import Key
from quotawatt.hand.book import own_series
from quotawatt.hand.entries import BILL, PURCHASE
from quotawatt.spans import Span
from quotawatt.storage.hand_tables import hand_entries


def amounts_within(conn: Connection, points: Collection[Key], span: Span) -> list[Amount]:
    """Bills and purchases of these points any part of which lies within the span, by point and start.

    Those that were corrected or withdrawn count as they stand now. An amount is whole, also where it reaches
    beyond the span.
    """
    wanted = frozenset(points)
    if not wanted:
        return []
    t = hand_entries.c
    overlapping = (
        select(t.subject, t.quantity, t.start, t.end, t.amount)
        .where(t.latest, ~t.withdrawn, t.kind.in_((BILL, PURCHASE)))
        .where(t.end > span.start, t.start < span.end)
    )
    found = [
        Amount(point, start, end, amount)
        for subject, quantity, start, end, amount in conn.execute(overlapping)
        if (point := Key(subject, quantity)) in wanted
    ]
    return sorted(found, key=lambda amount: (amount.point, amount.start))


def own_points(conn: Connection) -> frozenset[Key]:
    """The points that buildings and organisations have of themselves, beside what adds up to them."""
    return frozenset(Key(subject, quantity) for subject, quantity in own_series(conn))


def points_with_amounts(conn: Connection, span: Span) -> list[Key]:
    """Every point that has a bill or a purchase any part of which lies within the span, sorted."""
    t = hand_entries.c
    points = (
        select(t.subject, t.quantity)
        .where(t.latest, ~t.withdrawn, t.kind.in_((BILL, PURCHASE)))
        .where(t.end > span.start, t.start < span.end)
        .distinct()
    )
    return sorted(Key(subject, quantity) for subject, quantity in conn.execute(points))
