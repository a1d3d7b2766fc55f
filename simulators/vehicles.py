"""Official vehicles: trips on working days, fuel or charge, position, odometer.

A vehicle goes out and comes back: a leg there, a stop, a leg back. Its device sends every few minutes
during a leg or while charging, and once at each local midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulators.streams import Floats, stream
from simulators.timeline import STEPS_PER_DAY, Flags, Ints, Timeline

_POINT_EVERY_S = 300
_CHARGE_POINT_EVERY_S = 1800
_CHARGE_STARTS_S = 22 * 3600
_OUTING_STARTS_S = (int(8.5 * 3600), int(13.75 * 3600))
_KM_PER_DEGREE = 111.2
_DETOUR = 1.3  # road distance over the straight line


@dataclass(frozen=True)
class VehicleModel:
    """How a vehicle is used. ``store`` is the tank in L or the battery in kWh.

    use_per_100_km
        Litres, or kWh for an electric vehicle.
    outings
        Probability of each of the two outings on a working day.
    start_odometer_km, start_used
        What odometer and fuel or charge counter show at the start of 2022.
    """

    electric: bool
    store: float
    use_per_100_km: float
    outings: float
    typical_km: float
    base_latitude_deg: float
    base_longitude_deg: float
    start_odometer_km: float
    start_used: float
    charge_power_kw: float = 7.0


@dataclass(frozen=True)
class Track:
    """What a vehicle's device sends, in order of time.

    times_s
        Instants in seconds since the epoch.
    columns
        Values by quantity, as many as instants; NaN where a message leaves a quantity out.
    """

    times_s: Ints
    columns: Mapping[str, Floats]


@dataclass(frozen=True)
class _Legs:
    """Legs in order of time, one value each; ``day`` indexes the timeline's days."""

    day: Ints
    start_s: Ints
    points: Ints
    km: Floats
    bearing: Floats
    outward: Flags


def simulate_vehicle(model: VehicleModel, timeline: Timeline, seed: int, code: str) -> Track:
    """Everything the vehicle's device sends over the timeline (charging may run over its end)."""
    legs = _legs(model, timeline, seed, code)
    day_km = np.zeros(len(timeline.days))
    np.add.at(day_km, legs.day, legs.km)
    levels, filled = _levels(model, day_km)
    parts = [_driving(model, legs, levels, day_km)]
    if model.electric:
        parts.append(_charging(model, timeline, levels, filled, day_km))
    moving = _joined(parts)
    return _joined([moving, _midnights(model, timeline, moving)])


def _legs(model: VehicleModel, timeline: Timeline, seed: int, code: str) -> _Legs:
    days = len(timeline.days)
    # One row a day, so that a longer timeline begins with the same draws.
    draws = stream(seed, "vehicle", code).random((days, len(_OUTING_STARTS_S), 5))
    chance, start, distance, stay, bearing = np.moveaxis(draws, 2, 0)
    likely = np.where(timeline.working_days, model.outings, 0.02)[:, None]
    day, slot = np.nonzero(chance < likely)
    km = np.clip(model.typical_km * np.exp(1.1 * (distance[day, slot] - 0.5)), 2.0, 42.0)
    points = 1 + np.ceil(km / (28 + 0.4 * km) * 3600 / _POINT_EVERY_S).astype(np.int64)
    midnights = timeline.marks_s[:-1:STEPS_PER_DAY]
    out_s = midnights[day] + np.array(_OUTING_STARTS_S)[slot]
    out_s += (start[day, slot] * 3600).astype(np.int64)
    stay_s = 1200 + (stay[day, slot] * 2400).astype(np.int64)
    back_s = out_s + (points - 1) * _POINT_EVERY_S + stay_s
    turn = 2 * np.pi * bearing[day, slot]
    return _Legs(
        day=np.repeat(day, 2),
        start_s=np.column_stack([out_s, back_s]).ravel(),
        points=np.repeat(points, 2),
        km=np.repeat(km, 2),
        bearing=np.repeat(turn, 2),
        outward=np.tile(np.array([True, False]), len(day)),
    )


def _levels(model: VehicleModel, day_km: Floats) -> tuple[Floats, Floats]:
    """Tank or battery at each day's first leg, and what was filled in after its last one."""
    levels, filled = np.empty_like(day_km), np.zeros_like(day_km)
    refill_below = 0.55 if model.electric else 0.25
    level = 0.8 * model.store
    for day, km in enumerate(day_km):
        levels[day] = level
        level -= float(km) * model.use_per_100_km / 100
        if level < refill_below * model.store:
            filled[day] = 0.95 * model.store - level
            level += float(filled[day])
    return levels, filled


