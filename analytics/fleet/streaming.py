"""Trips while messages come in: bounded state, and the same trips as from all messages at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from analytics.fleet.arrays import last_told, runs
from analytics.fleet.cleaning import clean
from analytics.fleet.motion import STILL, Motion, motion_of
from analytics.fleet.parameters import DEFAULTS, FleetParameters
from analytics.fleet.segmenting import Segments, segment
from analytics.fleet.track import Track, instant, joined, microseconds
from analytics.fleet.ways import without_halts
from quotawatt.fleet.trips import Trip

_LOOK_BACK = timedelta(days=31)

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
    settled_us: int = -(2**62)
    newest_us: int = -(2**62)
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
    known = chunk.between(state.settled_us, 2**62)
    tail = joined([known] if state.tail is None else [state.tail, known])
    dated = clean(known, parameters, now).track.times_us
    newest = max(state.newest_us, int(dated[-1]) if len(dated) else state.newest_us)
    late = state.late + len(chunk) - len(known)
    kept = StreamState(tail, state.settled_us, newest, late)
    ready_us = newest - int(parameters.lateness_s * 1e6)
    cleaned = clean(tail.between(-(2**62), ready_us + 1), parameters, now)
    cut_us = _cut(motion_of(cleaned.track, parameters), ready_us, parameters)
    if cut_us is None or cut_us <= state.settled_us:
        return kept, Segments()
    found = segment(cleaned.track.between(-(2**62), cut_us + 1), parameters)
    after = StreamState(_from(tail, cut_us), cut_us, newest, late)
    return after, _within(found, state.settled_us, cleaned.findings)


def flush(state: StreamState, parameters: FleetParameters, now: datetime) -> Segments:
    """What is not settled yet, as it looks now: the trip under way and those whose rest is too fresh."""
    if state.tail is None:
        return Segments()
    cleaned = clean(state.tail, parameters, now)
    return _within(segment(cleaned.track, parameters), state.settled_us, cleaned.findings)


def restart_from(
    trips: Sequence[Trip], since: datetime, parameters: FleetParameters = DEFAULTS
) -> datetime:
    """From where trips must be computed anew when messages at or after ``since`` changed.

    The end of the last trip but one that such messages can't touch: the vehicle stood there, and the message
    that says so is the first to be read. The last such trip is computed anew, as its stop may have been
    shorter than it seemed. Trips and idling that start at or after the instant returned then replace those
    that were kept; earlier ones stay.

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
        for trip, next_leaves in zip(trips, [*following, None], strict=True)
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


def _cut(motion: Motion, ready_us: int, parameters: FleetParameters) -> int | None:
    """The last message at rest after which the vehicle rested long enough; None where there is none."""
    if len(motion) < 2:
        return None
    micros = motion.track.times_us
    starts, ends = runs((without_halts(motion, parameters) == STILL).astype(np.int64))
    rest = motion.legs[starts] == STILL
    long = motion.times_s[ends] - motion.times_s[starts]
    if rest[-1]:
        long[-1] += (ready_us - int(micros[-1])) / 1e6
    for run in np.flatnonzero(rest & (long >= _margin_s(parameters)))[::-1]:
        first, last = int(starts[run]), int(ends[run])
        until_us = (ready_us if last == len(motion) - 1 else int(micros[last])) - int(
            _margin_s(parameters) * 1e6
        )
        rows = np.arange(first, last + 1)
        allowed = (micros[rows] <= until_us) & _may_cut(motion, rows, long[run], parameters)
        if allowed.any():
            return int(micros[rows[np.flatnonzero(allowed)[-1]]])
    span_s = motion.times_s[-1]
    return int(micros[-1]) if span_s > 2.0 * parameters.longest_trip_s else None


def _may_cut(
    motion: Motion, rows: np.ndarray, rest_s: float, parameters: FleetParameters
) -> np.ndarray:
    """Messages of a rest at which idling is not torn apart, unless it goes on and on."""
    if rest_s > parameters.longest_trip_s:
        return np.ones(len(rows), dtype=np.bool_)
    allowed = motion.engine[rows] != 1.0
    allowed[0] = True
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


def _within(found: Segments, settled_us: int, findings: tuple[Finding, ...]) -> Segments:
    """What starts in the time that was not settled before."""
    trips = tuple(t for t in found.trips if microseconds(t.start_after or t.start) >= settled_us)
    idlings = tuple(e for e in found.idlings if microseconds(e.start) >= settled_us)
    return Segments(trips, idlings, found.unassigned_km, (*findings, *found.findings))
