"""Limits of room temperatures as values. Values of the pack section ``set_points``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quotawatt.rulebook.basics import Citation, Text, Trust


@dataclass(frozen=True, slots=True)
class SetPoint:
    """What a measured quantity must not leave in some months.

    least, most
        The limits in the quantity's unit; None: there is none on that side.
    months
        Months of the year (1 to 12) in which it applies.
    except_kinds
        Kinds of organisations that it does not apply to.
    """

    id: str
    title: Text
    cites: Citation
    quantity: str
    least: float | None
    most: float | None
    months: Sequence[int]
    except_kinds: Sequence[str]
    trust: Trust

    def applies(self, day: date, kind: str) -> bool:
        """Whether it applies on a day to an organisation of this kind."""
        return day.month in self.months and kind not in self.except_kinds

    def beyond(self, value: float) -> float:
        """By how much the value lies outside the limits; 0 where it lies inside."""
        below = 0.0 if self.least is None else max(self.least - value, 0.0)
        above = 0.0 if self.most is None else max(value - self.most, 0.0)
        return max(below, above)