def _driving(model: VehicleModel, legs: _Legs, levels: Floats, day_km: Floats) -> Track:
    leg = np.repeat(np.arange(len(legs.day)), legs.points)
    first = np.repeat(np.cumsum(legs.points) - legs.points, legs.points)
    position = np.arange(len(leg)) - first
    share = position / (legs.points[leg] - 1)
    progress = share * share * (3 - 2 * share)  # starts and ends at rest
    hours = (legs.points[leg] - 1) * _POINT_EVERY_S / 3600
    km = legs.km[leg]
    before_km = np.cumsum(legs.km) - legs.km
    driven = before_km[leg] + km * progress
    today = driven - (np.cumsum(day_km) - day_km)[legs.day[leg]]
    level = levels[legs.day[leg]] - today * model.use_per_100_km / 100
    latitude, longitude = _position(model, legs, leg, progress)
    columns = {
        "latitude_deg": np.round(latitude, 5),
        "longitude_deg": np.round(longitude, 5),
        "speed_kmh": np.round(km / hours * 6 * share * (1 - share), 1),
        "odometer_km": np.round(model.start_odometer_km + driven, 1),
        "ignition": (share < 1).astype(np.float64),
    }
    if model.electric:
        columns["battery_soc_pct"] = np.round(100 * level / model.store, 1)
    else:
        used = model.start_used + driven * model.use_per_100_km / 100
        columns["fuel_used_l"] = np.round(used, 2)
        columns["fuel_level_pct"] = np.round(100 * level / model.store, 1)
    return Track(legs.start_s[leg] + position * _POINT_EVERY_S, columns)


def _position(
    model: VehicleModel, legs: _Legs, leg: Ints, progress: Floats
) -> tuple[Floats, Floats]:
    """Latitude and longitude (WGS84) along slightly bowed ways from and to the base."""
    away = np.where(legs.outward[leg], progress, 1 - progress)
    reach = legs.km[leg] / _DETOUR / _KM_PER_DEGREE
    bow = 0.18 * np.sin(np.pi * away)
    cos, sin = np.cos(legs.bearing[leg]), np.sin(legs.bearing[leg])
    north = reach * (away * cos - bow * sin)
    east = reach * (away * sin + bow * cos)
    latitude = model.base_latitude_deg + north
    return latitude, model.base_longitude_deg + east / np.cos(np.radians(model.base_latitude_deg))


def _charging(
    model: VehicleModel, timeline: Timeline, levels: Floats, filled: Floats, day_km: Floats
) -> Track:
    days = np.flatnonzero(filled)
    length_s = filled[days] / model.charge_power_kw * 3600
    points = 1 + np.ceil(length_s / _CHARGE_POINT_EVERY_S).astype(np.int64)
    session = np.repeat(np.arange(len(days)), points)
    position = np.arange(len(session)) - np.repeat(np.cumsum(points) - points, points)
    into_s = np.minimum(position * _CHARGE_POINT_EVERY_S, np.floor(length_s)[session])
    charged = filled[days][session] * np.minimum(into_s / np.floor(length_s)[session], 1.0)
    before = (np.cumsum(filled) - filled)[days]
    empty = (levels - day_km * model.use_per_100_km / 100)[days]
    start_s = timeline.marks_s[:-1:STEPS_PER_DAY][days] + _CHARGE_STARTS_S
    running = position < points[session] - 1
    return Track(
        start_s[session] + into_s.astype(np.int64),
        {
            "battery_soc_pct": np.round(100 * (empty[session] + charged) / model.store, 1),
            "charge_energy_kwh": np.round(model.start_used + before[session] + charged, 2),
            "charge_power_kw": np.where(running, model.charge_power_kw, 0.0),
            "charging": running.astype(np.float64),
        },
    )


def _midnights(model: VehicleModel, timeline: Timeline, moving: Track) -> Track:
    """The parked vehicle's message at each local midnight: its counters and where it stands."""
    times = timeline.marks_s[::STEPS_PER_DAY]
    counters = {
        "odometer_km": model.start_odometer_km,
        ("charge_energy_kwh" if model.electric else "fuel_used_l"): model.start_used,
    }
    columns = {name: counter_at(moving, name, start, times) for name, start in counters.items()}
    columns["latitude_deg"] = np.full(len(times), model.base_latitude_deg)
    columns["longitude_deg"] = np.full(len(times), model.base_longitude_deg)
    columns["ignition"] = np.zeros(len(times))
    return Track(times, columns)


def counter_at(track: Track, name: str, start: float, times_s: Ints) -> Floats:
    """A counter of a track at other instants, interpolated; ``start`` before its first value."""
    known = ~np.isnan(track.columns[name])
    values = track.columns[name][known]
    return np.round(np.interp(times_s, track.times_s[known], values, left=start), 2)


def _joined(tracks: list[Track]) -> Track:
    """Tracks as one, in order of time; what one of them does not tell is NaN there."""
    times = np.concatenate([track.times_s for track in tracks])
    order = np.argsort(times, kind="stable")
    names = dict.fromkeys(name for track in tracks for name in track.columns)
    columns = {
        name: np.concatenate(
            [t.columns.get(name, np.full(len(t.times_s), np.nan)) for t in tracks]
        )[order]
        for name in names
    }
    return Track(times[order], columns)
