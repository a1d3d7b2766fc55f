"""Messages of vehicles out of the series store, by the bindings of the register as of their time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.fleet.track import Track, microseconds, track_from_readings
from analytics.grid import micros
from analytics.jobs.fleetmarks import BY_ASSET, FOLLOWED
from quotawatt.quantities import COUNTERS
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Source:
    """A series that tells a quantity of a vehicle in ``[start_us, end_us)``; a counter times the factor."""

    series: SeriesKey
    quantity: str
    start_us: int
    end_us: int
    factor: float = 1.0


class Tracks:
    """Loads tracks. Made for one run: it remembers which series there are.

    Of several devices that tell the same quantity at one time only one is heard, whichever comes first: bound
    by the quantity's name, then bound earlier, then by the device's name. Two odometers are not one.
    Readings without a device count where no device is bound that tells the quantity.
    """

    def __init__(self, series: SeriesStore, register: Register) -> None:
        self._series = series
        self._register = register
        self._known = frozenset(series.known_series())

    def load(self, vehicle: str, span: Span) -> Track:
        """The vehicle's messages of the span, suspect readings left out; of an exempt vehicle none."""
        if self._register.vehicles[vehicle].tracking_exempt:
            return _empty(vehicle)
        return self.told(vehicle, FOLLOWED, span)

    def told(self, asset: str, quantities: Iterable[str], span: Span) -> Track:
        """What devices told of an asset in the span, whatever it is; suspect readings are left out."""
        sources = list(self._sources(asset, quantities, span))
        keys = sorted({source.series for source in sources})
        if not keys:
            return _empty(asset)
        values = self._series.read_values(keys, span)
        place = {key: index for index, key in enumerate(keys)}
        series = values["series"].to_numpy()
        time_us, value = micros(values["time"]), values["value"].to_numpy()
        heard = list(_heard_first(sources, time_us, series, place))
        if not heard:
            return _empty(asset)
        told = {
            "quantity": np.repeat(
                [s.quantity for s, _ in heard], [rows.sum() for _, rows in heard]
            ),
            "time": np.concatenate([time_us[rows] for _, rows in heard]).astype("datetime64[us]"),
            "value": np.concatenate([value[rows] * _factor(source) for source, rows in heard]),
        }
        return track_from_readings(asset, pd.DataFrame(told))

    def _sources(self, asset: str, quantities: Iterable[str], span: Span) -> Iterator[Source]:
        """What may tell of the asset in the span; by quantity the one that is heard first comes first."""
        bindings = sorted(
            self._register.bindings_of(asset),
            key=lambda b: (not b.quantity, b.valid_from, b.device, b.channel),
        )
        for quantity in quantities:
            for binding in bindings:
                yield from self._of_binding(binding, quantity, span)
            series = SeriesKey(BY_ASSET + asset, "", quantity)
            if series in self._known and not self._register.bindings_on(*series[:2]):
                yield Source(series, quantity, microseconds(span.start), microseconds(span.end))

    def _of_binding(self, binding: Binding, quantity: str, span: Span) -> Iterator[Source]:
        """The series by which a binding feeds the quantity, while no other binding takes it away."""
        own = binding.quantity or quantity
        series = SeriesKey(binding.device, binding.channel, own)
        if (binding.point_quantity or own) != quantity or series not in self._known:
            return
        start = max(span.start, binding.valid_from)
        end = min(span.end, binding.valid_until or span.end)
        others = [
            other
            for other in self._register.bindings_on(binding.device, binding.channel)
            if other.quantity == own and not binding.quantity
        ]
        for part in _without(Span(start, end) if start < end else None, others):
            edges = microseconds(part.start), microseconds(part.end)
            yield Source(series, quantity, *edges, binding.multiplier)


def _heard_first(
    sources: Sequence[Source], time_us: Ints, series: Ints, place: dict[SeriesKey, int]
) -> Iterator[tuple[Source, Bools]]:
    """Each source with its rows; times at which one before it is bound are not its own."""
    taken: dict[str, list[Source]] = {}
    for source in sources:
        rows = series == place[source.series]
        rows &= (time_us >= source.start_us) & (time_us < source.end_us)
        before = taken.setdefault(source.quantity, [])
        for other in before:
            rows &= (time_us < other.start_us) | (time_us >= other.end_us)
        before.append(source)
        if rows.any():
            yield source, rows


def _factor(source: Source) -> float:
    """What a value is multiplied by: only of counters does the binding say."""
    return source.factor if source.quantity in COUNTERS else 1.0


def _without(span: Span | None, others: Iterable[Binding]) -> Iterator[Span]:
    """The parts of a span in which none of the bindings holds."""
    left = [] if span is None else [span]
    for other in others:
        left = [
            part
            for one in left
            for part in (
                _span(one.start, min(one.end, other.valid_from)),
                _span(max(one.start, other.valid_until or one.end), one.end),
            )
            if part is not None
        ]
    yield from left


def _span(start: datetime, end: datetime) -> Span | None:
    return Span(start, end) if start < end else None


def _empty(vehicle: str) -> Track:
    return Track(vehicle, np.empty(0, np.int64), {})
