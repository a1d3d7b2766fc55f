"""Which readings feed which point, when, and what can pass there: the register as consumption asks it.

A point is (asset code, quantity); it is also the key of its results.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from analytics.consumption.byhand import (
    EVER,
    PREFIX,
    feeds_for_certain,
    hand_series,
    point_by_hand,
    spans_by_hand,
)
from analytics.consumption.cleaning import TAKEN, USED
from analytics.consumption.intervals import free_of
from analytics.grid import Key
from quotawatt.flows import FLOWS, POWERS, counted_as
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Meter, PvPlant, Register, Vehicle
from quotawatt.spans import Span

_PER_KWH = {"_kwh": 1.0, "_gj": 0.0036}

# What no official vehicle exceeds in an hour: unverified, our own and generous, to tell faults only.
_VEHICLE_MOST_PER_HOUR = {"odometer_km": 200.0, "fuel_used_l": 100.0}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time ``[start, end)`` over which one binding lets a series feed a point.

    A counter's reading at the very end still closes the stretch: that is the old meter's last stand.
    ``implied``: no binding of the register says so, the series is read by hand at the asset itself.
    """

    series: SeriesKey
    point: Key
    binding: Binding
    start: datetime
    end: datetime
    implied: bool = False

    def overlaps(self, span: Span) -> bool:
        """Whether any of it lies within the span."""
        return self.start < span.end and span.start < self.end


class Wiring:
    """Which series feed which points in one register, remembered from question to question."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._stretches: dict[SeriesKey, tuple[Stretch, ...]] = {}
        self._sources: dict[Key, tuple[Stretch, ...]] = {}

    def stretches(self, series: SeriesKey) -> tuple[Stretch, ...]:
        """All stretches of a series in order of time; quantities that have no results have none."""
        if series not in self._stretches:
            self._stretches[series] = tuple(_stretches(series, self.register))
        return self._stretches[series]

    def sources(self, point: Key) -> tuple[Stretch, ...]:
        """Every stretch that feeds the point, of all its series, in order of series and time."""
        if point not in self._sources:
            self._sources[point] = tuple(
                stretch
                for series in sorted(_series_of(point, self.register))
                for stretch in self.stretches(series)
                if stretch.point == point
            )
        return self._sources[point]

    def points_of(self, series: Iterable[SeriesKey]) -> tuple[Key, ...]:
        """Every point that any of the series feeds at any time, sorted."""
        return tuple(sorted({s.point for one in set(series) for s in self.stretches(one)}))

    def most_per_hour(self, point: Key) -> float:
        """What can pass at the point in an hour, in the unit of its quantity; inf: not known."""
        asset = self.register.assets.get(point.subject)
        rated_kw: float | None = None
        if isinstance(asset, Vehicle):
            return _VEHICLE_MOST_PER_HOUR.get(point.measure, math.inf)
        if isinstance(asset, Meter):
            rated_kw = asset.rated_power_kw
        elif isinstance(asset, PvPlant):
            rated_kw = asset.peak_power_kw
        for suffix, per_kwh in _PER_KWH.items():
            if rated_kw is not None and point.measure.endswith(suffix):
                return rated_kw * per_kwh
        return math.inf


def _series_of(point: Key, register: Register) -> set[SeriesKey]:
    """Every series that may feed a point: what its bindings name, and what is read by hand."""
    named = {
        SeriesKey(b.device, b.channel, quantity)
        for b in register.bindings_of(point.subject)
        for quantity in _feeding(b, point.measure)
    }
    return named | ({hand_series(point)} if point.measure in USED else set())


def _feeding(binding: Binding, measure: str) -> Iterator[str]:
    """The quantities of its channel that a binding brings to a point of this measure."""
    if not binding.quantity:
        if (binding.point_quantity or measure) == measure:
            yield measure
    elif measure in counted_as(binding.quantity, binding.point_quantity):
        yield binding.quantity


def _stretches(series: SeriesKey, register: Register) -> Iterator[Stretch]:
    if series.quantity not in TAKEN:
        return
    if (point := point_by_hand(series, register)) is not None:
        for span, binding in spans_by_hand(point, register):
            yield Stretch(series, point, binding, span.start, span.end, implied=True)
    for span, binding in bound_spans(series, register):
        if series.quantity in POWERS:
            yield from _by_power(series, span, binding, register)
        elif (measure := binding.point_quantity or series.quantity) in USED:
            yield Stretch(series, Key(binding.asset, measure), binding, span.start, span.end)


def bound_spans(series: SeriesKey, register: Register) -> list[tuple[Span, Binding]]:
    """Which binding holds for a series, when, in order of time."""
    bindings = [b for b in register.bindings_on(*series[:2]) if b.multiplier > 0]
    edges = {b.valid_from for b in bindings} | {b.valid_until or EVER for b in bindings}
    found: list[tuple[Span, Binding]] = []
    for start, end in pairwise(sorted(edges)):
        held = [b for b in bindings if b.holds(series.quantity, start)]
        if not held:
            continue
        # Of one quantity before all; of two that overlap, which the register's checks refuse, the newer.
        binding = max(held, key=lambda b: (bool(b.quantity), b.valid_from, b.asset))
        if found and found[-1][0].end == start and found[-1][1] == binding:
            start = found.pop()[0].start
        found.append((Span(start, end), binding))
    return found


def _by_power(
    series: SeriesKey, span: Span, binding: Binding, register: Register
) -> Iterator[Stretch]:
    """Where a power stands in for a counter: a binding names it, and none brings the counter then."""
    if not binding.quantity:
        return
    measures = counted_as(series.quantity, binding.point_quantity)
    own = FLOWS[series.quantity].taken if len(measures) > 1 else measures[0]
    if own not in USED:
        return
    others = [
        b
        for b in register.bindings_of(binding.asset)
        if b.quantity not in POWERS
        and not b.device.startswith(PREFIX)
        and feeds_for_certain(b, own, register)
    ]
    taken = [(b.valid_from, b.valid_until or EVER) for b in others]
    for start, end in free_of(span.start, span.end, taken):
        for measure in measures:
            yield Stretch(series, Key(binding.asset, measure), binding, start, end)
