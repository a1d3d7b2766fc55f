"""Vehicles that tell a state of charge and no counter: their charging is in totals and balance, once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analytics.carbon.power import PowerDays, power_days
from analytics.carbon.reach import power_pairs
from analytics.carbon.yeartable import YearTable
from analytics.grid import Key
from analytics.jobs.analyser import Analyser
from analytics.jobs.charges import (
    charges_of,
    charges_within,
    mark_changed,
    points_with_charges,
)
from analytics.jobs.executors import LocalExecutor
from analytics.jobs.fleetmarks import touched_vehicles_of
from analytics.totals.segments import segments
from analytics.yearly.dailyuse import DailyUse
from quotawatt.fleet.book import replace_within
from quotawatt.fleet.touching import touch_vehicles
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.hand.book import add_entry
from quotawatt.hand.entries import Entry
from quotawatt.readings import Grain, Quality, Reading
from quotawatt.register.model import (
    Binding,
    Building,
    Charger,
    Meter,
    Organisation,
    Register,
    Site,
    Vehicle,
)
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, HOUR, Span, local_midnight
from quotawatt.storage.intake import store_readings
from quotawatt.storage.touched import Touched, mark, take
from tests.analytics.jobs.drives import CAR, MINUTE, Drives, bound, drives

ZONE = ZoneInfo("Asia/Shanghai")
START = local_midnight(date(2026, 3, 2), ZONE)
NOW = START + DAY
WHOLE = Span(START - DAY, NOW)
CHARGED, DRAWN = "charge_energy_kwh", "electricity_import_kwh"
EV = replace(CAR, energy="electric", tank_l=None, battery_kwh=40.0)


def world_of(*more: Binding, vehicle: Vehicle = EV) -> Register:
    """A building with a main meter, a charger with its own, and the vehicle."""
    return Register(
        organisations=[
            Organisation("ORG-0", "上级", "Above", "party_government", "city"),
            Organisation("ORG-1", "甲局", "Bureau A", "party_government", "city", "ORG-0"),
        ],
        sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B", 36.6, 117.0)],
        buildings=[Building("BLD-1", "楼", "House", "SITE-1", "ORG-1", 100.0)],
        chargers=[Charger("CH-1", "桩", "Charger", "BLD-1", 11.0)],
        meters=[
            Meter("MTR-1", "总表", "Main", "BLD-1", "electricity"),
            Meter("MTR-2", "桩表", "Charging", "BLD-1", "electricity", "", "MTR-1", serves="CH-1"),
        ],
        vehicles=[vehicle],
        bindings=[bound("gps-1"), bound("main", "MTR-1"), bound("pile", "MTR-2"), *more],
    )


WORLD = world_of()
POINT = Key("CAR-1", CHARGED)
HOME, AWAY = (60, 180), (600, 660)
"""When it charged, in minutes from the start: 16 kWh, and 4 kWh."""


def state_of_charge(minute: int, charged: Iterable[tuple[int, int]]) -> float:
    """20 % at first, 20 % an hour at home; away 10 % in an hour."""
    found = 20.0
    for since, until in charged:
        points = 40.0 if (since, until) == HOME else 10.0
        found += points * min(max((minute - since) / (until - since), 0.0), 1.0)
    return found


@dataclass
class World:
    """Stores with a vehicle that charges, and what computes its trips and results."""

    made: Drives
    analyser: Analyser

    def send(
        self,
        charged: Iterable[tuple[int, int]],
        since: int = 0,
        until: int = 1440,
        revision: int = 0,
    ) -> None:
        """What vehicle and meters tell every ten minutes; the charger gives a tenth more than arrives."""
        charged, told = tuple(charged), []
        for minute in range(since, until, 10):
            soc = state_of_charge(minute, charged)
            given = (state_of_charge(minute, [c for c in charged if c == HOME]) - 20) * 0.4 * 1.1
            for device, quantity, value in (
                ("gps-1", "battery_soc_pct", soc),
                ("gps-1", "odometer_km", 1000.0),
                ("main", DRAWN, 500 + minute / 60 + given),
                ("pile", DRAWN, 50 + given),
            ):
                at = START + minute * MINUTE
                told.append(Reading(device, "", quantity, at, value, revision=revision, arrived=at))
        store_readings(self.made.series, self.made.records, told)

    def follow(self) -> None:
        """A turn of the analyser, one of the vehicles, one more of the analyser."""
        self.analyser.run(NOW)
        self.made.keeper.run(NOW)
        self.analyser.run(NOW)

    def total(self, subject: str, measure: str = CHARGED, grain: Grain = Grain.DAY) -> float:
        around = Span(START - 40 * DAY, NOW)
        rows = self.made.series.sum_results(grain, [subject], [measure], around).to_pylist()
        return rows[0]["value"] if rows and rows[0]["value"] is not None else 0.0

    def hours(self) -> dict[datetime, tuple[float, str]]:
        """The vehicle's hours with what it charged, and how well that is known."""
        table = self.made.series.read_results(Grain.HOUR, ["CAR-1"], [CHARGED], WHOLE)
        return {row["start"]: (row["value"], row["quality"]) for row in table.to_pylist()}

    def balance(self) -> PowerDays:
        """The electricity that the organisation answers for, from its daily results."""
        pairs = {*power_pairs(WORLD), ("ORG-1", DRAWN)}
        subjects, measures = (sorted({pair[i] for pair in pairs}) for i in (0, 1))
        days = self.made.series.read_results(Grain.DAY, subjects, measures, WHOLE).to_pandas()
        pieces = segments(WORLD, date(2026, 3, 2), date(2026, 3, 3))
        return power_days("ORG-1", pieces, YearTable(DailyUse(days, WORLD, ZONE), pairs, 2026))


