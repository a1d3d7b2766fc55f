"""Fuel bought where the vehicle was not: a row of a card against where its positions were."""

from collections.abc import Iterator

import numpy as np

from analytics.fleet.checks.resting import Rest, rests
from analytics.fleet.checks.subject import Subject, minutes_of
from analytics.fleet.track import Floats, Track, microseconds
from quotawatt.fleet.trips import Deviation, Place
from quotawatt.geography.fences import Fence, fence_of
from quotawatt.rulebook.vehicle_rules import VehicleRule
from quotawatt.spans import DAY, INSTANT, Span

_STATION = "station"


def card_elsewhere(rule: VehicleRule, subject: Subject) -> Iterator[Deviation]:
    """Rows of cards at a station that the vehicle was not near. Value: metres from it at the nearest.

    Only rows that name a geofence of use ``station``, and only where positions, or a certain rest, tell the
    whole time around the row.
    """
    if not subject.cards:
        return
    stood = list(rests(subject, min(card.time for card in subject.cards) - DAY))
    for card in subject.cards:
        station = subject.register.geofences.get(card.station)
        if station is None or station.use != _STATION:
            continue
        around = minutes_of(rule.number("minutes"))
        window = Span(card.time - around, card.time + around)
        nearest = _nearest(window, subject, stood, fence_of(station))
        if nearest is not None and nearest[0] > rule.number("metres"):
            yield subject.found(
                rule,
                Span(card.time, card.time),
                value=nearest[0],
                limit=rule.number("metres"),
                unit="m",
                place=nearest[1],
                litres=card.litres,
                station=card.station,
                card_end=card.card[-4:],
                cost_cny=card.cost_cny,
            )


def _nearest(
    window: Span, subject: Subject, stood: list[Rest], fence: Fence
) -> tuple[float, Place] | None:
    """The nearest that the vehicle came to a station in a time; None: not known of all that time."""
    for rest in stood:
        if rest.span.start <= window.start and window.end <= rest.span.end:
            at = np.array([rest.place.latitude_deg]), np.array([rest.place.longitude_deg])
            return float(_metres(fence, *at)[0]), rest.place
    track = subject.facts.track(subject.vehicle.code, Span(window.start, window.end + INSTANT))
    return None if track is None else _nearest_of(track, window, fence)


def _nearest_of(track: Track, window: Span, fence: Fence) -> tuple[float, Place] | None:
    """Of positions no farther apart than a quarter of the time: hardly a filling fits between them."""
    latitudes, longitudes = track.column("latitude_deg"), track.column("longitude_deg")
    told = np.isfinite(latitudes) & np.isfinite(longitudes)
    edges = [microseconds(window.start), microseconds(window.end)]
    times = np.concatenate([edges[:1], track.times_us[told], edges[1:]])
    if not told.any() or (np.diff(times) > (edges[1] - edges[0]) / 4).any():
        return None
    latitudes, longitudes = latitudes[told], longitudes[told]
    metres = _metres(fence, latitudes, longitudes)
    row = int(np.argmin(metres))
    return float(metres[row]), Place(float(latitudes[row]), float(longitudes[row]))


def _metres(fence: Fence, latitudes: Floats, longitudes: Floats) -> Floats:
    """Metres outside the fence, 0 inside."""
    inside = fence.contains(latitudes, longitudes)
    metres: Floats = np.where(inside, 0.0, fence.metres_to_border(latitudes, longitudes))
    return metres
