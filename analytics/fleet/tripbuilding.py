"""From what was measured of ways to trips, and the findings about them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.fleet.distance import Distances
from analytics.fleet.idling import place_among
from analytics.fleet.judging import Judged
from analytics.fleet.motion import Motion
from analytics.fleet.odometry import Odometry
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Floats, instant
from analytics.fleet.ways import Way
from quotawatt.findings import Evidence, Finding
from quotawatt.fleet.trips import DistanceBy, Trip


@dataclass(frozen=True, slots=True)
class Measured:
    """Ways of a track and all that is known of each, row by row."""

    motion: Motion
    ways: list[Way]
    measures: Distances
    counted: Odometry
    judged: Judged
    moving_s: Floats
    idling_s: Floats
    max_speed_kmh: Floats


def trip_of(measured: Measured, number: int, parameters: FleetParameters) -> Trip:
    """The trip that a way is."""
    motion, way = measured.motion, measured.ways[number]
    micros, judged = motion.track.times_us, measured.judged
    counted, path = measured.counted, float(measured.measures.path_km[number])
    distance = float(judged.distance_km[number])
    shown = motion.track.column("odometer_km")
    before, after = int(counted.before[number]), int(counted.after[number])
    fastest = float(measured.max_speed_kmh[number])
    return Trip(
        vehicle=motion.track.vehicle,
        start=instant(int(micros[way.start])),
        end=instant(int(micros[way.end])),
        distance_km=round(distance, 4),
        distance_by=judged.measure(number),
        start_after=instant(int(micros[way.left_after])) if way.left_after >= 0 else None,
        end_before=instant(int(micros[way.last])) if way.arrived_unseen else None,
        odometer_start_km=float(shown[before]) if before >= 0 else None,
        odometer_end_km=float(shown[after]) if after >= 0 else None,
        gnss_km=None if np.isnan(path) else round(path, 4),
        start_place=place_among(motion, way.first, way.last),
        end_place=place_among(motion, way.last, way.first),
        max_speed_kmh=None if np.isnan(fastest) else fastest,
        moving_s=round(float(measured.moving_s[number]), 3),
        idling_s=round(float(measured.idling_s[number]), 3),
        coverage=round(float(measured.measures.seen[number]), 4),
        messages=way.last - way.start + 1,
        open=_is_open(motion, way, parameters),
    )


def _is_open(motion: Motion, way: Way, parameters: FleetParameters) -> bool:
    """Whether no stop was seen yet after it."""
    if way.arrived_unseen:
        return False
    since_s = motion.times_s[-1] - motion.times_s[way.last]
    return bool(since_s < parameters.minimal_stop_s)


def trip_findings(
    measured: Measured, number: int, is_trip: bool, parameters: FleetParameters
) -> Iterator[Finding]:
    """What is to be known of a way."""
    judged, motion, way = measured.judged, measured.motion, measured.ways[number]
    start, end = (instant(int(motion.track.times_us[row])) for row in (way.start, way.end))
    when = {"at": start.isoformat(), "since": start.isoformat(), "until": end.isoformat()}
    path = round(float(np.nan_to_num(measured.measures.path_km[number])), 3)

    def found(code: str, figures: Evidence) -> Finding:
        return Finding(code, motion.track.vehicle, {**when, **figures})

    if judged.carried[number]:
        yield found("track_carried", {"path_km": path})
    if not is_trip:
        return
    if judged.stands[number]:
        yield found("track_odometer_stands", {"path_km": path})
    by_both = judged.measure(number) is DistanceBy.POSITIONS_AND_SPEED
    if by_both and judged.differs[number]:
        by_speed = round(float(measured.measures.speed_km[number]), 3)
        yield found("trip_measures_differ", {"path_km": path, "speed_km": by_speed})
    hours = (end - start).total_seconds() / 3600.0
    if hours * 3600.0 > parameters.longest_trip_s:
        yield found("trip_too_long", {"hours": round(hours, 2)})