def world_in(home: Path, register: Register, rulebook: Rulebook | None = None) -> World:
    made = drives(home)
    made.register, made.rulebook = register, rulebook or made.rulebook
    made.keeper = made.another("two")
    analyser = Analyser(
        made.series, made.records, lambda: made.register, made.rulebook, made.settings,
        LocalExecutor(),
    )  # fmt: skip
    return World(made, analyser)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_in(tmp_path, WORLD)


@pytest.mark.parametrize(
    ("charged", "kwh", "elsewhere"),
    # The charger gave 17.6 kWh for 16: 20 - 17.6 = 2.4, less than the 4 kWh from elsewhere, never more.
    [([HOME], 16.0, 0.0), ([AWAY], 4.0, 4.0), ([HOME, AWAY], 20.0, 2.4)],
)
def test_charging_is_in_every_total_and_once_in_the_balance(
    world: World, charged: list[tuple[int, int]], kwh: float, elsewhere: float
) -> None:
    world.send(charged)
    world.follow()
    for grain in Grain:
        for subject in ("CAR-1", "ORG-1", "ORG-0"):
            assert world.total(subject, grain=grain) == pytest.approx(kwh)
    balance = world.balance()
    at_home = 17.6 if HOME in charged else 0.0
    assert balance.bought[60] == pytest.approx(1430 / 60 + at_home, rel=1e-6)
    assert balance.charged_elsewhere.sum() == pytest.approx(elsewhere)
    assert balance.charged_at_own.sum() == pytest.approx(kwh - elsewhere)
    assert balance.net[60] == pytest.approx(1430 / 60 + at_home + elsewhere)


def test_computed_anew_as_a_whole_the_hours_are_the_same(world: World) -> None:
    world.send([HOME, AWAY])
    world.follow()
    hours, above = world.hours(), world.total("ORG-0", grain=Grain.MONTH)
    assert set(hours) == {START + n * HOUR for n in (1, 2, 10)}
    assert {quality for _, quality in hours.values()} == {Quality.ESTIMATED.value}
    assert [value for value, _ in hours.values()] == pytest.approx([8.0, 8.0, 4.0], rel=0.1)
    world.analyser.recompute(WHOLE, NOW)
    assert world.hours() == hours
    world.follow()
    assert (world.hours(), world.total("ORG-0", grain=Grain.MONTH)) == (hours, above)
    # What a session brought is no message of the vehicle: all is at rest.
    assert world.analyser.run(NOW).marks == 0
    assert world.made.keeper.run(NOW).vehicles == 0


def test_what_comes_late_is_added_and_what_was_corrected_goes(world: World) -> None:
    world.send([HOME, AWAY], until=640)
    world.follow()
    assert world.total("CAR-1") == pytest.approx(16.0 + 2.0)
    world.send([HOME, AWAY], since=640)
    world.follow()
    assert world.total("CAR-1") == world.total("ORG-0") == pytest.approx(20.0)
    world.send([HOME], since=600, revision=1)
    world.follow()
    assert world.total("CAR-1") == world.total("ORG-0") == pytest.approx(16.0)
    assert set(world.hours()) == {START + n * HOUR for n in (1, 2)}
    assert world.balance().charged_elsewhere.sum() == pytest.approx(0)


def test_the_quota_of_a_vehicle_knows_its_kilowatt_hours(tmp_path: Path) -> None:
    world = world_in(
        tmp_path, world_of(vehicle=replace(EV, quota_kwh_per_100km=15.0)), load_rulebook()
    )
    world.send([HOME, AWAY], until=1320)
    at = NOW - HOUR
    driven = [Reading("gps-1", "", "odometer_km", at, 1080.0, arrived=at)]
    store_readings(world.made.series, world.made.records, driven)
    world.follow()
    account = "CAR-1/electricity_kwh_per_100km"
    names = ["quota_used_kwh", "quota_limit_kwh"]
    since = Span(START, NOW + DAY)
    rows = world.made.series.read_results(Grain.DAY, [account], names, since).to_pylist()
    # 16 + 4 kWh on 80 km; 80 km * 15 kWh / 100 km = 12 kWh.
    assert {row["measure"]: row["value"] for row in rows} == {
        "quota_used_kwh": pytest.approx(20.0),
        "quota_limit_kwh": pytest.approx(12.0),
    }


