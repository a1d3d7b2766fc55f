"""Trips and events as rows: what goes in comes out, and a span is exchanged whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from quotawatt.fleet.book import (
    events_within,
    forget_vehicle,
    last_trips,
    put_details,
    replace_within,
    trip_at,
    trips_during,
    trips_within,
)
from quotawatt.fleet.trips import DistanceBy, EnergyBy, EventKind, Place, Trip, VehicleEvent
from quotawatt.spans import Span

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHOLE = Span(START - 24 * HOUR, START + 240 * HOUR)

FULL = Trip(
    vehicle="CAR-1",
    start=START,
    end=START + HOUR,
    distance_km=42.5,
    distance_by=DistanceBy.ODOMETER,
    start_after=START - HOUR,
    end_before=START + 2 * HOUR,
    odometer_start_km=1000.0,
    odometer_end_km=1042.5,
    gnss_km=42.0,
    start_place=Place(36.6, 117.0),
    end_place=Place(-36.7, -117.1),
    max_speed_kmh=90.0,
    moving_s=3000.0,
    idling_s=600.0,
    fuel_l=3.4,
    fuel_by=EnergyBy.LEVEL,
    idling_fuel_l=0.1,
    electricity_kwh=1.5,
    electricity_by=EnergyBy.SOC,
    coverage=0.9,
    messages=361,
    open=True,
)
BARE = Trip("CAR-1", START + 5 * HOUR, START + 6 * HOUR, float("nan"), DistanceBy.UNKNOWN)
CHARGED = VehicleEvent(
    vehicle="CAR-1",
    kind=EventKind.CHARGING,
    start=START + 3 * HOUR,
    end=START + 4 * HOUR,
    amount=7.0,
    before=20.0,
    after=80.0,
    place=Place(36.6, 117.0),
    odometer_km=1042.5,
    detail={"by": "soc"},
)


def test_what_goes_in_comes_out(records: Engine) -> None:
    with records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [BARE, FULL], [CHARGED])
    with records.connect() as conn:
        full, bare = trips_within(conn, WHOLE)
        assert full == FULL
        assert str(bare) == str(BARE)  # NaN is not equal to itself
        assert events_within(conn, WHOLE, {"CAR-1"}, [EventKind.CHARGING]) == [CHARGED]
        assert events_within(conn, WHOLE, {"CAR-1"}, [EventKind.IDLING]) == []
        assert trip_at(conn, "CAR-1", START) == FULL
        assert trip_at(conn, "CAR-1", START + HOUR) is None


def test_only_the_span_of_the_vehicle_is_exchanged(records: Engine) -> None:
    other = replace(FULL, vehicle="CAR-2")
    later = replace(FULL, start=START + 24 * HOUR, end=START + 25 * HOUR)
    with records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [FULL, later], [CHARGED])
        replace_within(conn, "CAR-2", WHOLE, [other], [])
    moved = replace(FULL, start=START + HOUR)
    with records.begin() as conn:
        replace_within(conn, "CAR-1", Span(START, START + 24 * HOUR), [moved], [])
    with records.connect() as conn:
        assert trips_within(conn, WHOLE) == [other, moved, later]
        assert events_within(conn, WHOLE) == []
        assert last_trips(conn, "CAR-1", START + 24 * HOUR, 5) == [moved]
        assert last_trips(conn, "CAR-1", WHOLE.end, 1) == [later]
    with records.begin() as conn:
        forget_vehicle(conn, "CAR-1")
    with records.connect() as conn:
        assert trips_within(conn, WHOLE) == [other]


def test_a_trip_under_way_counts_for_the_time_it_reaches_into(records: Engine) -> None:
    with records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [FULL], [])
    half = Span(START + HOUR / 2, START + 2 * HOUR)
    with records.connect() as conn:
        assert trips_within(conn, half) == []
        assert trips_during(conn, half) == [FULL]
        assert trips_during(conn, Span(START + 2 * HOUR, WHOLE.end)) == []


def test_the_detail_of_an_event_is_exchanged_alone(records: Engine) -> None:
    matched = replace(CHARGED, detail={"charger": "CH-1", "charger_kwh": 7.7})
    gone = replace(matched, start=START)
    with records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [], [CHARGED])
        put_details(conn, [matched, gone])
    with records.connect() as conn:
        assert events_within(conn, WHOLE) == [matched]
