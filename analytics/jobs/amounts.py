"""All amounts that consumption takes beside readings: what people entered, and how vehicles charged."""

from collections.abc import Collection

from sqlalchemy import Connection

from analytics.consumption.amounts import Amount
from analytics.grid import Key
from analytics.jobs.charges import charges_within, points_with_charges
from analytics.jobs.hand import amounts_within, points_with_amounts
from quotawatt.spans import Span


def all_amounts(conn: Connection, points: Collection[Key], span: Span) -> list[Amount]:
    """Bills, purchases and charging sessions of these points any part of which lies within the span.

    Each is whole, also where it reaches beyond the span.
    """
    return [*amounts_within(conn, points, span), *charges_within(conn, points, span)]


def points_of_amounts(conn: Connection, span: Span) -> list[Key]:
    """Every point that has an amount any part of which lies within the span, sorted."""
    return sorted({*points_with_amounts(conn, span), *points_with_charges(conn, span)})
