"""Which readings feed which point, when, and what can pass there: the register as consumption asks it.

A point is (asset code, quantity); it is also the key of its results.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from analytics.cleaning import USED
from analytics.grid import Key
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Meter, PvPlant, Register, Vehicle
from quotawatt.spans import Span

_EVER = datetime.max.replace(tzinfo=UTC)

_PER_KWH = {"_kwh": 1.0, "_gj": 0.0036}

# What no official vehicle exceeds in an hour: unverified, our own and generous, to tell faults only.
_VEHICLE_MOST_PER_HOUR = {"odometer_km": 200.0, "fuel_used_l": 100.0}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time ``[start, end)`` over which one binding lets a series feed a point.

    A counter's reading at the very end still closes the stretch: that is the old meter's last stand.
    """

    series: SeriesKey
    point: Key
    binding: Binding
    start: datetime
    end: datetime

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
            series = {
                SeriesKey(b.device, b.channel, b.quantity or point.measure)
                for b in self.register.bindings_of(point.subject)
                if (b.point_quantity or b.quantity or point.measure) == point.measure
            }
            self._sources[point] = tuple(
                s for one in sorted(series) for s in self.stretches(one) if s.point == point
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


def _stretches(series: SeriesKey, register: Register) -> list[Stretch]:
    bindings = register.bindings_on(series.device, series.channel)
    edges = {b.valid_from for b in bindings} | {b.valid_until or _EVER for b in bindings}
    found: list[Stretch] = []
    for edge, end in pairwise(sorted(edges)):
        start = edge
        binding = register.binding(series.device, series.channel, series.quantity, start)
        if binding is None:
            continue
        point = Key(binding.asset, binding.point_quantity or series.quantity)
        if point.measure not in USED:
            continue
        if found and found[-1].end == start and found[-1].binding == binding:
            start = found.pop().start
        found.append(Stretch(series, point, binding, start, end))
    return found
