"""Trips and events of vehicles in the record store: replaced from an instant on, read by vehicle and time."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from quotawatt.fleet.trips import DistanceBy, EnergyBy, EventKind, Place, Trip, VehicleEvent
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_events, vehicle_trips

_CHUNK = 500


def replace_within(
    conn: Connection,
    vehicle: str,
    span: Span,
    trips: Iterable[Trip],
    events: Iterable[VehicleEvent],
) -> None:
    """Make the vehicle's trips and events that start within the span those given.

    ``conn`` comes from ``engine.begin()``: whoever reads sees the rows before or those after.
    """
    for table, rows in (
        (vehicle_trips, [trip_row(trip) for trip in trips]),
        (vehicle_events, [event_row(event) for event in events]),
    ):
        own = table.c.vehicle == vehicle
        inside = (table.c.start >= span.start) & (table.c.start < span.end)
        conn.execute(delete(table).where(own, inside))
        if rows:
            conn.execute(insert(table), rows)


def forget_vehicle(conn: Connection, vehicle: str) -> list[VehicleEvent]:
    """Remove all trips and events of a vehicle: it is not to be followed any more. The events that went."""
    own = vehicle_events.c.vehicle == vehicle
    gone = [event_of(row) for row in _rows(conn, vehicle_events, own, None)]
    for table in (vehicle_trips, vehicle_events):
        conn.execute(delete(table).where(table.c.vehicle == vehicle))
    return gone


def trips_within(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> list[Trip]:
    """The trips that start within the span, by start and vehicle; ``vehicles`` None: of all."""
    t = vehicle_trips.c
    return [trip_of(row) for row in _rows(conn, vehicle_trips, _starting(t, span), vehicles)]


def trips_during(
    conn: Connection, span: Span, vehicles: Collection[str] | None = None
) -> list[Trip]:
    """The trips under way at any time of the span, by start and vehicle; ``vehicles`` None: of all."""
    t = vehicle_trips.c
    during = (t.start < span.end) & (t.end >= span.start)
    return [trip_of(row) for row in _rows(conn, vehicle_trips, during, vehicles)]


def trip_at(conn: Connection, vehicle: str, start: datetime) -> Trip | None:
    """The trip of this identity; None where there is none."""
    t = vehicle_trips.c
    query = select(vehicle_trips).where(t.vehicle == vehicle, t.start == start)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else trip_of(row)


def last_trips(conn: Connection, vehicle: str, before: datetime, count: int) -> list[Trip]:
    """The last ``count`` trips of a vehicle that start before an instant, in order."""
    t = vehicle_trips.c
    query = select(vehicle_trips).where(t.vehicle == vehicle, t.start < before)
    rows = conn.execute(query.order_by(t.start.desc()).limit(count)).mappings()
    return [trip_of(row) for row in rows][::-1]


def events_within(
    conn: Connection,
    span: Span,
    vehicles: Collection[str] | None = None,
    kinds: Collection[EventKind] = (),
) -> list[VehicleEvent]:
    """The events that start within the span, by start and vehicle; no ``kinds``: of all kinds."""
    starting = _of(_starting(vehicle_events.c, span), kinds)
    return [event_of(row) for row in _rows(conn, vehicle_events, starting, vehicles)]


def events_during(
    conn: Connection,
    span: Span,
    vehicles: Collection[str] | None = None,
    kinds: Collection[EventKind] = (),
) -> list[VehicleEvent]:
    """The events that go on at any time of the span, as ``events_within`` gives those that start in it."""
    t = vehicle_events.c
    during = (t.start < span.end) & (t.end >= span.start)
    return [event_of(row) for row in _rows(conn, vehicle_events, _of(during, kinds), vehicles)]


def put_details(conn: Connection, events: Iterable[VehicleEvent]) -> None:
    """Keep another detail of events that are kept; those that are not there any more stay away."""
    t = vehicle_events.c
    own = (t.vehicle == bindparam("of")) & (t.kind == bindparam("what"))
    rows = [
        {"of": e.vehicle, "what": e.kind.value, "at": e.start, "detail": dict(e.detail)}
        for e in events
    ]
    if rows:
        statement = update(vehicle_events).where(own, t.start == bindparam("at"))
        conn.execute(statement, rows)


def trip_row(trip: Trip) -> dict[str, Any]:
    """A trip as its row."""
    row = {name: value for name, value in asdict(trip).items() if not name.endswith("_place")}
    return {
        **row,
        **_place_columns("start_", trip.start_place),
        **_place_columns("end_", trip.end_place),
        "distance_km": None if math.isnan(trip.distance_km) else trip.distance_km,
        "distance_by": trip.distance_by.value,
        "fuel_by": trip.fuel_by.value,
        "electricity_by": trip.electricity_by.value,
    }


def trip_of(row: Mapping[Any, Any]) -> Trip:
    """A row as its trip."""
    values = {name: row[name] for name in Trip.__slots__ if not name.endswith("_place")}
    values |= {
        "distance_km": math.nan if row["distance_km"] is None else row["distance_km"],
        "distance_by": DistanceBy(row["distance_by"]),
        "fuel_by": EnergyBy(row["fuel_by"]),
        "electricity_by": EnergyBy(row["electricity_by"]),
        "start_place": _place_of(row, "start_"),
        "end_place": _place_of(row, "end_"),
    }
    return Trip(**values)


def event_row(event: VehicleEvent) -> dict[str, Any]:
    """An event as its row."""
    row = asdict(event)
    del row["place"]
    return {
        **row,
        **_place_columns("", event.place),
        "kind": event.kind.value,
        "detail": dict(event.detail),
    }


def event_of(row: Mapping[Any, Any]) -> VehicleEvent:
    """A row as its event."""
    values = {name: row[name] for name in VehicleEvent.__slots__ if name != "place"}
    return VehicleEvent(**{**values, "kind": EventKind(row["kind"]), "place": _place_of(row, "")})


def _rows(
    conn: Connection,
    table: Table,
    condition: ColumnElement[bool],
    vehicles: Collection[str] | None,
) -> list[Mapping[Any, Any]]:
    query = select(table).where(condition)
    if vehicles is None:
        found = list(conn.execute(query).mappings())
    else:
        codes = sorted(set(vehicles))
        chunks = [codes[first : first + _CHUNK] for first in range(0, len(codes), _CHUNK)]
        found = [
            row
            for chunk in chunks
            for row in conn.execute(query.where(table.c.vehicle.in_(chunk))).mappings()
        ]
    return sorted(found, key=lambda row: (row["start"], row["vehicle"]))


def _of(condition: ColumnElement[bool], kinds: Collection[EventKind]) -> ColumnElement[bool]:
    if not kinds:
        return condition
    return condition & vehicle_events.c.kind.in_([kind.value for kind in kinds])


def _starting(columns: Any, span: Span) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (columns.start >= span.start) & (columns.start < span.end)
    return condition


def _place_columns(prefix: str, place: Place | None) -> dict[str, float | None]:
    return {
        f"{prefix}latitude_deg": None if place is None else place.latitude_deg,
        f"{prefix}longitude_deg": None if place is None else place.longitude_deg,
    }


def _place_of(row: Mapping[Any, Any], prefix: str) -> Place | None:
    latitude, longitude = row[f"{prefix}latitude_deg"], row[f"{prefix}longitude_deg"]
    return None if latitude is None or longitude is None else Place(latitude, longitude)
