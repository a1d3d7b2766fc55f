"""Trips and idling out of a cleaned track."""

from dataclasses import dataclass

import numpy as np

from analytics.fleet.distance import Edges, distances
from analytics.fleet.idling import idle_legs, idlings
from analytics.fleet.judging import judged
from analytics.fleet.motion import Motion, motion_of
from analytics.fleet.odometry import odometry, span_km
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, Track
from analytics.fleet.tripbuilding import Measured, trip_of, ways_findings
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
    is_trip = _are_trips(measured, parameters)
    assigned = float(np.nansum(measured.counted.km[is_trip]))
    return Segments(
        tuple(trip_of(measured, int(way), parameters) for way in np.flatnonzero(is_trip)),
        events,
        round(max(0.0, span_km(motion) - assigned), 6),
        (*ways_findings(measured, is_trip, parameters), *hanging),
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


def _are_trips(measured: Measured, parameters: FleetParameters) -> Bools:
    """Of each way, whether it is far enough, and long enough where both ends were seen."""
    ways, times = measured.ways, measured.motion.times_s
    unseen = np.array([way.left_after >= 0 or way.arrived_unseen for way in ways])
    length_s = times[[way.end for way in ways]] - times[[way.start for way in ways]]
    long: Bools = unseen | (length_s >= parameters.minimal_trip_s)
    return long & measured.judged.is_trip
