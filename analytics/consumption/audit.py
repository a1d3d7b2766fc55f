"""The books of a point over a time: what its counters showed at both ends, against the sum of its hours.

For each device bound in the time: its stand at the beginning and at the end, where it wrapped, was reset
or replaced, and what passed by that; then powers, bills and purchases. An auditor can read the meter and
add the hours up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.explain import Step, step_of
from analytics.consumption.increments import RULES, Increments, Rows
from analytics.consumption.passing import Passed, passed_at
from analytics.consumption.points import Wiring
from analytics.grid import Floats, Key, micros_of
from quotawatt.spans import Span

_ADJUSTING = [RULES.index(name) for name in ("rollover", "reset", "provisional")]


@dataclass(frozen=True, slots=True)
class Stand:
    """What a counter showed, before the multiplier.

    ``read``: at that instant it was read; otherwise the stand lies between two readings, linearly.
    """

    time: datetime
    shown: float
    read: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An increment that is not the difference of its readings, and what that adds to the stands' difference.

    ``adjustment`` is in the unit of the point: a register size for a rollover; for a fall that does not
    count, what the counter fell by.
    """

    step: Step
    adjustment: float


@dataclass(frozen=True, slots=True)
class Section:
    """What one source gave over the time.

    device, channel, quantity
        Device is empty for a bill or a purchase.
    opening, closing
        Stands of a counter; None for a power, a bill, and readings by hand that give way to a device.
    passed
        In the unit of the point: (closing - opening) x multiplier + adjustments, or what the increments say.
    estimated
        Whether all of it is an estimate, for it comes from no counter.
    """

    device: str
    channel: str
    quantity: str
    multiplier: float | None
    register_size: float | None
    opening: Stand | None
    closing: Stand | None
    events: tuple[Event, ...]
    passed: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """A point's sources over a time; ``total`` is what all sections say passed, in the point's unit."""

    point: Key
    span: Span
    sections: tuple[Section, ...]
    total: float

    def difference(self, hours: float) -> float:
        """The total less what the hours add up to."""
        return self.total - hours


def audit(
    readings: CleanReadings,
    wiring: Wiring,
    point: Key,
    span: Span,
    amounts: Sequence[Amount] = (),
) -> Audit:
    """The sections of a counted point over ``span``; readings and amounts as for ``hourly_use``.

    Where the span ends on readings the stands are the meter's own; elsewhere they are interpolated.
    """
    passed = passed_at(readings, wiring, [point], amounts)
    made = passed.increments
    inside = (made.start_us < micros_of(span.end)) & (made.end_us > micros_of(span.start))
    sections = []
    for number in np.unique(made.segment[inside]).tolist():
        rows = np.flatnonzero(inside & (made.segment == number))
        rows = rows[np.argsort(made.start_us[rows])]
        if (section := _section(passed, number, rows, span)) is not None:
            sections.append(section)
    sections.sort(key=lambda s: s.opening.time if s.opening else span.start)
    return Audit(point, span, tuple(sections), float(sum(s.passed for s in sections)))


def _section(passed: Passed, number: int, rows: Rows, span: Span) -> Section | None:
    """The section of one segment, from its increments in the span, by time."""
    made = passed.increments
    low, high = _cut(made, rows, span)
    # At the ends of the span an increment that does not count is as if it were not there.
    counted = ~np.isnan(made.amount[rows]) | ((low == 0) & (high == 1))
    if not counted.any():
        return None
    rows, low, high = rows[counted], low[counted], high[counted]
    first = _Part(step_of(passed, int(rows[0])), float(low[0]), float(high[0]))
    last = _Part(step_of(passed, int(rows[-1])), float(low[-1]), float(high[-1]))
    if not _has_stands(passed, rows):
        total = float(np.nansum(made.amount[rows] * (high - low)))
        return _with(passed, number, first.step, None, None, (), total)
    multiplier = first.step.multiplier or 1.0
    opening, closing = first.opening(multiplier), last.closing(multiplier)
    adjusting = rows[np.isin(made.rule[rows], _ADJUSTING) & (low == 0) & (high == 1)]
    events = tuple(_event(step_of(passed, row), multiplier) for row in adjusting.tolist())
    total = (closing.shown - opening.shown) * multiplier + sum(e.adjustment for e in events)
    return _with(passed, number, first.step, opening, closing, events, total)


def _cut(made: Increments, rows: Rows, span: Span) -> tuple[Floats, Floats]:
    """Where each increment enters the span and leaves it, as shares of its time."""
    start, length = made.start_us[rows], made.end_us[rows] - made.start_us[rows]
    low = np.maximum((micros_of(span.start) - start) / length, 0.0)
    return low, np.minimum((micros_of(span.end) - start) / length, 1.0)


def _event(step: Step, multiplier: float) -> Event:
    rise = (float(step.after or 0) - float(step.before or 0)) * multiplier
    return Event(step, (step.amount or 0.0) - rise)


def _with(
    passed: Passed,
    number: int,
    step: Step,
    opening: Stand | None,
    closing: Stand | None,
    events: tuple[Event, ...],
    total: float,
) -> Section:
    stretches = passed.segments.stretches
    size = stretches[number].binding.register_size if number < len(stretches) else None
    named = (step.device, step.channel, step.quantity, step.multiplier, size)
    return Section(*named, opening, closing, events, total, opening is None)


def _has_stands(passed: Passed, rows: Rows) -> bool:
    """Whether the increments run from reading to reading of a counter."""
    made, time_us = passed.increments, passed.segments.time_us
    if RULES[made.rule[rows[0]]] in ("power", "amount", "session"):
        return False
    on_readings = made.start_us[rows] == time_us[made.first[rows]]
    on_readings &= made.end_us[rows] == time_us[made.second[rows]]
    return bool(on_readings.all())


@dataclass(frozen=True, slots=True)
class _Part:
    """What of an increment lies in the span: from ``low`` to ``high``, as shares of its time."""

    step: Step
    low: float
    high: float

    def opening(self, multiplier: float) -> Stand:
        before, after = float(self.step.before or 0), float(self.step.after or 0)
        if self.low == 0:
            return Stand(self.step.start, before, True)
        rise = (self.step.amount or 0.0) / multiplier
        start = self.step.start + (self.step.end - self.step.start) * self.low
        return Stand(start, after - rise * (1 - self.low), False)

    def closing(self, multiplier: float) -> Stand:
        before, after = float(self.step.before or 0), float(self.step.after or 0)
        if self.high == 1:
            return Stand(self.step.end, after, True)
        rise = (self.step.amount or 0.0) / multiplier
        end = self.step.start + (self.step.end - self.step.start) * self.high
        # Of an increment that holds the whole span the opening is told from its end, so is this.
        base = before if self.low == 0 else after - rise
        return Stand(end, base + rise * self.high, False)
