"""Values of one quantity as they were told, and what they were at the ends of trips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.track import Floats, Ints, Track, microseconds
from quotawatt.fleet.trips import Trip

_SAMPLES = 15  # of a window, evenly over it: enough for a median
_FAR = np.iinfo(np.int64).max // 4
_NORMAL = 1.4826  # standard deviation of normal noise over its median absolute deviation

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Told:
    """The messages that told a quantity: instants [UTC µs], ascending, and values, none missing."""

    times_us: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.times_us)

    def kept(self, keep: NDArray[np.bool_]) -> "Told":
        """Some of them."""
        return Told(self.times_us[keep], self.values[keep])


@dataclass(frozen=True, slots=True)
class Ends:
    """When trips begin and end [UTC µs].

    left_us, arrived_us
        The last instant before and the first one after at which the vehicle is known to have stood: those of
        the trip, where its departure and arrival were seen.
    """

    start_us: Ints
    end_us: Ints
    left_us: Ints
    arrived_us: Ints

    @property
    def before_us(self) -> Ints:
        """When the rest before each began."""
        return np.concatenate([[-_FAR], self.arrived_us[:-1]]).astype(np.int64)

    @property
    def after_us(self) -> Ints:
        """When the rest after each ended."""
        return np.concatenate([self.left_us[1:], [_FAR]]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A value at one end of each trip.

    value
        NaN: not known.
    noise
        Standard deviation of what was told about it.
    moving
        Whether it was told in motion only.
    """

    value: Floats
    noise: Floats
    moving: NDArray[np.bool_]


def told(track: Track, name: str) -> Told:
    """The messages of a track that told a quantity."""
    values = track.column(name)
    known = np.isfinite(values)
    return Told(track.times_us[known], values[known])


def ends_of(trips: Sequence[Trip]) -> Ends:
    """The ends of trips in order of time."""
    return Ends(
        _micros([trip.start for trip in trips]),
        _micros([trip.end for trip in trips]),
        _micros([trip.start_after or trip.start for trip in trips]),
        _micros([trip.end_before or trip.end for trip in trips]),
    )


def without_spikes(series: Told, least: float) -> Told:
    """Without single values that are off both neighbours by ``least`` or more while these agree."""
    if len(series) < 3:
        return series
    before, value, after = series.values[:-2], series.values[1:-1], series.values[2:]
    agree = np.abs(after - before) < least
    off = np.minimum(np.abs(value - before), np.abs(value - after)) >= least
    keep = np.ones(len(series), dtype=bool)
    keep[1:-1] = ~(agree & off)
    return series.kept(keep)


def at_start(series: Told, ends: Ends, window_s: float) -> Anchor:
    """The last value at rest before each trip; else the first one on the way, if it came soon."""
    until = np.searchsorted(series.times_us, ends.left_us, "right")
    since = np.searchsorted(series.times_us, ends.before_us, "left")
    rest = _window(series, since, until, window_s)
    soon = ends.start_us + _soon_us(ends, window_s)
    way = _median(series, until, np.searchsorted(series.times_us, soon, "right"))
    return _either(rest, way)


def at_end(series: Told, ends: Ends, window_s: float, settle_s: float) -> Anchor:
    """The value that settled at rest after each trip; else the last one on the way, if it came late."""
    since = np.searchsorted(series.times_us, ends.arrived_us, "left")
    gone = np.searchsorted(series.times_us, ends.after_us, "right")
    settled = np.minimum(ends.arrived_us + int(settle_s * 1e6), ends.after_us)
    until = np.searchsorted(series.times_us, settled, "right")
    # Nothing in time: the first message at rest, however late it came.
    until = np.where(until > since, until, np.minimum(since + 1, gone))
    rest = _window(series, since, until, window_s)
    late = ends.end_us - _soon_us(ends, window_s)
    way = _median(series, np.searchsorted(series.times_us, late, "left"), since)
    return _either(rest, way)


def _micros(instants: Sequence[datetime]) -> Ints:
    return np.array([microseconds(when) for when in instants], dtype=np.int64)


def _soon_us(ends: Ends, window_s: float) -> Ints:
    """How far inside a trip a value still stands for its end: the window, or a twentieth of the trip."""
    soon: Ints = np.maximum(int(window_s * 1e6), (ends.end_us - ends.start_us) // 20)
    return soon


def _window(series: Told, since: Rows, until: Rows, window_s: float) -> Anchor:
    """The median over the last ``window_s`` of rows ``[since, until)``."""
    if not len(series):
        return _median(series, since, until)
    last = series.times_us[np.clip(until - 1, 0, len(series) - 1)]
    recent = np.searchsorted(series.times_us, last - int(window_s * 1e6), "left")
    return _median(series, np.maximum(since, recent), until)


def _median(series: Told, since: Rows, until: Rows) -> Anchor:
    """The lower median and the noise of rows ``[since, until)`` of each trip."""
    count = until - since
    known = count > 0
    still = np.zeros(len(count), dtype=bool)
    nothing = np.full(len(count), np.nan)
    if not known.any():
        return Anchor(nothing, nothing.copy(), still)
    steps = np.arange(_SAMPLES)[None, :]
    rows = since[:, None] + np.maximum(count - 1, 0)[:, None] * steps // (_SAMPLES - 1)
    sample = np.sort(series.values[np.clip(rows, 0, len(series) - 1)], axis=1)
    middle = sample[:, (_SAMPLES - 1) // 2]
    spread = np.sort(np.abs(sample - middle[:, None]), axis=1)[:, (_SAMPLES - 1) // 2]
    return Anchor(np.where(known, middle, np.nan), np.where(known, _NORMAL * spread, np.nan), still)


def _either(rest: Anchor, way: Anchor) -> Anchor:
    """At rest where that is known, else on the way."""
    moving = np.isnan(rest.value) & np.isfinite(way.value)
    return Anchor(
        np.where(moving, way.value, rest.value), np.where(moving, way.noise, rest.noise), moving
    )
