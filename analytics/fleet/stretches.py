"""How far a vehicle came in fixed stretches of the clock, by place and by odometer."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.arrays import apart_km, last_told
from analytics.fleet.track import Bools, Floats, Ints, Track

# Odometers in whole kilometres, told late: what a stretch must have brought for one to contradict it.
_ODOMETER_PROOF_KM = 2.0

# For so long a place is one of the speeds told after it.
_FRESH_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Stretches:
    """Messages with a speed, by stretches whose bounds are multiples of their length since the epoch.

    Fixed bounds make what is said of a stretch the same wherever a stream was cut.

    rows
        Messages with a speed.
    stretch_of
        Number of the stretch of each of ``rows``.
    lowest_kmh, highest_kmh
        Of the speeds told in each stretch.
    known, moved_km
        Whether it is known how far the vehicle moved: from the last place (odometer) told before the
        stretch to the first after it, and the farthest within. Places count where most of the speeds came
        with one.
    heard
        Whether messages before and after are near: what moved did so in this stretch.
    """

    rows: Ints
    stretch_of: Ints
    lowest_kmh: Floats
    highest_kmh: Floats
    known: Bools
    moved_km: Floats
    heard: Bools

    def stood(self, drift_km: float) -> Bools:
        """Of each stretch, whether the vehicle stayed in its place all the while."""
        return self.known & (self.moved_km < drift_km)


def stretches_of(track: Track, length_s: float) -> Stretches | None:
    """The stretches in which speeds were told; None where none was."""
    speed = track.column("speed_kmh")
    told = np.isfinite(speed)
    rows = np.arange(len(track)) if told.all() else np.flatnonzero(told)
    if not len(rows):
        return None
    length = int(length_s * 1e6)
    number = track.times_us[rows] // length
    new = number[1:] != number[:-1]
    starts = np.concatenate([[0], np.flatnonzero(new) + 1])
    lowest = np.minimum.reduceat(speed[rows], starts)
    since = number[starts] * length
    known, moved = _by_place(track, since, since + length)
    known &= _with_place(track, rows, starts)
    proof = lowest * (length_s / 3600.0) > _ODOMETER_PROOF_KM
    by_odometer, driven = _by_odometer(track, since, since + length)
    moved = np.where(by_odometer, np.fmax(np.where(known, moved, 0.0), driven), moved)
    known = known | (by_odometer & (proof | (driven > 0.0)))
    stretch_of = np.concatenate([[0], np.cumsum(new)])
    highest = np.maximum.reduceat(speed[rows], starts)
    first, last = _around(track.times_us, since, since + length)
    heard = track.times_us[last] - track.times_us[first] <= 2 * length
    return Stretches(rows, stretch_of, lowest, highest, known, moved, heard)


def _with_place(track: Track, rows: Ints, starts: Ints) -> Bools:
    """Of each stretch, whether most of its speeds came with a place or shortly after one."""
    told = np.isfinite(track.column("latitude_deg"))
    if told.all():
        return np.ones(len(starts), dtype=np.bool_)
    last = last_told(told)[rows]
    age_us = track.times_us[rows] - track.times_us[last]
    placed = ((last >= 0) & (age_us <= _FRESH_US)).astype(np.float64)
    counts = np.diff(np.append(starts, len(rows)))
    most: Bools = np.add.reduceat(placed, starts) >= 0.5 * counts
    return most


def _by_place(track: Track, since_us: Ints, until_us: Ints) -> tuple[Bools, Floats]:
    """Diagonal of the box that holds the places of each stretch."""
    latitude, longitude = track.column("latitude_deg"), track.column("longitude_deg")
    told = np.flatnonzero(np.isfinite(latitude))
    if len(told) < 2:
        return np.zeros(len(since_us), dtype=np.bool_), np.zeros(len(since_us))
    first, last = _around(track.times_us[told], since_us, until_us)
    north, south = _spread(latitude[told], first, last)
    east, west = _spread(longitude[told], first, last)
    return last > first, apart_km(south, west, north, east)


def _by_odometer(track: Track, since_us: Ints, until_us: Ints) -> tuple[Bools, Floats]:
    odometer = track.column("odometer_km")
    told = np.flatnonzero(np.isfinite(odometer))
    if len(told) < 2:
        return np.zeros(len(since_us), dtype=np.bool_), np.zeros(len(since_us))
    first, last = _around(track.times_us[told], since_us, until_us)
    return last > first, np.abs(odometer[told[last]] - odometer[told[first]])


def _around(times_us: Ints, since_us: Ints, until_us: Ints) -> tuple[Ints, Ints]:
    """The last row at or before each stretch, or its first; and the first at or after it, or its last."""
    bounds = np.concatenate([since_us + 1, until_us])
    order = np.searchsorted(times_us, bounds)
    first, last = order[: len(since_us)] - 1, order[len(since_us) :]
    return np.maximum(first, 0), np.minimum(last, len(times_us) - 1)


def _spread(values: Floats, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """Greatest and least value of each ``first..last``, both included."""
    bounds = np.stack([first, last + 1], axis=1).ravel()
    padded = np.append(values, values[-1])
    return (
        np.maximum.reduceat(padded, bounds)[::2],
        np.minimum.reduceat(padded, bounds)[::2],
    )
