"""When an event found is an event that was there: counted the same for every detector."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

Event = tuple[pd.Timestamp, pd.Timestamp]
"""Start and end, half-open."""

LEAST_TOLERANCE = pd.Timedelta(hours=48)
TOLERANCE_SHARE = 0.25


class Truth(NamedTuple):
    """A labelled event; ``tolerance``: how far from its start an event found may begin."""

    kind: str
    start: pd.Timestamp
    end: pd.Timestamp
    tolerance: pd.Timedelta


class Score(NamedTuple):
    """Truths found, events that are none, truths missed; sums add up over series."""

    hits: int
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing was found."""
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)

    def plus(self, other: "Score") -> "Score":
        """Both together."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def tolerance_of(start: pd.Timestamp, end: pd.Timestamp, share: float) -> pd.Timedelta:
    """Two days, or a share of the event's length where that is more."""
    return max(LEAST_TOLERANCE, share * (end - start))


def pairs(truths: Sequence[Truth], events: Sequence[Event]) -> list[tuple[int, int]]:
    """Which truth is found by which event: they overlap and begin within the tolerance.

    One truth once, one event once, nearest beginnings first; everything else found is false, a second
    event of one truth too.
    """
    possible = sorted(
        (abs(start - truth.start), t, e)
        for t, truth in enumerate(truths)
        for e, (start, end) in enumerate(events)
        if start < truth.end and end > truth.start and abs(start - truth.start) <= truth.tolerance
    )
    found: list[tuple[int, int]] = []
    for _, t, e in possible:
        if all(t != i and e != j for i, j in found):
            found.append((t, e))
    return found


def score(truths: Sequence[Truth], events: Sequence[Event]) -> Score:
    """Hits, false events and missed truths of one series."""
    hits = len(pairs(truths, events))
    return Score(hits, len(events) - hits, len(truths) - hits)
