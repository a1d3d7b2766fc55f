"""What the odometer says of ways: no kilometre lost between them, none counted twice."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.arrays import last_told, next_told
from analytics.fleet.distance import Edges
from analytics.fleet.motion import Motion
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, Ints

_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Odometry:
    """Of each way, one row.

    before, after
        Messages whose odometer is the way's first and last; -1 where none was told. ``after`` of a way is
        never later than ``before`` of the next.
    km
        Counted between them; NaN where not told.
    step_km
        Resolution of what was told on the way: 1, 0.1 or 0.001 km.
    whole
        Whether the last value was told at or after the way's end, or a minute before it at most.
    """

    before: Ints
    after: Ints
    km: Floats
    step_km: Floats
    whole: Bools


def odometry(motion: Motion, edges: Edges, parameters: FleetParameters) -> Odometry:
    """Hold ways against the odometer values around them."""
    told = np.isfinite(motion.odometer_km)
    if not told.any():
        none = np.full(len(edges.first), -1)
        unknown = np.full(len(edges.first), np.nan)
        return Odometry(none, none, unknown, unknown, np.zeros(len(none), dtype=np.bool_))
    earlier, later = last_told(told), next_told(told)
    before = np.where(earlier[edges.first] >= 0, earlier[edges.first], later[edges.first])
    limit = np.append(edges.first[1:], len(told) - 1)
    after = np.where(later[edges.last] <= limit, later[edges.last], earlier[edges.last])
    known = (before <= after) & (after >= 0) & (before < len(told))
    before, after = np.where(known, before, -1), np.where(known, after, -1)
    km = np.where(known, motion.odometer_km[after] - motion.odometer_km[before], np.nan)
    short_s = motion.times_s[edges.last] - motion.times_s[after]
    whole = known & (short_s <= parameters.window_s)
    return Odometry(before, after, km, _steps(motion, edges), whole)


def span_km(motion: Motion) -> float:
    """What the odometer counted from its first to its last value; 0 where none was told."""
    told = motion.odometer_km[np.isfinite(motion.odometer_km)]
    return float(told[-1] - told[0]) if len(told) else 0.0


def _steps(motion: Motion, edges: Edges) -> Floats:
    """In which steps the odometer was told on each way: whole kilometres where no value has decimals."""
    shown = motion.track.column("odometer_km")
    tenths = np.abs(shown - np.round(shown)) > _ROUNDING
    finer = np.abs(shown * 10.0 - np.round(shown * 10.0)) > 10.0 * _ROUNDING
    some_tenths = edges.greatest(tenths.astype(np.float64)) > 0.0
    some_finer = edges.greatest(finer.astype(np.float64)) > 0.0
    return np.where(some_finer, 0.001, np.where(some_tenths, 0.1, 1.0))
