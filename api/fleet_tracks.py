"""The way of a trip out of the series store as GeoJSON, and where vehicles were told to be last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.fleet.cleaning import clean
from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Track, instant
from analytics.jobs.fleettracks import Tracks
from api.access import Permit
from api.fleet import Vehicles, shower
from api.params import parse_instant
from api.services import Services
from quotawatt.errors import NotFoundError
from quotawatt.fleet.book import events_within, trip_at
from quotawatt.fleet.masking import masked_item
from quotawatt.fleet.trips import Trip
from quotawatt.geography.datum import all_wgs84_to_gcj02, wgs84_to_gcj02
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register
from quotawatt.spans import INSTANT, Span

Row = dict[str, Any]
Datum = Literal["wgs84", "gcj02"]

MOST_POINTS = 20_000
"""Of one line: of a longer track every second, third, ... position is drawn."""

_POSITION = ("latitude_deg", "longitude_deg")
_PLACES = 6


def require_trip(services: Services, permit: Permit, vehicle: str, start: str) -> Trip:
    """The trip of a vehicle that begins at an instant. Raises NotFoundError where none can be seen."""
    known = permit.register.vehicles.get(vehicle)
    at = parse_instant(start, "start", ZoneInfo(services.settings.timezone))
    with services.records.connect() as conn:
        trip = trip_at(conn, vehicle, at)
    if known is None or known.tracking_exempt or trip is None:
        raise NotFoundError(f"a trip must exist by vehicle and start, got {vehicle!r} at {start}")
    return trip


def track_of(services: Services, permit: Permit, trip: Trip, datum: Datum) -> Row:
    """The trip's way as a FeatureCollection: the line with times and speeds, its ends, its events."""
    tracks = Tracks(services.series, services.register_source())
    span = Span(trip.start, trip.end + INSTANT)
    loaded = tracks.load(trip.vehicle, span)
    track = clean(loaded, FleetParameters(), services.clock()).track
    with services.records.connect() as conn:
        events = events_within(conn, span, {trip.vehicle})
    show = shower(services, permit)
    rows = [show.event(event) for event in events if event.place is not None]
    return {
        "type": "FeatureCollection",
        "datum": datum,
        "features": [
            *_line(track, datum),
            *_ends(show.trip(trip), datum),
            *(_point(row.pop("place"), {"what": "event", **row}, datum) for row in rows),
        ],
    }


def last_positions(services: Services, asked: Vehicles, datum: Datum, now: datetime) -> Row:
    """Where vehicles were told to be last, by code; those never heard of are left out."""
    register = services.register_source()
    last = services.series.last_readings(now)
    told = _last_by_vehicle(last, register, frozenset(asked.followed))
    items = [_position(code, told[code], register, datum) for code in sorted(told)]
    masked = [masked_item(vehicle) for vehicle in asked.masked]
    return {"datum": datum, "items": [row for row in items if row is not None], "masked": masked}


def _line(track: Track, datum: Datum) -> Iterable[Row]:
    """The positions in order as a line; fewer than two are none."""
    latitudes, longitudes = (track.column(name) for name in _POSITION)
    rows = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
    rows = rows[:: max(1, -(-len(rows) // MOST_POINTS))]
    if len(rows) < 2:
        return
    latitudes, longitudes = latitudes[rows], longitudes[rows]
    if datum == "gcj02":
        latitudes, longitudes = all_wgs84_to_gcj02(latitudes, longitudes)
    pairs = np.round(np.column_stack([longitudes, latitudes]), _PLACES).tolist()
    speeds = track.column("speed_kmh")[rows]
    yield {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": pairs},
        "properties": {
            "what": "track",
            "times": [instant(int(us)).isoformat() for us in track.times_us[rows]],
            "speeds_kmh": [None if np.isnan(v) else round(float(v), 1) for v in speeds],
        },
    }


def _ends(row: Row, datum: Datum) -> Iterable[Row]:
    for what, place, at in (("start", "start_place", "start"), ("end", "end_place", "end")):
        if row[place] is not None:
            yield _point(row[place], {"what": what, "at": row[at]}, datum)


def _point(place: Row, properties: Row, datum: Datum) -> Row:
    latitude, longitude = _shown(place["latitude_deg"], place["longitude_deg"], datum)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }


def _shown(latitude: float, longitude: float, datum: Datum) -> tuple[float, float]:
    if datum == "gcj02":
        latitude, longitude = wgs84_to_gcj02(latitude, longitude)
    return round(latitude, _PLACES), round(longitude, _PLACES)


def _last_by_vehicle(
    last: pa.Table, register: Register, followed: frozenset[str]
) -> dict[str, dict[str, tuple[datetime, float]]]:
    """Of each vehicle the newest value of each quantity that says where it is, by the binding of its time."""
    wanted = [*_POSITION, "speed_kmh"]
    rows = last.filter(pc.is_in(last["quantity"], pa.array(wanted)))
    found: dict[str, dict[str, tuple[datetime, float]]] = {}
    for row in rows.select([*SeriesKey._fields, "time", "value"]).to_pylist():
        binding = register.binding(row["device"], row["channel"], row["quantity"], row["time"])
        code = row["device"].removeprefix("asset:") if binding is None else binding.asset
        if code in followed:
            own = found.setdefault(code, {})
            newest = max((row["time"], row["value"]), own.get(row["quantity"], (row["time"], -1e9)))
            own[row["quantity"]] = newest
    return found


def _position(
    code: str, told: dict[str, tuple[datetime, float]], register: Register, datum: Datum
) -> Row | None:
    """Where a vehicle is; None where its latitude and longitude are not of one message."""
    latitude, longitude = (told.get(name) for name in _POSITION)
    if latitude is None or longitude is None or latitude[0] != longitude[0]:
        return None
    vehicle = register.vehicles[code]
    north, east = _shown(latitude[1], longitude[1], datum)
    speed = told.get("speed_kmh")
    return {
        "vehicle": code,
        "plate": vehicle.plate,
        "organisation": vehicle.organisation,
        "at": latitude[0],
        "latitude_deg": north,
        "longitude_deg": east,
        "speed_kmh": speed[1] if speed is not None and speed[0] == latitude[0] else None,
    }
