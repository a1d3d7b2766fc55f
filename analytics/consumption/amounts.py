"""What passed at a point by a bill, a purchase or a charging session: an amount over a time, and no more."""

from dataclasses import dataclass
from datetime import datetime

from analytics.grid import Key

ENTERED, SESSION = "amount", "session"
"""What an amount rests on: what people entered, or a charging session as the vehicle told it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What passed at a point over ``[start, end)``.

    point
        The asset and the quantity.
    start, end
        Instants (UTC); the end lies after the start.
    amount
        In the unit of the point's quantity, all multipliers applied; finite.
    rule
        ``ENTERED`` or ``SESSION``; what was entered goes first.

    Between its ends it is spread evenly, as an estimate; over the whole of them it is exact.
    """

    point: Key
    start: datetime
    end: datetime
    amount: float
    rule: str = ENTERED
