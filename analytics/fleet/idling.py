"""Idling: the engine runs and the vehicle stands."""

from collections.abc import Iterator

import numpy as np

from analytics.fleet.arrays import last_told, runs
from analytics.fleet.motion import STILL, Motion
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Bools, instant
from quotawatt.findings import Evidence, Finding
from quotawatt.fleet.trips import EventKind, Place, VehicleEvent

_PLACE = ("latitude_deg", "longitude_deg")


def idle_legs(motion: Motion, parameters: FleetParameters) -> Bools:
    """Legs on which the vehicle stood with the engine on at both ends, not too far apart."""
    on = motion.engine == 1.0
    idle: Bools = (
        (motion.legs == STILL) & on[:-1] & on[1:] & (motion.legs_s <= parameters.idling_gap_s)
    )
    return idle


def idlings(
    motion: Motion, parameters: FleetParameters
) -> tuple[tuple[VehicleEvent, ...], tuple[Finding, ...]]:
    """Events of ``idling_minimum_s`` or longer, on trips and at rest; and ignitions that are never off.

    Nobody idles for ``longest_idling_s``: unless the engine is told to turn, that is an ignition line that
    hangs, told as ``track_ignition`` and not as idling.
    """
    events: list[VehicleEvent] = []
    findings: list[Finding] = []
    odometer = last_told(np.isfinite(motion.odometer_km))
    for first, last in _long_runs(motion, parameters):
        length_s = motion.times_s[last] - motion.times_s[first]
        turns = np.isfinite(motion.track.column("engine_rpm")[first : last + 1]).any()
        if length_s > parameters.longest_idling_s and not turns:
            findings.append(_hanging(motion, first, last))
        else:
            events.append(_event(motion, first, last, int(odometer[first])))
    return tuple(events), tuple(findings)


def _long_runs(motion: Motion, parameters: FleetParameters) -> Iterator[tuple[int, int]]:
    """First and last message of each."""
    idle = idle_legs(motion, parameters)
    if not idle.any():
        return
    starts, ends = runs(idle)
    lengths_s = motion.times_s[ends] - motion.times_s[starts]
    for run in np.flatnonzero(idle[starts] & (lengths_s >= parameters.idling_minimum_s)):
        yield int(starts[run]), int(ends[run])


def _event(motion: Motion, first: int, last: int, odometer_row: int) -> VehicleEvent:
    shown = motion.track.column("odometer_km")
    return VehicleEvent(
        vehicle=motion.track.vehicle,
        kind=EventKind.IDLING,
        start=instant(int(motion.track.times_us[first])),
        end=instant(int(motion.track.times_us[last])),
        place=place_among(motion, first, last),
        odometer_km=float(shown[odometer_row]) if odometer_row >= 0 else None,
    )


def place_among(motion: Motion, first: int, last: int) -> Place | None:
    """The first place told by messages ``first`` to ``last``; backwards where ``last`` comes before."""
    latitude, longitude = (motion.track.columns.get(name) for name in _PLACE)
    if latitude is None or longitude is None:
        return None
    row = first
    if np.isnan(latitude[row]):
        inside = slice(min(first, last), max(first, last) + 1)
        told = np.flatnonzero(np.isfinite(latitude[inside])) + inside.start
        if not len(told):
            return None
        row = int(told[0] if first <= last else told[-1])
    return Place(float(latitude[row]), float(longitude[row]))


def _hanging(motion: Motion, first: int, last: int) -> Finding:
    since = instant(int(motion.track.times_us[first]))
    until = instant(int(motion.track.times_us[last]))
    hours = (until - since).total_seconds() / 3600.0
    detail: Evidence = {
        "at": since.isoformat(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "hours": round(hours, 2),
    }
    return Finding("track_ignition", motion.track.vehicle, detail)
