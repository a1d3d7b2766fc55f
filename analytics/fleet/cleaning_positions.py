"""Positions that can't be: 0/0, out of reach of those before and after, repeated while under way."""

import numpy as np

from analytics.fleet.arrays import apart_km, runs
from analytics.fleet.chains import believable
from analytics.fleet.doubts import findings_by_day
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, Ints, Track
from quotawatt.findings import Evidence, Finding

# A receiver without a fix tells 0/0, some of them plus what they smooth.
_ZERO_DEG = 1e-3

# Breaking a way is worth it where that many positions follow; fewer are a run of wrong fixes.
_BREAK_COST = 500

# A repeated position may be as old as its first telling; at rest for at most this long.
_OLD_S = 60.0

# Between two messages a vehicle may have been so much faster than twice what they tell.
_SPEED_MARGIN_KMH = 30.0


def positions_cleaned(
    track: Track, parameters: FleetParameters
) -> tuple[Track, tuple[Finding, ...]]:
    """The track without positions that can't be, and the findings."""
    latitude, longitude = track.column("latitude_deg"), track.column("longitude_deg")
    told = np.isfinite(latitude) & np.isfinite(longitude)
    if not told.any():
        return track, ()
    zero = told & (np.abs(latitude) < _ZERO_DEG) & (np.abs(longitude) < _ZERO_DEG)
    stale = _stale(track, told & ~zero, parameters)
    jumped = _jumped(track, np.flatnonzero(told & ~zero & ~stale), parameters)
    jumped |= _aside(track, np.flatnonzero(told & ~zero & ~stale & ~jumped), parameters)
    gone = zero | jumped | stale
    findings = (
        *findings_by_day("track_position_zero", track, zero),
        *findings_by_day("track_position_jump", track, jumped, lambda rows: _where(track, rows)),
        *findings_by_day("track_position_stale", track, stale),
    )
    if not gone.any() and np.array_equal(told, np.isfinite(latitude)):
        return track, findings
    believed = told & ~gone
    columns = {
        "latitude_deg": np.where(believed, latitude, np.nan),
        "longitude_deg": np.where(believed, longitude, np.nan),
    }
    return track.replaced(columns), findings


def _where(track: Track, rows: Ints) -> Evidence:
    """Where the first of them claims to be."""
    return {
        "latitude_deg": float(track.column("latitude_deg")[rows[0]]),
        "longitude_deg": float(track.column("longitude_deg")[rows[0]]),
    }


def _jumped(track: Track, rows: Ints, parameters: FleetParameters) -> Bools:
    """Positions that no vehicle reaches from those before and after, of all messages."""
    jumped = np.zeros(len(track), dtype=np.bool_)
    if len(rows) < 2:
        return jumped
    latitude, longitude = track.column("latitude_deg")[rows], track.column("longitude_deg")[rows]
    times = track.times_us[rows] / 1e6
    driving = track.column("speed_kmh")[rows] > parameters.motion_kmh
    left = _left_at(latitude, longitude, times, driving)

    def reachable(earlier: Ints, later: Ints | int) -> Bools:
        apart = apart_km(latitude[earlier], longitude[earlier], latitude[later], longitude[later])
        allowed = parameters.fix_error_km + parameters.greatest_kmh / 3600.0 * (
            times[later] - left[earlier]
        )
        near: Bools = apart <= allowed
        return near

    follows = np.ones(len(rows), dtype=np.bool_)
    follows[1:] = reachable(np.arange(len(rows) - 1), np.arange(1, len(rows)))
    if not follows.all():
        jumped[rows[~believable(follows, reachable, _BREAK_COST)]] = True
    return jumped


