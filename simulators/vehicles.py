"""Official vehicles: trips on working days, fuel or charge, position, odometer.

A vehicle goes out and comes back: a leg there, a stop, a leg back. Its device tells every few minutes
where it is (of late every half-minute), also while charging, and once at each local midnight. On
closely told days the tank is filled at the station on the way home; before, overnight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulators.journeys import FILLING_S, Journeys, VehicleModel, journeys_of
from simulators.outings import SPARSE_EVERY_S, Deed
from simulators.roads import Ways
from simulators.streams import Floats
from simulators.timeline import STEPS_PER_DAY, Flags, Ints, Timeline

_CHARGE_POINT_EVERY_S = 1800
_CHARGE_STARTS_S = 22 * 3600
_IDLING_L_PER_H = 0.9


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
class _Points:
    """The messages of the driving: when they are, and how far their leg has got.

    share
        Of the leg's time of driving, 0 at its start to 1 at its end.
    idled
        Of the time that the engine runs on after the leg, 0 to 1.
    running, filled
        Whether the engine runs, and whether the tank has been filled on this leg.
    """

    leg: Ints
    times_s: Ints
    share: Floats
    idled: Floats
    running: Flags
    filled: Flags


def simulate_vehicle(
    model: VehicleModel, timeline: Timeline, seed: int, code: str, deeds: Sequence[Deed] = ()
) -> Track:
    """Everything the vehicle's device sends over the timeline (charging may run over its end)."""
    journeys = journeys_of(model, timeline, seed, code, deeds)
    parts = [_driving(model, journeys)]
    if model.electric:
        parts.append(_charging(model, timeline, journeys))
    moving = _joined(parts)
    return _joined([moving, _midnights(model, timeline, moving)])


def _points(journeys: Journeys) -> _Points:
    legs = journeys.legs
    halt_s = np.where(journeys.fills, FILLING_S, 0)
    whole_s = legs.drive_s + halt_s + legs.idle_s
    counts = 1 + whole_s // legs.every_s
    leg = np.repeat(np.arange(len(counts)), counts)
    into_s = (np.arange(len(leg)) - np.repeat(np.cumsum(counts) - counts, counts)) * legs.every_s[
        leg
    ]
    stops_s = np.zeros(len(counts), np.int64)
    for filled in np.flatnonzero(journeys.fills):
        stops_s[filled] = journeys.filling_after_s(int(filled))
    past_stop_s = np.clip(into_s - stops_s[leg], 0, halt_s[leg])
    driven_s = np.minimum(into_s - past_stop_s, legs.drive_s[leg])
    idled_s = into_s - past_stop_s - driven_s
    standing = journeys.fills[leg] & (past_stop_s < halt_s[leg]) & (into_s >= stops_s[leg])
    return _Points(
        leg=leg,
        times_s=legs.start_s[leg] + into_s,
        share=driven_s / legs.drive_s[leg],
        idled=idled_s / np.maximum(legs.idle_s[leg], 1),
        running=(into_s < whole_s[leg]) & ~standing,
        filled=journeys.fills[leg] & (2 * past_stop_s >= halt_s[leg]),
    )


def _driving(model: VehicleModel, journeys: Journeys) -> Track:
    legs, points = journeys.legs, _points(journeys)
    leg, km, day = points.leg, legs.km[points.leg], legs.day[points.leg]
    way, pace = journeys.pace(leg, points.share)
    before_km = np.cumsum(legs.km) - legs.km
    driven = before_km[leg] + km * way
    standing = ~points.running | (points.share >= 1)
    # What idling takes is taken from the way before it: a leg's use is that of its kilometres.
    idling_l = legs.idle_s[leg] / 3600 * _IDLING_L_PER_H
    used = driven * model.use_per_100_km / 100 + idling_l * (points.idled - way)
    used_today = (
        used - (np.cumsum(journeys.day_km) - journeys.day_km)[day] * model.use_per_100_km / 100
    )
    level = journeys.levels[day] - used_today + np.where(points.filled, journeys.filled[day], 0.0)
    ways = Ways(model.base_latitude_deg, model.base_longitude_deg, legs.km, legs.bearing)
    latitude, longitude = ways.at(leg, km * np.where(legs.outward[leg], way, 1 - way))
    speed: Floats = km / (legs.drive_s[leg] / 3600) * pace
    speed[standing] = 0.0
    # Minutes apart, nought between two moves would be a speedometer that fails.
    speed[standing & (legs.every_s[leg] == SPARSE_EVERY_S)] = np.nan
    columns = {
        "latitude_deg": np.round(latitude, 5),
        "longitude_deg": np.round(longitude, 5),
        "speed_kmh": np.round(speed, 1),
        "odometer_km": np.round(model.start_odometer_km + driven, 1),
        "ignition": points.running.astype(np.float64),
    }
    if model.electric:
        columns["battery_soc_pct"] = np.round(100 * level / model.store, 1)
    else:
        columns["fuel_used_l"] = np.round(model.start_used + used, 2)
        columns["fuel_level_pct"] = np.round(100 * level / model.store, 1)
    return Track(points.times_s, columns)


def _charging(model: VehicleModel, timeline: Timeline, journeys: Journeys) -> Track:
    filled = journeys.filled
    days = np.flatnonzero(filled)
    length_s = filled[days] / model.charge_power_kw * 3600
    points = 1 + np.ceil(length_s / _CHARGE_POINT_EVERY_S).astype(np.int64)
    session = np.repeat(np.arange(len(days)), points)
    position = np.arange(len(session)) - np.repeat(np.cumsum(points) - points, points)
    into_s = np.minimum(position * _CHARGE_POINT_EVERY_S, np.floor(length_s)[session])
    charged = filled[days][session] * np.minimum(into_s / np.floor(length_s)[session], 1.0)
    before = (np.cumsum(filled) - filled)[days]
    empty = (journeys.levels - journeys.day_km * model.use_per_100_km / 100)[days]
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
    for name, base in (
        ("latitude_deg", model.base_latitude_deg),
        ("longitude_deg", model.base_longitude_deg),
    ):
        columns[name] = _last_told(moving, name, base, times)
    columns["ignition"] = np.zeros(len(times))
    return Track(times, columns)


def _last_told(track: Track, name: str, start: float, times_s: Ints) -> Floats:
    """What a track told last before each instant; ``start`` before its first message."""
    known = ~np.isnan(track.columns[name])
    last = np.searchsorted(track.times_s[known], times_s)
    return np.concatenate([[start], track.columns[name][known]])[last]


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
