"""What the rules of consumption take and give: readings of counters, and what passed between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.grid import Bools, Floats, Micros

Rows = NDArray[np.intp]

RULES = (
    *("difference", "rollover", "reset", "above_rating", "provisional"),
    *("power", "amount", "session"),
)
"""What made an increment, by its number in ``Increments.rule``.

The first five are those of ``policy``, ``power`` is that of the module of that name, the last two those
of ``amounts``.
"""


@dataclass(frozen=True)
class Counters:
    """Readings of counters: those of segment ``i`` are rows ``offsets[i]`` to ``offsets[i + 1]``, by time.

    A segment is one binding of one series.

    value
        After the multiplier, in the unit of the point's quantity; finite.
    most_per_hour
        Of each segment, what can pass in an hour at most; inf: not known.
    unit
        Of each segment, one unit of the device's register after the multiplier.
    register_size
        Of each segment, the first value that the register cannot show, after the multiplier; NaN: not
        known.
    closed
        Of each segment, whether its last reading is the end of its binding: none will follow.
    """

    offsets: Rows
    time_us: Micros
    value: Floats
    most_per_hour: Floats
    unit: Floats
    register_size: Floats
    closed: Bools

    def segments(self) -> Rows:
        """The segment of each row."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def runs(self, rows: Rows) -> "Counters":
        """Some rows, at least one, in order: each run of neighbours in a segment as a segment of its own."""
        segment = self.segments()[rows]
        begins = 1 + np.flatnonzero((np.diff(rows) != 1) | (np.diff(segment) != 0))
        offsets = np.concatenate([[0], begins, [len(rows)]]).astype(np.intp)
        own = segment[offsets[:-1]]
        return Counters(
            offsets,
            self.time_us[rows],
            self.value[rows],
            self.most_per_hour[own],
            self.unit[own],
            self.register_size[own],
            self.closed[own],
        )


@dataclass(frozen=True)
class Increments:
    """What passed between kept readings, ``[start_us, end_us)``; those of a segment in order of time.

    amount
        NaN where it does not count (provisional, or unknown since a reset).
    covers
        Whether the amount is all that passed; False also for what is counted since a reset.
    estimated
        Whether its distribution over time, or the amount itself, is an estimate.
    first, second
        Rows of the readings at its ends; -1 where it has none.
    rule
        Which of ``RULES`` made it.
    """

    segment: Rows
    start_us: Micros
    end_us: Micros
    amount: Floats
    covers: Bools
    estimated: Bools
    first: Rows
    second: Rows
    rule: NDArray[np.int8]


@dataclass(frozen=True)
class Faults:
    """Where the rules found something, by code: rows of ``Counters`` that were given.

    ``before`` is the last kept reading before the faulty one.
    """

    code: str
    rows: Rows
    before: Rows


def joined(parts: list[Increments]) -> Increments:
    """Increments one after the other."""
    kept = [part for part in parts if len(part.amount)] or parts[:1]
    if len(kept) == 1:
        return kept[0]
    names = Increments.__dataclass_fields__
    return Increments(*(np.concatenate([getattr(p, name) for p in kept]) for name in names))


def chosen(passed: Increments, rows: Rows | Bools) -> Increments:
    """Some of the increments."""
    return Increments(*(getattr(passed, name)[rows] for name in Increments.__dataclass_fields__))
