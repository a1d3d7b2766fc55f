"""Between which messages a vehicle was under way, stood, or was not heard of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.fleet.arrays import apart_km, last_told, next_told
from analytics.fleet.cleaning_odometer import followed
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.stretches import stretches_of
from analytics.fleet.track import Bools, Floats, Ints, Track

STILL, MOVING, GAP = 0, 1, 2
"""What a leg between two messages is. A gap in which nothing moved is ``STILL``."""

Legs = NDArray[np.int8]

_TELLING = ("latitude_deg", "speed_kmh", "odometer_km", "ignition", "engine_rpm")


@dataclass(frozen=True, slots=True)
class Motion:
    """Messages that tell of motion, n of them, and the n - 1 legs between.

    track
        Those messages alone.
    times_s
        Seconds since the epoch: since the first message they would be rounded otherwise in every piece of a
        stream.
    legs_s, legs
        How long each leg is, and what.
    gap_km
        How far the vehicle came in each ``GAP``; 0 elsewhere.
    speed_kmh
        The speed valid at each message, told by it or shortly before; NaN: not known.
    engine
        1: runs, 0: is off, NaN: never told. Told last.
    odometer_km
        Kilometres counted since the first message, never falling, no matter what odometers were exchanged;
        NaN where not told.
    """

    track: Track
    times_s: Floats
    legs_s: Floats
    legs: Legs
    gap_km: Floats
    speed_kmh: Floats
    engine: Floats
    odometer_km: Floats

    def __len__(self) -> int:
        return len(self.track)


def motion_of(track: Track, parameters: FleetParameters) -> Motion:
    """Hold what is told of speed, place and odometer against each other, leg by leg.

    Where speeds are told they say when, but not that the vehicle moved: a stretch in which it kept its
    place is still. Where none is told, places that leave their surroundings and an odometer that counts
    say so.
    """
    track = _telling(track)
    times = track.times_us / 1e6
    legs_s = np.diff(track.times_us) / 1e6
    speed = _held(times, track.column("speed_kmh"), parameters.window_s)
    odometer = counted_km(track, parameters)
    legs = np.where(_moving(track, times, speed, odometer, parameters), MOVING, STILL)
    gaps = np.flatnonzero(legs_s > parameters.gap_s)
    gap_km = np.zeros(len(legs_s))
    gap_km[gaps] = _across(track, times, odometer, gaps, parameters)
    legs[gaps] = np.where(gap_km[gaps] > 0.0, GAP, STILL)
    return Motion(
        track, times, legs_s, legs.astype(np.int8), gap_km, speed, _engine(track), odometer
    )


def counted_km(track: Track, parameters: FleetParameters) -> Floats:
    """The odometer as one that starts at 0, never falls and was never exchanged; NaN where not told."""
    odometer = track.column("odometer_km")
    told = np.flatnonzero(np.isfinite(odometer))
    counted = np.full(len(odometer), np.nan)
    if len(told):
        values = odometer[told]
        steps = np.diff(values, prepend=values[0])
        exchanged = ~followed(values, track.times_us[told] / 1e6, parameters)
        lifted = values - values[0] - np.cumsum(np.where(exchanged, steps, 0.0))
        counted[told] = np.maximum.accumulate(lifted)
    return counted


def _telling(track: Track) -> Track:
    """The messages that tell of motion."""
    telling = np.zeros(len(track), dtype=np.bool_)
    for name in _TELLING:
        if name in track.columns:
            telling |= np.isfinite(track.columns[name])
    if telling.all():
        return track
    columns = {name: column[telling] for name, column in track.columns.items()}
    return Track(track.vehicle, track.times_us[telling], columns)


def _held(times: Floats, values: Floats, hold_s: float) -> Floats:
    """Each value until the next, for at most so long."""
    told = np.isfinite(values)
    if told.all():
        return values
    last = last_told(told)
    fresh = (last >= 0) & (times - times[last] <= hold_s)
    return np.where(fresh, values[last], np.nan)


def _engine(track: Track) -> Floats:
    """Whether the engine is on: by its turning where that is told, else by the ignition."""
    rpm, ignition = track.column("engine_rpm"), track.column("ignition")
    told = np.where(np.isfinite(rpm), (rpm > 0.0).astype(np.float64), ignition)
    last = last_told(np.isfinite(told))
    return np.where(last >= 0, told[last], np.nan)


def _moving(
    track: Track, times: Floats, speed: Floats, odometer: Floats, parameters: FleetParameters
) -> Bools:
    """Of each leg, whether the vehicle was under way on it."""
    told = np.isfinite(speed)
    fast = speed > parameters.motion_kmh
    stretches = stretches_of(track, parameters.contradiction_s)
    if stretches is not None:
        fast[stretches.rows] &= ~stretches.stood(parameters.drift_km)[stretches.stretch_of]
    faster = fast[:-1] | fast[1:]
    silent = ~(told[:-1] & told[1:])
    if not silent.any():
        return faster
    moved = _left_its_place(track, times, parameters) | _counted(odometer, times, parameters)
    return faster | (silent & moved)


def _left_its_place(track: Track, times: Floats, parameters: FleetParameters) -> Bools:
    """Legs on which places were left: one step away, and out of the surroundings of a few minutes."""
    rows = np.flatnonzero(np.isfinite(track.column("latitude_deg")))
    if len(rows) < 2:
        return np.zeros(len(track) - 1, dtype=np.bool_)
    latitude, longitude = track.column("latitude_deg")[rows], track.column("longitude_deg")[rows]
    when = times[rows]
    steps_s = np.diff(when)
    steps_km = apart_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    first = np.searchsorted(when, when - parameters.window_s)
    last = np.searchsorted(when, when + parameters.window_s, side="right") - 1
    around = apart_km(latitude[first], longitude[first], latitude[last], longitude[last])
    left = np.fmax(around[:-1], around[1:]) > parameters.drift_km
    fast = steps_km * 3600.0 > parameters.motion_kmh * steps_s
    moved = (steps_km > parameters.drift_km) | (left & fast)
    return _spread(moved & (steps_s <= parameters.gap_s), rows, len(track))


def _counted(odometer: Floats, times: Floats, parameters: FleetParameters) -> Bools:
    """Legs on which the odometer counted."""
    rows = np.flatnonzero(np.isfinite(odometer))
    if len(rows) < 2:
        return np.zeros(len(odometer) - 1, dtype=np.bool_)
    moved = (np.diff(odometer[rows]) > 0.0) & (np.diff(times[rows]) <= parameters.gap_s)
    return _spread(moved, rows, len(odometer))


def _spread(steps: Bools, rows: Ints, length: int) -> Bools:
    """What holds between two rows, for each leg between them."""
    legs = np.zeros(length - 1, dtype=np.bool_)
    legs[rows[0] : rows[-1]] = np.repeat(steps, np.diff(rows))
    return legs


def _across(
    track: Track, times: Floats, odometer: Floats, gaps: Ints, parameters: FleetParameters
) -> Floats:
    """How far the vehicle came in gaps: by the odometer told around them, else by places; else 0."""
    km = np.zeros(len(gaps))
    latitude, longitude = track.column("latitude_deg"), track.column("longitude_deg")
    before, after, known = _beside(np.isfinite(latitude), times, gaps, parameters)
    apart = apart_km(latitude[before], longitude[before], latitude[after], longitude[after])
    km = np.where(known & (apart > parameters.drift_km), apart, km)
    before, after, known = _beside(np.isfinite(odometer), times, gaps, parameters)
    return np.where(known, odometer[after] - odometer[before], km)


def _beside(
    told: Bools, times: Floats, gaps: Ints, parameters: FleetParameters
) -> tuple[Ints, Ints, Bools]:
    """Rows that tell something shortly before and after each gap, and whether there are both."""
    last = len(told) - 1
    before, after = last_told(told)[gaps], next_told(told)[gaps + 1]
    known = (before >= 0) & (after <= last)
    before, after = np.maximum(before, 0), np.minimum(after, last)
    near = (times[gaps] - times[before] <= parameters.gap_s) & (
        times[after] - times[gaps + 1] <= parameters.gap_s
    )
    return before, after, known & near
