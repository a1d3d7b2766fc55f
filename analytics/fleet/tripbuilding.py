"""From what was measured of ways to trips, and the findings about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.fleet.distance import Distances
from analytics.fleet.idling import place_among
from analytics.fleet.judging import Judged
from analytics.fleet.motion import Motion
from analytics.fleet.odometry import Odometry
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Floats, instant
from analytics.fleet.ways import Way
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Trip


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


def ways_findings(
    measured: Measured, is_trip: Bools, parameters: FleetParameters
) -> Iterator[Finding]:
    """What is to be known of ways; of those that are no trips only that a vehicle was carried."""
    judged, times = measured.judged, measured.motion.times_s
    path, speed = measured.measures.path_km, measured.measures.speed_km
    for way in np.flatnonzero(judged.carried).tolist():
        yield _found(measured, way, "track_carried", {"path_km": path[way]})
    for way in np.flatnonzero(judged.stands & is_trip).tolist():
        yield _found(measured, way, "track_odometer_stands", {"path_km": path[way]})
    for way in np.flatnonzero(judged.differs & is_trip).tolist():
        figures = {"path_km": path[way], "speed_km": speed[way]}
        yield _found(measured, way, "trip_measures_differ", figures)
    for way in np.flatnonzero(is_trip).tolist():
        length_s = float(times[measured.ways[way].end] - times[measured.ways[way].start])
        if length_s > parameters.longest_trip_s:
            yield _found(measured, way, "trip_too_long", {"hours": length_s / 3600.0})


def _found(measured: Measured, number: int, code: str, figures: Mapping[str, float]) -> Finding:
    micros, way = measured.motion.track.times_us, measured.ways[number]
    since, until = (instant(int(micros[row])).isoformat() for row in (way.start, way.end))
    detail: dict[str, str | float | int | None] = {"at": since, "since": since, "until": until}
    detail |= {name: round(float(value), 3) for name, value in figures.items()}
    return Finding(code, measured.motion.track.vehicle, detail)