def counter(device: str, **shown: float) -> list[Reading]:
    """What a counter of energy charged showed at these hours."""
    times = {START + int(hour[1:]) * HOUR: value for hour, value in shown.items()}
    return [Reading(device, "", CHARGED, at, value, arrived=at) for at, value in times.items()]


@pytest.mark.parametrize(
    ("counted", "kwh"),
    # Of the time that it tells of the sessions do not count: of all of it, or of what was charged at home.
    [({"h0": 100.0, "h12": 118.5, "h23": 118.5}, 18.5), ({"h0": 100.0, "h6": 115.0}, 15.0 + 4.0)],
)
def test_where_a_counter_tells_it_is_the_counter_s(
    world: World, counted: dict[str, float], kwh: float
) -> None:
    world.send([HOME, AWAY])
    store_readings(world.made.series, world.made.records, counter("gps-1", **counted))
    world.follow()
    assert world.total("CAR-1") == world.total("ORG-0") == pytest.approx(kwh)


def test_a_counter_that_is_bound_by_name_counts_even_if_it_is_silent(world: World) -> None:
    named = bound("wallbox", quantity=CHARGED)
    world.made.register = world_of(named)
    world.send([HOME, AWAY])
    world.follow()
    assert world.total("CAR-1") == 0
    store_readings(world.made.series, world.made.records, counter("wallbox", h0=7.0, h12=26.0))
    world.follow()
    assert world.total("CAR-1") == pytest.approx(19.0)


def test_of_a_vehicle_that_becomes_exempt_no_session_stays(world: World) -> None:
    world.send([HOME])
    world.follow()
    assert world.total("ORG-1") == pytest.approx(16.0)
    world.made.register = world_of(vehicle=replace(EV, tracking_exempt=True))
    with world.made.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": START})
    world.follow()
    assert (world.total("CAR-1"), world.total("ORG-1"), world.hours()) == (0, 0, {})


def test_a_bill_of_the_same_time_goes_before_sessions(world: World) -> None:
    world.send([HOME, AWAY])
    world.follow()
    billed = Entry("bill", "CAR-1", CHARGED, START, START + 6 * HOUR, amount=12.0)
    with world.made.records.begin() as conn:
        add_entry(conn, billed, "CAR-1", "test", NOW)
        mark(conn, [Touched("asset:CAR-1", "bill", CHARGED, START + n * HOUR) for n in (0, 5)])
    world.follow()
    assert world.total("CAR-1") == pytest.approx(12.0 + 4.0)


def session(start: datetime, end: datetime, by: str = "soc") -> VehicleEvent:
    return VehicleEvent("CAR-1", EventKind.CHARGING, start, end, 6.0, detail={"energy_by": by})


def test_what_a_single_message_told_has_a_minute_to_be_spread_over(world: World) -> None:
    at = START + 5 * HOUR
    (amount,) = charges_of([session(at, at)])
    assert (amount.start, amount.end, amount.amount) == (at - MINUTE, at, 6.0)
    with world.made.records.begin() as conn:
        replace_within(conn, "CAR-1", WHOLE, [], [session(at, at)])
        assert charges_within(conn, [POINT], Span(at - HOUR, at)) == [amount]
        assert points_with_charges(conn, Span(at - HOUR, at)) == [POINT]
        assert charges_within(conn, [POINT], Span(at, at + HOUR)) == []
        assert charges_within(conn, [Key("CAR-1", "odometer_km")], WHOLE) == []


def test_only_what_was_reckoned_is_an_amount() -> None:
    night = (START, START + 8 * HOUR)
    told = [session(*night, by) for by in ("counter", "power", "soc")]
    idle = VehicleEvent("CAR-1", EventKind.IDLING, *night, 0.4)
    nothing = replace(told[2], amount=None)
    assert [a.rule for a in charges_of([*told, idle, nothing])] == ["session", "session"]


def test_only_charging_that_changed_is_marked(world: World) -> None:
    long, short = session(START, START + 9 * HOUR), session(START, START + 8 * HOUR)
    with world.made.records.begin() as conn:
        mark_changed(conn, [short], [replace(short, detail={"energy_by": "soc", "charger": "X"})])
        assert take(conn)[1] == []
        mark_changed(conn, [short], [long])
        marks = take(conn)[1]
    assert [(m.device, m.channel, m.quantity) for m in marks] == [
        ("asset:CAR-1", "bill", CHARGED)
    ] * 3
    assert [m.hour for m in marks] == [START + n * HOUR for n in (0, 7, 8)]
    assert touched_vehicles_of(marks, (), WORLD) == {}
