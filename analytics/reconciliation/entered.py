"""What was entered by hand, as the check of the books looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analytics.grid import Key
from quotawatt.spans import Span


@dataclass(frozen=True, slots=True)
class Compared:
    """The same time at the same point by hand and by a device, in the quantity's unit.

    kind
        ``reading`` (between two of them) or ``bill``.
    entered, counted
        By hand, with the multiplier; by the device.
    multiplier
        Of the device's binding over all of the time.
    """

    point: Key
    kind: str
    span: Span
    entered: float
    counted: float
    multiplier: float


@dataclass(frozen=True)
class ByHand:
    """Entries that stand, of the last year and more.

    ends
        By point when each of its entries ends, in order; a reading ends at its time.
    fed
        The points to which a device is bound now.
    compared
        The newest of each kind at each point, where a device counted all of its time.
    """

    ends: Mapping[Key, Sequence[datetime]] = field(default_factory=dict)
    fed: frozenset[Key] = frozenset()
    compared: Sequence[Compared] = ()

    def last_of(self, asset: str) -> datetime | None:
        """When the newest entry of an asset ends; None: there is none."""
        newest = (ends[-1] for point, ends in self.ends.items() if point.subject == asset)
        return max(newest, default=None)
