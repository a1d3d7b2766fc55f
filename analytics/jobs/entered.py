"""What was entered by hand, from the stores, beside what devices counted over the same time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from analytics.consumption.handledger import by_point
from analytics.consumption.points import Stretch, Wiring
from analytics.grid import Key
from analytics.reconciliation.entered import ByHand, Compared
from quotawatt.hand.book import stored_of
from quotawatt.hand.entries import BILL, BY_HAND, READING, Stored
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import Span, floor_hour
from quotawatt.storage.hand_tables import hand_entries
from quotawatt.storage.port import SeriesStore

LOOKED_BACK = timedelta(days=400)
COVERED = 0.95
"""Less of a time than that says nothing of it."""


def entered_by_hand(
    series: SeriesStore, records: Engine, register: Register, now: datetime
) -> ByHand:
    """The entries that stand and end within ``LOOKED_BACK``, and the newest beside the devices' count."""
    t = hand_entries.c
    standing = select(hand_entries).where(t.latest, ~t.withdrawn, t.end > now - LOOKED_BACK)
    with records.connect() as conn:
        entries = by_point(stored_of(dict(row)) for row in conn.execute(standing).mappings())
    wiring = Wiring(register)
    devices = {point: _devices(wiring, point) for point in entries}
    return ByHand(
        ends={point: sorted(one.entry.end for one in own) for point, own in entries.items()},
        fed=frozenset(p for p, fed in devices.items() if any(s.start <= now < s.end for s in fed)),
        compared=[
            compared
            for point, own in entries.items()
            for compared in _compared(series, point, own, devices[point])
        ],
    )


def _devices(wiring: Wiring, point: Key) -> list[Stretch]:
    sources = wiring.sources(point)
    return [s for s in sources if not s.implied and not s.series.device.startswith(BY_HAND)]


def _compared(
    series: SeriesStore, point: Key, entries: Sequence[Stored], devices: Sequence[Stretch]
) -> Iterator[Compared]:
    """The newest bill, and the time between the newest two readings, where one device counted all of it."""
    readings = [one.entry for one in entries if one.entry.kind == READING][-2:]
    bills = [one.entry for one in entries if one.entry.kind == BILL][-1:]
    spans = [(BILL, Span(bill.start, bill.end), bill.amount or 0.0) for bill in bills]
    if len(readings) == 2:
        first, last = (entry.value or 0.0 for entry in readings)
        span = Span(readings[0].start, readings[1].start)
        spans += [(READING, span, last - first)] if last >= first else []
    for kind, span, shown in spans:
        whole = [s for s in devices if s.start <= span.start and span.end <= s.end]
        counted = _counted(series, point, span) if len(whole) == 1 else None
        if counted is not None:
            multiplier = whole[0].binding.multiplier
            entered = shown * multiplier if kind == READING else shown
            yield Compared(point, kind, span, entered, counted, multiplier)


def _counted(series: SeriesStore, point: Key, span: Span) -> float | None:
    """The use over the full hours nearest to the span; None where too little of it is known."""
    hours = Span(floor_hour(span.start), floor_hour(span.end))
    rows = series.sum_results(Grain.HOUR, [point.subject], [point.measure], hours).to_pylist()
    if not rows or rows[0]["value"] is None:
        return None
    known = rows[0]["coverage"] * rows[0]["intervals"] / max(hours.hours, 1.0)
    return float(rows[0]["value"]) if known >= COVERED else None
