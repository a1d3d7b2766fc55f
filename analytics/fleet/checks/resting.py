"""Where a vehicle stood between its trips, as far as that is certain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from analytics.fleet.checks.subject import Subject
from analytics.fleet.track import Track, instant
from quotawatt.fleet.trips import Place, Trip
from quotawatt.geography.distance import haversine_km
from quotawatt.spans import Span

SAME_PLACE_KM = 0.5
"""A vehicle that leaves farther from where it came to rest was moved unseen. Ours: positions in a courtyard
or an underground garage are off by up to some hundred metres."""
SAME_STAND_KM = 1.0
"""An odometer that rose by no more was not driven between two trips: many tell whole kilometres."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A time ``[start, end)`` for the whole of which a vehicle is known to have stood at a place."""

    span: Span
    place: Place


def rests(subject: Subject, since: datetime) -> Iterator[Rest]:
    """The rests of a vehicle in order up to now, those that end after ``since``.

    A rest is certain where the next trip leaves from where the one before ended. After the last trip it is as
    long as messages since ``since`` with the same place tell so.
    """
    trips = _with_last(subject)
    for one, following in pairwise(trips):
        rest = _between(one, following)
        if rest is not None and rest.span.end > since:
            yield rest
    if trips:
        yield from _after(trips[-1], subject, since)


def stayed_between(one: Trip, following: Trip) -> bool:
    """Whether a trip began where the one before it ended: by their places, else by the odometer.

    Then the vehicle was not moved between them, however long nothing was heard.
    """
    if one.end_place is not None and following.start_place is not None:
        left_from = following.start_place
        apart = metres_apart(one.end_place, left_from.latitude_deg, left_from.longitude_deg)
        return apart <= 1000 * SAME_PLACE_KM
    before, after = one.odometer_end_km, following.odometer_start_km
    return before is not None and after is not None and abs(after - before) <= SAME_STAND_KM


def metres_apart(place: Place, latitude_deg: float, longitude_deg: float) -> float:
    """Metres from a place to a position."""
    km = haversine_km(place.latitude_deg, place.longitude_deg, latitude_deg, longitude_deg)
    return 1000 * float(km)


def _with_last(subject: Subject) -> list[Trip]:
    """Its trips with the last one, which may be older than the time that is looked at."""
    trips, last = list(subject.trips), subject.last_trip
    return [last] if not trips and last is not None else trips


def _between(one: Trip, following: Trip) -> Rest | None:
    start = one.end_before or one.end
    end = following.start_after or following.start
    if one.open or one.end_place is None or end <= start or not stayed_between(one, following):
        return None
    return Rest(Span(start, end), one.end_place)


def _after(last: Trip, subject: Subject, since: datetime) -> Iterator[Rest]:
    start = last.end_before or last.end
    listen_from = max(start, since)
    if last.open or last.end_place is None or listen_from >= subject.now:
        return
    track = subject.facts.track(subject.vehicle.code, Span(listen_from, subject.now))
    heard = None if track is None else _last_heard_at(track, last.end_place)
    if heard is not None and heard > start:
        yield Rest(Span(start, heard), last.end_place)


def _last_heard_at(track: Track, place: Place) -> datetime | None:
    """The last message that tells the place; None: none does, or one tells another."""
    latitudes, longitudes = track.column("latitude_deg"), track.column("longitude_deg")
    told = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
    if not len(told):
        return None
    apart = haversine_km(latitudes[told], longitudes[told], place.latitude_deg, place.longitude_deg)
    return None if (apart > SAME_PLACE_KM).any() else instant(int(track.times_us[told[-1]]))
