"""How drivers' service is scored (司勤人员行为服务评价). Values of the pack section ``driver_scores``."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotawatt.rulebook.basics import Text, Trust

DRIVER_PARTS = (
    "speeding_minutes_per_100km",
    "idling_pct",
    "punctual_pct",
    "rating",
    "odometer_told_pct",
    "trips_unexplained_pct",
)
"""What a part can rest on; the unit stands in the name, a rating is 1 to 5."""


@dataclass(frozen=True, slots=True)
class DriverPart:
    """One part of a score.

    none_at, full_at
        The figure at which it has 0 points, and that at which it has 100; between them by proportion. The
        better figure may be the larger or the smaller one.
    grace_minutes
        Of ``punctual_pct``: by how much later than planned a vehicle may leave.
    """

    basis: str
    title: Text
    weight: float
    none_at: float
    full_at: float
    grace_minutes: float = 0.0

    def points(self, figure: float) -> float:
        """0 to 100."""
        share = (figure - self.none_at) / (self.full_at - self.none_at)
        return 100 * min(max(share, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class DriverScheme:
    """How drivers are scored. What is not known is left out, and said.

    least_known_pct
        Weight of the parts that must be known for a total to be given.
    least_km, least_orders
        Of fewer kilometres or orders a part that rests on them is not known.
    """

    id: str
    title: Text
    least_known_pct: float
    least_km: float
    least_orders: float
    parts: Sequence[DriverPart]
    trust: Trust
