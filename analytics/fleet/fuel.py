"""Litres of trips, and what came into the tank or went out of it at rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.fleet.counting import Counted, counted, counted_by_trip
from analytics.fleet.energyparameters import EnergyParameters
from analytics.fleet.levels import Step, hidden_in, levelled, steps_of
from analytics.fleet.places import odometer_at, place_at
from analytics.fleet.told import Anchor, Ends, Told, at_end, at_start, ends_of, told, without_spikes
from analytics.fleet.track import Floats, Track, instant
from quotawatt.fleet.trips import EventKind, Trip, VehicleEvent
from quotawatt.register.kinds import Vehicle

_HOUR_US = 3.6e9


@dataclass(frozen=True, slots=True)
class Fuel:
    """What is known of a vehicle's fuel over a track; one figure a trip [L], NaN: not known.

    counter
        Of consumed litres; without messages where the vehicle has none.
    level
        The messages with a level that is believed.
    events
        Refuelling and drops.
    tank_unknown
        Whether a level was told in % and no tank makes litres of it.
    """

    by_counter: Floats
    by_level: Floats
    counter: Counted
    level: Told
    events: tuple[VehicleEvent, ...]
    tank_unknown: bool


@dataclass(frozen=True, slots=True)
class _Level:
    """A level in litres, or in % where the tank is not known. ``full``: of the full tank; None: not known."""

    told: Told
    in_litres: bool
    full: float | None


def fuel_of(
    track: Track, vehicle: Vehicle, trips: Sequence[Trip], parameters: EnergyParameters
) -> Fuel:
    """Litres by the counter and by the level, trip by trip, and the steps of the level.

    A step up is a filling unless the vehicle was under way all the while; one down is a drop where no engine
    was on the way, or none could burn so much in the time.
    """
    ends = ends_of(trips)
    counter = counted(told(track, "fuel_used_l"), parameters.greatest_burn_l_per_h)
    level = _level(track, vehicle, parameters)
    steady, changes = steps_of(level.told, _least(level, parameters), parameters)
    level = replace(level, told=steady)
    steps = [
        step
        for step in changes
        if _is_filling(step, track) or _is_drop(step, level, ends, parameters)
    ]
    by_level = _by_level(level, steps, trips, ends, vehicle, parameters)
    return Fuel(
        counted_by_trip(counter, ends, parameters.settle_s),
        by_level if level.in_litres else np.full(len(trips), np.nan),
        counter,
        level.told,
        tuple(_event(step, level, vehicle.code, track) for step in steps),
        len(level.told) > 0 and not level.in_litres,
    )


def _level(track: Track, vehicle: Vehicle, parameters: EnergyParameters) -> _Level:
    """Litres as told, else % times the tank.

    Left out is what no tank shows: below or at 0 (a sensor that does not know yet), above 100 %, and single
    values that are off both neighbours.
    """
    litres = told(track, "fuel_level_l")
    if len(litres):
        full = vehicle.tank_l
        level = _Level(litres.kept(litres.values > 0), True, full)
    else:
        share = told(track, "fuel_level_pct")
        share = share.kept((share.values > 0) & (share.values <= 100))
        full = vehicle.tank_l or 100.0
        level = _Level(
            Told(share.times_us, share.values * full / 100), vehicle.tank_l is not None, full
        )
    return replace(level, told=without_spikes(level.told, _least(level, parameters)))


def _least(level: _Level, parameters: EnergyParameters) -> float:
    if level.full is None:
        return parameters.level_step_l
    return parameters.level_step_pct * level.full / 100


def _is_filling(step: Step, track: Track) -> bool:
    """Whether it rose, and the vehicle is not known to have been moving all the while."""
    if step.rise <= 0:
        return False
    speed = track.between(step.start_us, step.end_us + 1).column("speed_kmh")
    speed = speed[np.isfinite(speed)]
    return len(speed) < 3 or bool((speed < 3).any())


def _is_drop(step: Step, level: _Level, ends: Ends, parameters: EnergyParameters) -> bool:
    """Whether it fell and an engine did not burn it."""
    if step.rise >= 0:
        return False
    driven = (ends.start_us < step.end_us) & (ends.end_us > step.start_us)
    if not driven.any():
        return True
    burnt = parameters.greatest_burn_l_per_h * (step.end_us - step.start_us) / _HOUR_US
    return level.in_litres and -step.rise - burnt >= _least(level, parameters)


def _by_level(
    level: _Level,
    steps: Sequence[Step],
    trips: Sequence[Trip],
    ends: Ends,
    vehicle: Vehicle,
    parameters: EnergyParameters,
) -> Floats:
    """Litres of each trip by what the level fell, without the steps; NaN where noise would decide it."""
    if not level.in_litres or not len(level.told):
        return np.full(len(trips), np.nan)
    even = levelled(level.told, list(steps))
    first = at_start(even, ends, parameters.anchor_s)
    last = at_end(even, ends, parameters.anchor_s, parameters.settle_s)
    full = level.full or _guessed_full(level.told)
    noise = np.hypot(_noise(first, full, parameters), _noise(last, full, parameters))
    used = first.value - last.value
    hours = (ends.end_us - ends.start_us) / _HOUR_US
    most = parameters.greatest_burn_l_per_h * hours + _least(level, parameters)
    possible = (used >= -parameters.rise_tolerated_pct * full / 100) & (used <= most)
    usual = _usual(trips, vehicle, parameters)
    clear = noise <= parameters.told_noise_share * usual
    clear &= ~hidden_in(steps, ends) | (usual <= parameters.unseen_pct * full / 100)
    return np.where(possible & clear, np.maximum(used, 0.0), np.nan)


def _guessed_full(level: Told) -> float:
    """The highest level told, where nobody says how large the tank is."""
    return float(level.values.max())


def _noise(anchor: Anchor, full: float, parameters: EnergyParameters) -> Floats:
    least = np.where(anchor.moving, parameters.sloshing_pct * full / 100, 0.0)
    return np.maximum(anchor.noise, least)


def _usual(trips: Sequence[Trip], vehicle: Vehicle, parameters: EnergyParameters) -> Floats:
    """What trips of such lengths use [L]; NaN where the length is not known."""
    per_100_km = vehicle.quota_l_per_100km or parameters.usual_l_per_100km
    return np.array([trip.distance_km for trip in trips]) * per_100_km / 100


def _event(step: Step, level: _Level, vehicle: str, track: Track) -> VehicleEvent:
    share = 100 / level.full if level.full else None
    return VehicleEvent(
        vehicle=vehicle,
        kind=EventKind.REFUELLING if step.rise > 0 else EventKind.FUEL_DROP,
        start=instant(step.start_us),
        end=instant(step.end_us),
        amount=round(abs(step.rise), 3) if level.in_litres else None,
        before=None if share is None else round(step.before * share, 2),
        after=None if share is None else round(step.after * share, 2),
        place=place_at(track, step.start_us, step.end_us),
        odometer_km=odometer_at(track, step.end_us),
        detail={"litres_by": "level"} if level.in_litres else {},
    )
