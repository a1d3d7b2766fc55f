"""Trips while messages come in: bounded state, and the same trips as from all messages at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from analytics.fleet.arrays import last_told, runs
from analytics.fleet.cleaning import clean, well_dated
from analytics.fleet.motion import STILL, Motion, motion_of
from analytics.fleet.parameters import DEFAULTS, FleetParameters
from analytics.fleet.segmenting import Segments, segment
from analytics.fleet.track import Bools, Ints, Track, instant, joined, microseconds
from analytics.fleet.ways import without_halts
from quotawatt.findings import Finding
from quotawatt.fleet.trips import Trip

_LOOK_BACK = timedelta(days=31)

# Farther away than any message.
_NEVER_US = 2**62

# Told last before a cut, and needed after it.
_CARRIED = ("latitude_deg", "odometer_km", "ignition", "engine_rpm")


@dataclass(frozen=True, slots=True)
class StreamState:
    """What is kept of a vehicle's messages between two advances.

    tail
        Messages since the rest before which all is settled, and those before it that told last what a
        vehicle at rest no longer tells. None: no message came yet.
    settled_us, newest_us
        Up to where trips were given out; time of the newest message.
    late
        How many messages came for a time that was settled: ``restart_from`` says what they change.
    """

    tail: Track | None = None
    settled_us: int = -_NEVER_US
    newest_us: int = -_NEVER_US
    late: int = 0


def advance(
    state: StreamState, chunk: Track, parameters: FleetParameters, now: datetime
) -> tuple[StreamState, Segments]:
    """Take messages in and give out what they settle.

    Settled is what lies before a rest of ``minimal_stop_s`` and two stretches of ``contradiction_s``, which
    messages late by ``lateness_s`` can no longer change. Where a vehicle does not rest for twice
    ``longest_trip_s``, what there is is settled all the same, and a trip cut.

    Parameters
    ----------
    chunk
        Messages as they came: in any order within ``lateness_s``, repeated or not, not cleaned.
    now
        The present, by which clocks ahead are told.

    Returns
    -------
    The state for the next time, and trips and idling that no other call gives; ``unassigned_km`` is that of
    the time settled.
    """
    dated, wrong_clocks = well_dated(chunk, parameters, now)
    known = dated.between(state.settled_us, _NEVER_US)
    tail = joined([known] if state.tail is None else [state.tail, known])
    newest = max([state.newest_us, *known.times_us[-1:].tolist()])
    late = state.late + len(dated) - len(known)
    ready_us = newest - int(parameters.lateness_s * 1e6)
    cleaned = clean(tail.between(-_NEVER_US, ready_us + 1), parameters, now)
    cut_us = _cut(motion_of(cleaned.track, parameters), parameters)
    if cut_us is None or cut_us <= state.settled_us:
        return StreamState(tail, state.settled_us, newest, late), Segments(findings=wrong_clocks)
    findings = (*wrong_clocks, *cleaned.findings)
    given = _settled(cleaned.track, state.settled_us, cut_us, findings, parameters)
    return StreamState(_from(tail, cut_us), cut_us, newest, late), given


def flush(state: StreamState, parameters: FleetParameters, now: datetime) -> Segments:
    """What is not settled yet, as it looks now: the trip under way and those whose rest is too fresh."""
    if state.tail is None:
        return Segments()
    cleaned = clean(state.tail, parameters, now)
    found = _since(segment(cleaned.track, parameters), state.settled_us)
    part = _odometer_carried(cleaned.track, state.settled_us, _NEVER_US - 1)
    return replace(
        found,
        unassigned_km=segment(part, parameters).unassigned_km,
        findings=(*cleaned.findings, *found.findings),
    )


def restart_from(
    trips: Sequence[Trip], since: datetime, parameters: FleetParameters = DEFAULTS
) -> datetime:
    """From where trips must be computed anew when messages at or after ``since`` changed.

    The end of the last trip but one that such messages can't touch: the vehicle stood there, and the message
    that says so is the first to be read. The last such trip is computed anew, as its stop may have been
    shorter than it seemed. Trips and events that start after the instant returned then replace those that
    were kept; earlier ones stay, and so do those at that very instant: a trip that nobody saw begins and
    ends with the one message that tells of it.

    Parameters
    ----------
    trips
        Those known, in order of time; the last eight before ``since`` will do.

    Returns
    -------
    Where there are no two such trips: 31 days before ``since``, or the end of the one that there is if that
    is earlier.
    """
    margin = timedelta(seconds=_margin_s(parameters))
    following = [trip.start_after or trip.start for trip in trips[1:]]
    ends = [
        _ended(trip)
        for trip, next_leaves in zip(trips, [*following, None], strict=False)
        if _ended(trip) + margin <= since and (next_leaves is None or next_leaves >= _ended(trip))
    ]
    if len(ends) > 1:
        return ends[-2]
    return min([since - _LOOK_BACK, *ends])


def _ended(trip: Trip) -> datetime:
    return trip.end_before or trip.end


def _margin_s(parameters: FleetParameters) -> float:
    """For how long after a moment messages bear on what is said of it."""
    return parameters.minimal_stop_s + 2.0 * parameters.contradiction_s


def _cut(motion: Motion, parameters: FleetParameters) -> int | None:
    """The last message at rest after which the vehicle rested long enough; None where there is none."""
    if len(motion) < 2:
        return None
    micros = motion.track.times_us
    rested_us, cut_us = int(micros[0]), None
    for first, last in _rests(motion, parameters):
        rows = np.arange(first, last + 1)
        settled = micros[rows] <= micros[last] - int(_margin_s(parameters) * 1e6)
        allowed = settled & _may_cut(motion, rows, parameters)
        if allowed.any():
            rested_us, cut_us = int(micros[last]), int(micros[rows[np.flatnonzero(allowed)[-1]]])
            break
    driving_s = (int(micros[-1]) - rested_us) / 1e6
    return int(micros[-1]) if driving_s > 2.0 * parameters.longest_trip_s else cut_us


def _rests(motion: Motion, parameters: FleetParameters) -> Iterator[tuple[int, int]]:
    """First and last message of rests that are long enough, the newest first."""
    starts, ends = runs((without_halts(motion, parameters) == STILL).astype(np.int64))
    long = motion.times_s[ends] - motion.times_s[starts] >= _margin_s(parameters)
    for run in np.flatnonzero(long & (motion.legs[starts] == STILL))[::-1]:
        yield int(starts[run]), int(ends[run])


def _may_cut(motion: Motion, rows: Ints, parameters: FleetParameters) -> Bools:
    """Messages of a rest at which idling is not torn apart, unless it goes on and on."""
    allowed: Bools = motion.engine[rows] != 1.0
    allowed[0] = True
    if motion.times_s[rows[-1]] - motion.times_s[rows[0]] > parameters.longest_trip_s:
        allowed[:] = True
    return allowed


def _from(tail: Track, cut_us: int) -> Track:
    """The messages from a cut on, and those before it that told last what is carried."""
    first = int(np.searchsorted(tail.times_us, cut_us))
    needed = {first}
    for name in _CARRIED:
        rows = last_told(np.isfinite(tail.column(name)[: first + 1]))
        if len(rows) and rows[-1] >= 0:
            needed.add(int(rows[-1]))
    rows = np.concatenate([sorted(needed), np.arange(first + 1, len(tail))]).astype(np.int64)
    columns = {name: column[rows] for name, column in tail.columns.items()}
    return Track(tail.vehicle, tail.times_us[rows], columns)


def _settled(
    track: Track,
    since_us: int,
    until_us: int,
    findings: tuple[Finding, ...],
    parameters: FleetParameters,
) -> Segments:
    """What began at or after one cut and ended by the next."""
    found = segment(track, parameters)
    until = instant(until_us)
    trips = tuple(trip for trip in found.trips if _ended(trip) <= until)
    idlings = tuple(event for event in found.idlings if event.start < until)
    unassigned = segment(_odometer_carried(track, since_us, until_us), parameters).unassigned_km
    return _since(Segments(trips, idlings, unassigned, (*findings, *found.findings)), since_us)


def _since(found: Segments, since_us: int) -> Segments:
    """What began at or after a cut."""
    trips = (t for t in found.trips if microseconds(t.start_after or t.start) >= since_us)
    idlings = (event for event in found.idlings if microseconds(event.start) >= since_us)
    return replace(found, trips=tuple(trips), idlings=tuple(idlings))


def _odometer_carried(track: Track, since_us: int, until_us: int) -> Track:
    """The messages between two cuts, with the odometer told last before the first of them."""
    earlier = track.between(-_NEVER_US, since_us + 1).column("odometer_km")
    part = track.between(since_us, until_us + 1)
    told = np.flatnonzero(np.isfinite(earlier))
    if not len(told) or not len(part):
        return part
    odometer = part.column("odometer_km").copy()
    odometer[0] = earlier[told[-1]]
    return part.replaced({"odometer_km": odometer})
