"""What is left of a time, and what lies together: half-open intervals of instants or of microseconds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import numpy as np

from analytics.grid import Micros

Instant = TypeVar("Instant", datetime, int)


def free_of(
    start: Instant, end: Instant, taken: Iterable[tuple[Instant, Instant]]
) -> Iterator[tuple[Instant, Instant]]:
    """What is left of ``[start, end)`` without the intervals that are taken, in order of time."""
    for first, until in sorted(taken):
        if first >= end:
            break
        if start < first:
            yield start, first
        start = max(start, until)
    if start < end:
        yield start, end


def runs(start_us: Micros, end_us: Micros) -> list[tuple[int, int]]:
    """The time that intervals take together: those that touch or overlap as one, in order of time."""
    if not len(start_us):
        return []
    order = np.argsort(start_us, kind="stable")
    start, end = start_us[order], np.maximum.accumulate(end_us[order])
    begins = np.flatnonzero(start[1:] > end[:-1]) + 1
    first = start[np.append(0, begins)].tolist()
    until = end[np.append(begins - 1, len(end) - 1)].tolist()
    return list(zip(first, until, strict=True))
