"""Faults drawn at random over a series: which, when, for how long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from quotawatt.spans import Span
from simulators.seriesfaults import Lost, SeriesFault, SeriesFaultKind
from simulators.streams import stream

LENGTHS_H: Mapping[SeriesFaultKind, tuple[int, int]] = {
    SeriesFaultKind.OUTAGE: (6, 72),
    SeriesFaultKind.STUCK: (12, 120),
    SeriesFaultKind.NIGHT_RUNNING: (5 * 24, 30 * 24),
    SeriesFaultKind.WEEKEND_RUNNING: (14 * 24, 42 * 24),
    SeriesFaultKind.LATE_SWITCH_OFF: (5 * 24, 25 * 24),
    SeriesFaultKind.LEAK: (7 * 24, 45 * 24),
    SeriesFaultKind.CREEP: (45 * 24, 120 * 24),
    SeriesFaultKind.UNIT_MISTAKE: (3, 120),
    SeriesFaultKind.SPIKE: (1, 1),
}
"""Between how many hours a fault lasts, drawn evenly; whole days where it comes back by the day."""

_GAP = timedelta(days=10)
"""Between two faults: none hides where another begins."""

_TRIES = 50

_WHOLE_DAYS_H = 5 * 24
"""A kind that lasts at least so long begins and ends at a local noon."""


def draw_faults(
    span: Span, zone: ZoneInfo, kinds: Sequence[SeriesFaultKind], seed: int
) -> list[SeriesFault]:
    """One fault of each of ``kinds`` somewhere in the span, in order of time, ten days apart.

    Where a span has no room left, the last kinds are left out.
    """
    draws = stream(seed, "faults")
    found: list[SeriesFault] = []
    for kind in sorted(kinds, key=lambda k: -LENGTHS_H[k][1]):
        fault = _placed(kind, span, zone, found, draws)
        if fault is not None:
            found.append(fault)
    return sorted(found, key=lambda fault: fault.start)


def _placed(
    kind: SeriesFaultKind,
    span: Span,
    zone: ZoneInfo,
    others: Sequence[SeriesFault],
    draws: np.random.Generator,
) -> SeriesFault | None:
    shortest, longest = LENGTHS_H[kind]
    lost = list(Lost)[int(draws.integers(0, 2)) * 2]
    for _ in range(_TRIES):
        length = timedelta(hours=int(draws.integers(shortest, longest + 1)))
        room_h = int((span.end - span.start - length) / timedelta(hours=1))
        if room_h <= 0:
            continue
        start = span.start + timedelta(hours=int(draws.integers(0, room_h)))
        if shortest >= _WHOLE_DAYS_H:
            start, length = _midday(start, zone), timedelta(days=length.days)
        fault = SeriesFault(kind, start, start + length, lost=lost)
        if all(fault.start >= o.end + _GAP or fault.end + _GAP <= o.start for o in others):
            return fault
    return None


def _midday(instant: datetime, zone: ZoneInfo) -> datetime:
    """Noon of the local day: a night that has begun belongs to the fault as a whole."""
    local = instant.astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0, fold=0)
    return local.astimezone(instant.tzinfo)