def _aside(track: Track, rows: Ints, parameters: FleetParameters) -> Bools:
    """Single positions aside of the ones before and after, much farther than the speeds told allow.

    At rest, with an odometer that did not count or none, none are allowed at all: a fix that is wrong for a
    moment is in reach of a vehicle that stands for long.
    """
    aside = np.zeros(len(track), dtype=np.bool_)
    speed, odometer = track.column("speed_kmh")[rows], track.column("odometer_km")[rows]
    if len(rows) < 3 or not np.isfinite(speed).any():
        return aside
    latitude, longitude = track.column("latitude_deg")[rows], track.column("longitude_deg")[rows]
    steps = apart_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    far = np.flatnonzero(
        (steps[:-1] > parameters.fix_error_km) & (steps[1:] > parameters.fix_error_km)
    )
    before, after = far, far + 2
    detour = (
        steps[far]
        + steps[far + 1]
        - apart_km(latitude[before], longitude[before], latitude[after], longitude[after])
    )
    fastest = np.maximum(np.maximum(speed[before], speed[far + 1]), speed[after])
    stands = (fastest <= parameters.motion_kmh) & ~(odometer[after] > odometer[before])
    allowed_kmh = np.where(stands, 0.0, 2.0 * fastest + _SPEED_MARGIN_KMH)
    seconds = np.diff(track.times_us[rows]) / 1e6
    shorter = np.minimum(steps[far] / seconds[far], steps[far + 1] / seconds[far + 1])
    wrong = (detour > parameters.fix_error_km) & (shorter * 3600.0 > allowed_kmh)
    aside[rows[far[wrong] + 1]] = True
    return aside


def _left_at(latitude: Floats, longitude: Floats, times: Floats, driving: Bools) -> Floats:
    """When each position may have been left: a repeated one was perhaps an old one all the while."""
    new = np.ones(len(times), dtype=np.bool_)
    new[1:] = (latitude[1:] != latitude[:-1]) | (longitude[1:] != longitude[:-1])
    since = times[np.maximum.accumulate(np.where(new, np.arange(len(times)), 0))]
    return np.where(driving, since, np.maximum(since, times - _OLD_S))


def _stale(track: Track, told: Bools, parameters: FleetParameters) -> Bools:
    """Exact repetitions of a position for longer than ``stale_s`` while the speeds told are those of driving.

    The first of them is kept, unless the vehicle drove for ``contradiction_s`` in one place. Driving speeds
    vary; one and the same speed beside one and the same place is that of a sensor stuck (``cleaning_speed``).
    """
    stale = np.zeros(len(track), dtype=np.bool_)
    speed = track.column("speed_kmh")
    rows = np.flatnonzero(told & (speed > parameters.motion_kmh))
    if len(rows) < 2:
        return stale
    latitude, longitude = track.column("latitude_deg")[rows], track.column("longitude_deg")[rows]
    same = (latitude[1:] == latitude[:-1]) & (longitude[1:] == longitude[:-1])
    same &= np.diff(np.cumsum(told)[rows]) == 1  # none slower between them
    starts, ends = runs(np.concatenate([[0], np.cumsum(~same)]))
    times = track.times_us[rows]
    length_s = (times[ends - 1] - times[starts]) / 1e6
    driven: list[tuple[int, float]] = []
    for run in np.flatnonzero(length_s > parameters.stale_s):
        of_run = rows[starts[run] : ends[run]]
        if np.ptp(speed[of_run]) > parameters.motion_kmh:
            driven.append((int(of_run[0]), float(length_s[run])))
            stale[of_run[1:]] = True
    if driven:
        stale |= _frozen(track, told, driven, parameters)
    return stale


def _frozen(
    track: Track, told: Bools, driven: list[tuple[int, float]], parameters: FleetParameters
) -> Bools:
    """Messages of a receiver that had lost its place: one and the same through driving, halts and all.

    driven
        Stretches of driving on which a place was repeated: their first message, and how long they were [s].
    """
    rows = np.flatnonzero(told)
    latitude, longitude = track.column("latitude_deg")[rows], track.column("longitude_deg")[rows]
    moved = (latitude[1:] != latitude[:-1]) | (longitude[1:] != longitude[:-1])
    place_of = np.concatenate([[0], np.cumsum(moved)])
    first = place_of[np.searchsorted(rows, [row for row, _ in driven])]
    seconds = np.bincount(first, [length for _, length in driven], int(place_of[-1]) + 1)
    frozen = np.zeros(len(track), dtype=np.bool_)
    frozen[rows[seconds[place_of] > parameters.contradiction_s]] = True
    return frozen
