"""The demo's vehicles in December: what they did is found by the rules, and nothing else is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select

from analytics.jobs.fleet import FleetKeeper
from quotawatt.app.demo import REGISTER
from quotawatt.app.demo_fleet import FleetOffice
from quotawatt.dispatch.book import orders_between
from quotawatt.fleet.book import trips_within
from quotawatt.fleet.deviations_kept import deviations_within
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.fleet.trips import Deviation, Trip
from quotawatt.readings import READINGS
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.settings import Settings
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.fleet_tables import (
    duty_vehicles,
    fuel_card_rows,
    vehicle_seals,
)
from quotawatt.storage.records import open_records
from simulators.cast import DEEDS, VEHICLES
from simulators.demo import DEFAULT_SEED
from simulators.dispatching import Paper, demo_paper
from simulators.journeys import journeys_of
from simulators.outings import DENSE_FROM, DeedKind
from simulators.timeline import WORLD_START, Timeline
from simulators.vehicles import Track, simulate_vehicle

ZONE = ZoneInfo("Asia/Shanghai")
SPAN = Span(local_midnight(DENSE_FROM, ZONE), local_midnight(date(2024, 1, 1), ZONE))
CODES = sorted({deed.vehicle for deed in DEEDS})
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Found:
    """What the fleet's keeper made of the last weeks."""

    records: Engine
    trips: list[Trip]
    deviations: list[Deviation]
    checks: dict[str, Check]

    def of(self, check: Check) -> set[tuple[str, date]]:
        """Vehicle and local day of what one check found."""
        return {
            (one.vehicle, one.start.astimezone(ZONE).date())
            for one in self.deviations
            if self.checks[one.rule] is check
        }


@pytest.fixture(scope="module")
def paper() -> Paper:
    return demo_paper()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, paper: Paper) -> Iterator[Found]:
    home = tmp_path_factory.mktemp("fleet")
    register, rulebook = read_csv_folder(REGISTER), load_rulebook()
    records, series = open_records("sqlite", home), DuckDbSeriesStore(home / "series.duckdb")
    office = FleetOffice(records, lambda: register, paper, ZONE)
    office.open(SPAN.start)
    for week in weeks():
        office.hand_in(week)
    series.write_readings(pa.concat_tables([readings(code) for code in CODES]))
    with records.begin() as conn:
        touch_vehicles(conn, dict.fromkeys(CODES, SPAN.start))
    settings = Settings(home=home)
    FleetKeeper(series, records, lambda: register, rulebook, settings, "test").run(SPAN.end)
    with records.connect() as conn:
        trips = trips_within(conn, SPAN)
        kept = deviations_within(conn, SPAN)
    checks = {rule.id: rule.check for rule in rulebook.vehicle_rules.values()}
    yield Found(records, trips, [one.deviation for one in kept], checks)
    series.close()


def weeks() -> Iterator[Span]:
    start = SPAN.start
    while start < SPAN.end:
        yield Span(start, min(start + WEEK, SPAN.end))
        start += WEEK


def readings(code: str) -> pa.Table:
    """What a vehicle's terminal tells from the start of the span on."""
    track = track_of(code)
    within = track.times_s >= SPAN.start.timestamp()
    parts = []
    for name, column in track.columns.items():
        told = within & ~np.isnan(column)
        times = pa.array(track.times_s[told] * 1_000_000).cast(READINGS.field("time").type)
        columns = {
            "device": f"tbox-{code[4:].lower()}",
            "channel": "",
            "quantity": name,
            "revision": 0,
            "quality": "measured",
            "reason": "",
            "timed_by_server": False,
        }
        arrays = [
            times
            if field.name in ("time", "arrived")
            else pa.array(column[told])
            if field.name == "value"
            else pa.array([columns[field.name]] * len(times), field.type)
            for field in READINGS
        ]
        parts.append(pa.Table.from_arrays(arrays, schema=READINGS))
    return pa.concat_tables(parts)


def track_of(code: str) -> Track:
    timeline = Timeline(WORLD_START, date(2024, 1, 1))
    return simulate_vehicle(VEHICLES[code], timeline, DEFAULT_SEED, code, DEEDS)


def day_of(kind: DeedKind) -> tuple[str, date]:
    (deed,) = (deed for deed in DEEDS if deed.kind is kind)
    return deed.vehicle, deed.day


def test_every_deed_is_found_and_nothing_else(found: Found) -> None:
    evening, holiday = day_of(DeedKind.EVENING), day_of(DeedKind.HOLIDAY)
    away, _ = overnight = day_of(DeedKind.OVERNIGHT)
    morning = (away, overnight[1] + timedelta(days=1))
    expected = {
        Check.IDLING: {day_of(DeedKind.IDLING)},
        Check.NOT_HOME_OVERNIGHT: {overnight},
        # The way back from the night away, of which its order says nothing, is without one, too.
        Check.NO_ORDER: {evening, holiday, morning},
        Check.OUTSIDE_WORKING_TIME: {evening},
        Check.SEALED: {holiday},
        Check.CARD_ELSEWHERE: {day_of(DeedKind.CARD)},
    }
    assert {check: found.of(check) for check in Check if found.of(check)} == expected
    per_trip = (Check.NO_ORDER, Check.OUTSIDE_WORKING_TIME, Check.SEALED)
    trips = {(trip.vehicle, trip.start) for trip in found.trips}
    for one in found.deviations:
        on_a_trip = found.checks[one.rule] in per_trip
        assert ((one.vehicle, one.trip) in trips) == on_a_trip


def test_trips_are_those_that_were_driven(found: Found) -> None:
    timeline = Timeline(WORLD_START, date(2024, 1, 1))
    for code in CODES:
        legs = journeys_of(VEHICLES[code], timeline, DEFAULT_SEED, code, DEEDS).legs
        driven = legs.start_s >= SPAN.start.timestamp()
        own = [trip for trip in found.trips if trip.vehicle == code]
        assert len(own) == driven.sum()
        for trip, start_s, km in zip(own, legs.start_s[driven], legs.km[driven], strict=True):
            assert abs(trip.start.timestamp() - start_s) <= 60
            assert trip.distance_km == pytest.approx(km, abs=0.25)
            assert trip.gnss_km == pytest.approx(km, rel=0.06)
            assert trip.coverage > 0.95


def test_the_paper_is_handed_in_once_and_whole(found: Found, paper: Paper) -> None:
    with found.records.connect() as conn:
        orders = orders_between(conn, SPAN.start, SPAN.end)
        duty = [one for one in paper.duty if one.first_day >= DENSE_FROM]
        for table, rows in (
            (fuel_card_rows, paper.cards),
            (vehicle_seals, paper.seals),
            (duty_vehicles, duty),
        ):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == len(rows)
    of_the_weeks = [order for order in paper.orders if order.end >= SPAN.start]
    assert len(orders) == len(of_the_weeks) > 100
    told = {order.source_number: order for order in paper.orders}
    for order in orders:
        own = told[order.source_number]
        assert (order.vehicle, order.driver, order.to_places) == (
            own.vehicle,
            own.driver,
            own.to_places,
        )
        assert abs(order.start - own.start) < timedelta(minutes=1)
