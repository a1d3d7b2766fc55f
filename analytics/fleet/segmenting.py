"""Trips and idling out of a cleaned track."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.distance import Edges, distances
from analytics.fleet.idling import idle_legs, idlings
from analytics.fleet.judging import judged
from analytics.fleet.motion import Motion, motion_of
from analytics.fleet.odometry import odometry, span_km
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Track
from analytics.fleet.tripbuilding import Measured, trip_findings, trip_of
from analytics.fleet.ways import ways_of
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Trip, VehicleEvent


@dataclass(frozen=True, slots=True)
class Segments:
    """What a track holds.

    trips, idlings
        In order of time; no two trips overlap.
    unassigned_km
        What the odometer counted outside all trips: below the minimal distance, or unseen.
    findings
        What is to be known of single trips: two measures that differ, a trip too long, an ignition that is
        never off.
    """

    trips: tuple[Trip, ...] = ()
    idlings: tuple[VehicleEvent, ...] = ()
    unassigned_km: float = 0.0
    findings: tuple[Finding, ...] = ()


def segment(track: Track, parameters: FleetParameters) -> Segments:
    """Trips, idling and what belongs to none of them.

    Parameters
    ----------
    track
        Cleaned. It should begin at rest; a trip that began before it is cut there.
    """
    motion = motion_of(track, parameters)
    if len(motion) < 2:
        return Segments()
    events, hanging = idlings(motion, parameters)
    measured = _measured(motion, parameters)
    if measured is None:
        return Segments((), events, round(span_km(motion), 6), hanging)
    kept = [way for way in range(len(measured.ways)) if _is_trip(measured, way, parameters)]
    assigned = float(np.nansum(measured.counted.km[kept]))
    findings = [
        finding
        for way in range(len(measured.ways))
        for finding in trip_findings(measured, way, way in kept, parameters)
    ]
    return Segments(
        tuple(trip_of(measured, way, parameters) for way in kept),
        events,
        round(max(0.0, span_km(motion) - assigned), 6),
        (*findings, *hanging),
    )


def _measured(motion: Motion, parameters: FleetParameters) -> Measured | None:
    """All that is known of the ways; None where there is none."""
    ways = ways_of(motion, parameters)
    if not ways:
        return None
    edges = Edges.of(ways)
    measures = distances(motion, edges, parameters)
    counted = odometry(motion, edges, parameters)
    moving = np.where(motion.legs == 1, motion.legs_s, 0.0)
    idle = np.where(idle_legs(motion, parameters), motion.legs_s, 0.0)
    return Measured(
        motion=motion,
        ways=ways,
        measures=measures,
        counted=counted,
        judged=judged(motion, edges, measures, counted, parameters),
        moving_s=edges.sums(moving),
        idling_s=edges.sums(idle),
        max_speed_kmh=edges.greatest(motion.track.column("speed_kmh")),
    )


def _is_trip(measured: Measured, number: int, parameters: FleetParameters) -> bool:
    """Far enough, and long enough where both ends were seen."""
    way = measured.ways[number]
    if not measured.judged.is_trip[number]:
        return False
    if way.left_after >= 0 or way.arrived_unseen:
        return True
    times = measured.motion.times_s
    return bool(times[way.end] - times[way.start] >= parameters.minimal_trip_s)
