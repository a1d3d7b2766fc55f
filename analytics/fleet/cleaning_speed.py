"""Speeds that place and odometer contradict: told while both stand still, or nought while both run."""

import numpy as np

from analytics.fleet.doubts import findings_by_day
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.stretches import stretches_of
from analytics.fleet.track import Floats, Ints, Track
from quotawatt.findings import Evidence, Finding


def speed_cleaned(track: Track, parameters: FleetParameters) -> tuple[Track, tuple[Finding, ...]]:
    """The track without contradicted speeds, and the findings.

    Of a stretch of ``contradiction_s`` all speeds go where each of them is one of driving while the
    vehicle kept its place, or each is nought while it came farther than ``minimal_trip_km``.
    """
    stretches = stretches_of(track, parameters.contradiction_s)
    if stretches is None:
        return track, ()
    stuck = stretches.stood(parameters.drift_km) & (stretches.lowest_kmh > parameters.motion_kmh)
    dead = (
        stretches.known
        & stretches.heard
        & (stretches.moved_km > parameters.minimal_trip_km)
        & (stretches.highest_kmh <= 0.0)
    )
    if not (stuck.any() or dead.any()):
        return track, ()
    wrong = stretches.rows[(stuck | dead)[stretches.stretch_of]]
    speed = track.column("speed_kmh")
    cleaned = speed.copy()
    cleaned[wrong] = np.nan
    found = findings_by_day("track_speed", track, wrong, lambda rows: _told(speed, rows))
    return track.replaced({"speed_kmh": cleaned}), tuple(found)


def _told(speed: Floats, rows: Ints) -> Evidence:
    return {"lowest_kmh": float(speed[rows].min()), "highest_kmh": float(speed[rows].max())}
