"""Speeding, and engines that run while the vehicle stands."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.fleet.checks.subject import Subject, trip_span
from analytics.fleet.track import Floats, Ints, Track, instant
from quotawatt.fleet.trips import Deviation, EventKind, Place, Trip
from quotawatt.geography.fences import fence_of
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import INSTANT, Span

TOLD_LIMIT = "speed_limit_kmh"
"""The quantity by which a device or its map tells the limit of the road."""
LONGEST_STEP_S = 120.0
"""Speeds farther apart than this say nothing of the time between them: ours, as no message tells it."""
_SPEED_ZONE = "speed_zone"
_LOWEST_LIMIT_KMH = 5.0
_SECOND_US = 1e6


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speeds in order, what may be driven at each, and what says so (``BY``)."""

    times_us: Ints
    speeds: Floats
    limits: Floats
    by: Ints


BY = ("rule", "road", "vehicle", "zone")
"""What a limit comes from: the rule's, the road's as told, the vehicle's own, or a zone's."""


@dataclass(frozen=True, slots=True)
class Run:
    """Speeds above the limit one after the other: rows ``[first, last]``, and how long they tell."""

    first: int
    last: int
    seconds: float


def speeding(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Trips driven too fast for long enough. Value: the speed farthest above its limit, in km/h.

    The limit is the lowest of the road's as the data tell it (else the rule's), the vehicle's, and those of
    the zones that it is in. A run counts that lasts the rule's seconds and has its number of speeds.
    """
    for trip in subject.trips:
        top = trip.max_speed_kmh
        if top is not None and top <= _LOWEST_LIMIT_KMH + rule.number("over_kmh"):
            continue
        span = trip_span(trip)
        track = subject.facts.track(subject.vehicle.code, Span(span.start, span.end + INSTANT))
        if track is None:
            continue
        speeds = _speeds(track, rule, subject)
        runs = list(_runs(speeds, rule))
        if runs:
            yield _too_fast(rule, subject, trip, track, speeds, runs)


def idling(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Engines that ran at rest for longer than the rule's minutes. Value: minutes."""
    for event in subject.events(EventKind.IDLING):
        length = (event.end - event.start).total_seconds() / 60
        if length > rule.number("minutes"):
            trips = (t for t in subject.trips if trip_span(t).contains(event.start))
            yield subject.found(
                rule,
                Span(event.start, event.end),
                trip=next(trips, None),
                value=length,
                limit=rule.number("minutes"),
                unit="min",
                place=event.place,
                fuel_l=event.amount,
            )


def _speeds(track: Track, rule: VehicleRule, subject: Subject) -> Speeds:
    """The speeds that were told, each with its limit."""
    told = np.isfinite(track.column("speed_kmh"))
    speeds = track.column("speed_kmh")[told]
    road = track.column(TOLD_LIMIT)[told]
    known = np.isfinite(road) & (road > 0)
    limits = np.where(known, road, rule.number("limit_kmh"))
    by = np.where(known, BY.index("road"), BY.index("rule"))
    own = subject.vehicle.speed_limit_kmh
    if own is not None:
        _lower(limits, by, np.full(len(limits), own), "vehicle")
    latitudes, longitudes = track.column("latitude_deg")[told], track.column("longitude_deg")[told]
    for zone in subject.register.geofences.values():
        if zone.use == _SPEED_ZONE and zone.speed_limit_kmh and zone.status == "in_use":
            inside = fence_of(zone).contains(latitudes, longitudes)
            _lower(limits, by, np.where(inside, zone.speed_limit_kmh, np.inf), "zone")
    return Speeds(track.times_us[told], speeds, limits, by)


def _lower(limits: Floats, by: Ints, others: Floats, what: str) -> None:
    lower = others < limits
    limits[lower] = others[lower]
    by[lower] = BY.index(what)


def _runs(speeds: Speeds, rule: VehicleRule) -> Iterator[Run]:
    """Runs above the limit that last long enough, not over a gap in the messages."""
    over = speeds.speeds > speeds.limits + rule.number("over_kmh")
    rows = np.flatnonzero(over)
    if not len(rows):
        return
    far = np.diff(speeds.times_us[rows]) > LONGEST_STEP_S * _SECOND_US
    breaks = np.flatnonzero((np.diff(rows) > 1) | far) + 1
    for run in np.split(rows, breaks):
        seconds = float(speeds.times_us[run[-1]] - speeds.times_us[run[0]]) / _SECOND_US
        if len(run) >= rule.number("least_fixes") and seconds >= rule.number("least_seconds"):
            yield Run(int(run[0]), int(run[-1]), seconds)


def _too_fast(
    rule: VehicleRule,
    subject: Subject,
    trip: Trip,
    track: Track,
    speeds: Speeds,
    runs: list[Run],
) -> Deviation:
    rows = np.concatenate([np.arange(run.first, run.last + 1) for run in runs])
    worst = int(rows[np.argmax(speeds.speeds[rows] - speeds.limits[rows])])
    at = int(speeds.times_us[worst])
    return subject.found(
        rule,
        Span(
            instant(int(speeds.times_us[runs[0].first])),
            instant(int(speeds.times_us[runs[-1].last])),
        ),
        trip=trip,
        value=float(speeds.speeds[worst]),
        limit=float(speeds.limits[worst]),
        unit="km/h",
        place=_place_at(track, at),
        seconds=sum(run.seconds for run in runs),
        times_over=len(runs),
        worst_at=instant(at).isoformat(),
        limit_by=BY[int(speeds.by[worst])],
    )


def _place_at(track: Track, at_us: int) -> Place | None:
    row = int(np.searchsorted(track.times_us, at_us))
    latitude, longitude = track.column("latitude_deg")[row], track.column("longitude_deg")[row]
    if not (np.isfinite(latitude) and np.isfinite(longitude)):
        return None
    return Place(float(latitude), float(longitude))
