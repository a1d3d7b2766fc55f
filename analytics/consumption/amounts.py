"""What passed at a point by a bill, a purchase or a stock-taking: an amount over a time, and no more."""

from dataclasses import dataclass
from datetime import datetime

from analytics.grid import Key


@dataclass(frozen=True, slots=True)
class Amount:
    """What passed at a point over ``[start, end)``.

    point
        The asset and the quantity.
    start, end
        Instants (UTC); the end lies after the start.
    amount
        In the unit of the point's quantity, all multipliers applied; finite.

    Between its ends it is spread evenly, as an estimate; over the whole of them it is exact.
    """

    point: Key
    start: datetime
    end: datetime
    amount: float
