"""How far ways lead: along filtered positions, and by speed over time."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.arrays import apart_km
from analytics.fleet.motion import GAP, STILL, Motion
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, Ints
from analytics.fleet.ways import Way

# Places nearer than this to the last one taken add noise, not way.
_STEP_KM = 0.05

# A place may be so much older than its message.
_OLD_S = 60.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Ways as arrays: the messages of each, first and last included."""

    first: Ints
    last: Ints

    @classmethod
    def of(cls, ways: list[Way]) -> "Edges":
        """Those of ways, each at least one leg long."""
        return cls(np.array([way.first for way in ways]), np.array([way.last for way in ways]))

    def sums(self, per_leg: Floats) -> Floats:
        """Sum over the legs of each way."""
        return self._reduced(np.add, per_leg, self.last)

    def greatest(self, per_message: Floats) -> Floats:
        """Greatest over the messages of each way, NaN where none is told."""
        return self._reduced(np.fmax, per_message, self.last + 1)

    def _reduced(self, how: np.ufunc, values: Floats, until: Ints) -> Floats:
        padded = np.append(values, 0.0)
        bounds = np.stack([self.first, until], axis=1).ravel()
        found: Floats = how.reduceat(padded, bounds)[::2]
        return found


@dataclass(frozen=True, slots=True)
class Distances:
    """Measures of ways, one row each, km; NaN: not told.

    path_km
        Along the filtered positions; gaps straight.
    extent_km
        The farthest from where it began.
    speed_km
        Speed integrated over time; gaps straight where places tell them.
    dense, seen
        Share of the time with speeds told every few seconds; share without gap.
    """

    path_km: Floats
    extent_km: Floats
    speed_km: Floats
    dense: Floats
    seen: Floats


def distances(motion: Motion, edges: Edges, parameters: FleetParameters) -> Distances:
    """All measures of ways."""
    length_s = motion.times_s[edges.last] - motion.times_s[edges.first]
    dense_s = np.where(
        (motion.legs_s <= parameters.dense_s) & np.isfinite(_speed_over_legs(motion)),
        motion.legs_s,
        0.0,
    )
    gaps_s = np.where(motion.legs_s > parameters.gap_s, motion.legs_s, 0.0)
    path, extent = _along(motion, edges, parameters)
    return Distances(
        path_km=path,
        extent_km=extent,
        speed_km=_by_speed(motion, edges),
        dense=edges.sums(dense_s) / length_s,
        seen=1.0 - edges.sums(gaps_s) / length_s,
    )


def _speed_over_legs(motion: Motion) -> Floats:
    """Mean of the speeds at both ends of each leg, km/h; NaN where one is not told."""
    return 0.5 * (motion.speed_kmh[:-1] + motion.speed_kmh[1:])


def _by_speed(motion: Motion, edges: Edges) -> Floats:
    """The integral (trapezoids) of each way; NaN where no speed was told."""
    km = _speed_over_legs(motion) * motion.legs_s / 3600.0
    km = np.where(motion.legs == GAP, motion.gap_km, np.where(motion.legs == STILL, 0.0, km))
    told = edges.sums(np.isfinite(motion.speed_kmh[1:]).astype(np.float64)) > 0.0
    return np.where(told, edges.sums(np.nan_to_num(km)), np.nan)


def _along(motion: Motion, edges: Edges, parameters: FleetParameters) -> tuple[Floats, Floats]:
    """Length of the filtered path of each way, and how far it leads from its first place; NaN: no places.

    A step that no vehicle can make adds nothing: what leads on from there counts.
    """
    rows, way_of = _places(motion, edges)
    path = np.full(len(edges.first), np.nan)
    extent = path.copy()
    if not len(rows):
        return path, extent
    latitude = motion.track.column("latitude_deg")[rows]
    longitude = motion.track.column("longitude_deg")[rows]
    begins = np.concatenate([[0], np.flatnonzero(np.diff(way_of)) + 1])
    start = np.repeat(begins, np.diff(np.append(begins, len(rows))))
    away = apart_km(latitude[start], longitude[start], latitude, longitude)
    told = way_of[begins]
    extent[told] = np.maximum.reduceat(away, begins)
    steps = np.zeros(len(rows))
    steps[1:] = apart_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    steps_s = np.diff(motion.times_s[rows], prepend=motion.times_s[rows[0]]) + _OLD_S
    possible = steps <= parameters.fix_error_km + parameters.greatest_kmh * steps_s / 3600.0
    steps = np.where(possible & _under_way(motion, rows), steps, 0.0)
    steps[begins] = 0.0
    taken = _taken(steps, begins, start)
    leaps = np.flatnonzero(~possible)
    taken[leaps] = taken[np.maximum(leaps - 1, 0)] = True
    latitude, longitude, of = latitude[taken], longitude[taken], way_of[taken]
    chords = apart_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    stood = steps[taken][1:] == 0.0
    chords = np.where((of[1:] == of[:-1]) & ~stood, chords, 0.0)
    path[told] = np.bincount(of[1:], weights=chords, minlength=len(path))[told]
    return path, extent


def _places(motion: Motion, edges: Edges) -> tuple[Ints, Ints]:
    """Messages of ways with a place, and which way each is of."""
    told = np.isfinite(motion.track.column("latitude_deg"))
    lengths = edges.last - edges.first + 1
    way_of = np.repeat(np.arange(len(lengths)), lengths)
    offsets = np.arange(len(way_of)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = edges.first[way_of] + offsets
    kept = told[rows]
    return rows[kept], way_of[kept]


def _under_way(motion: Motion, rows: Ints) -> Bools:
    """Of each place, whether the vehicle was under way since the place before it."""
    moved = np.concatenate([[0], np.cumsum(motion.legs != STILL)])[rows]
    under_way = np.ones(len(rows), dtype=np.bool_)
    under_way[1:] = moved[1:] != moved[:-1]
    return under_way


def _taken(steps: Floats, begins: Ints, start: Ints) -> Bools:
    """Which places the path is drawn through: every 50 m of it, the first and the last."""
    along = np.cumsum(steps)
    number = np.floor((along - along[start]) / _STEP_KM)
    taken = np.ones(len(steps), dtype=np.bool_)
    taken[1:-1] = number[1:-1] != number[:-2]
    taken[begins] = True
    taken[begins[1:] - 1] = True
    return taken
