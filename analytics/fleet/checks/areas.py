"""Driving outside the area that a vehicle is permitted in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.fleet.checks.subject import Subject, trip_span
from analytics.fleet.track import Bools, Floats, Ints, Track, instant
from quotawatt.fleet.trips import Deviation, Place, Trip
from quotawatt.geography.fences import Fence, fence_of
from quotawatt.rulebook.vehicle_rules import ALLOWED, VehicleRule
from quotawatt.spans import INSTANT, Span

_MICROSECONDS_A_MINUTE = 60e6


@dataclass(frozen=True, slots=True)
class Fixes:
    """Positions in order, and how far beyond the border each is in metres, 0 inside."""

    times_us: Ints
    latitudes: Floats
    longitudes: Floats
    beyond_m: Floats


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions outside one after the other: rows ``[first, last]`` of the fixes."""

    first: int
    last: int


def outside_area(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Trips that left the permitted area for long enough. Value: metres beyond its border at most.

    Only what two positions one after the other tell counts; one stray position is none.
    """
    area = subject.register.geofences.get(subject.vehicle.permitted_area or "")
    if area is None:
        return
    fence = fence_of(area)
    allowed = rule.word("with_order") == ALLOWED
    orders = [window for _, window in subject.entitling()] if allowed else []
    for trip in subject.trips:
        if any(window.contains(trip.start) for window in orders):
            continue
        span = trip_span(trip)
        track = subject.facts.track(subject.vehicle.code, Span(span.start, span.end + INSTANT))
        fixes = None if track is None else _fixes(track, fence)
        if fixes is None:
            continue
        stretches = _outside(fixes, rule.number("metres"))
        minutes = sum(_minutes(fixes, stretch) for stretch in stretches)
        if stretches and minutes >= rule.number("least_minutes"):
            yield _left(rule, subject, trip, fixes, stretches, minutes, area.code)


def _fixes(track: Track, fence: Fence) -> Fixes | None:
    """The positions of a track against a fence; None: it has fewer than two."""
    latitudes, longitudes = track.column("latitude_deg"), track.column("longitude_deg")
    told = np.isfinite(latitudes) & np.isfinite(longitudes)
    if np.count_nonzero(told) < 2:
        return None
    latitudes, longitudes = latitudes[told], longitudes[told]
    beyond = np.zeros(len(latitudes))
    outside = ~fence.contains(latitudes, longitudes)
    beyond[outside] = fence.metres_to_border(latitudes[outside], longitudes[outside])
    return Fixes(track.times_us[told], latitudes, longitudes, beyond)


def _outside(fixes: Fixes, metres: float) -> list[Stretch]:
    """Runs of at least two positions farther outside than so many metres."""
    outside: Bools = fixes.beyond_m > metres
    edges = np.flatnonzero(np.diff(np.concatenate([[False], outside, [False]])))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Stretch(int(a), int(b) - 1) for a, b in pairs if b - a >= 2]


def _minutes(fixes: Fixes, stretch: Stretch) -> float:
    length = fixes.times_us[stretch.last] - fixes.times_us[stretch.first]
    return float(length) / _MICROSECONDS_A_MINUTE


def _left(
    rule: VehicleRule,
    subject: Subject,
    trip: Trip,
    fixes: Fixes,
    stretches: list[Stretch],
    minutes: float,
    area: str,
) -> Deviation:
    first, last = stretches[0].first, stretches[-1].last
    outside = np.concatenate([np.arange(s.first, s.last + 1) for s in stretches])
    farthest = int(outside[np.argmax(fixes.beyond_m[outside])])
    whole = float(fixes.times_us[-1] - fixes.times_us[0]) / _MICROSECONDS_A_MINUTE
    back = last + 1 < len(fixes.times_us)
    place = Place(float(fixes.latitudes[farthest]), float(fixes.longitudes[farthest]))
    return subject.found(
        rule,
        Span(instant(int(fixes.times_us[first])), instant(int(fixes.times_us[last]))),
        trip=trip,
        value=float(fixes.beyond_m[farthest]),
        limit=rule.number("metres"),
        unit="m",
        place=place,
        area=area,
        minutes_outside=minutes,
        share_outside_pct=100 * minutes / whole if whole > 0 else None,
        times_outside=len(stretches),
        farthest_at=instant(int(fixes.times_us[farthest])).isoformat(),
        back_at=instant(int(fixes.times_us[last + 1])).isoformat() if back else None,
    )
