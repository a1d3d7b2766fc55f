"""Odometers that fall, leap or stand where they can't."""

import numpy as np

from analytics.fleet.chains import believable
from analytics.fleet.doubts import findings_by_day
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, Ints, Track
from quotawatt.findings import Evidence, Finding

# An odometer that shows something else for more values than this was exchanged; fewer are wrong.
_BREAK_COST = 5

# A step back of a rounded value is none.
ROUNDING_KM = 0.11

# Told in whole kilometres, and told late: what an odometer may add at once.
_SLACK_KM = 3.0


def odometer_cleaned(
    track: Track, parameters: FleetParameters
) -> tuple[Track, tuple[Finding, ...]]:
    """The track without odometer values that can't be, and the findings."""
    odometer = track.column("odometer_km")
    told = np.flatnonzero(np.isfinite(odometer))
    if len(told) < 2:
        return track, ()
    values, times = odometer[told], track.times_us[told] / 1e6
    follows = followed(values, times, parameters)
    if follows.all():
        return track, ()

    def reachable(earlier: Ints, later: int) -> Bools:
        return _fits(values[later] - values[earlier], times[later] - times[earlier], parameters)

    keep = believable(follows, reachable, _BREAK_COST)
    kept = told[keep]
    breaks = kept[~followed(odometer[kept], track.times_us[kept] / 1e6, parameters)]
    cleaned = odometer.copy()
    cleaned[told[~keep]] = np.nan
    findings = (
        *findings_by_day("track_odometer", track, told[~keep], lambda rows: _shown(odometer, rows)),
        *findings_by_day(
            "track_odometer_exchanged", track, breaks, lambda rows: _shown(odometer, rows)
        ),
    )
    return track.replaced({"odometer_km": cleaned}), findings


def followed(values: Floats, times_s: Floats, parameters: FleetParameters) -> Bools:
    """Whether each odometer value can follow the one before it; the first can."""
    follows = np.ones(len(values), dtype=np.bool_)
    follows[1:] = _fits(np.diff(values), np.diff(times_s), parameters)
    return follows


def _fits(steps_km: Floats, steps_s: Floats, parameters: FleetParameters) -> Bools:
    fits: Bools = (steps_km >= -ROUNDING_KM) & (
        steps_km <= _SLACK_KM + parameters.greatest_kmh / 3600.0 * steps_s
    )
    return fits


def _shown(odometer: Floats, rows: Ints) -> Evidence:
    """The first of the values, and the one told before it."""
    before = odometer[: rows[0]]
    before = before[np.isfinite(before)]
    return {
        "odometer_km": float(odometer[rows[0]]),
        "before_km": float(before[-1]) if len(before) else None,
    }
