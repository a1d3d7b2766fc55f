"""Pools: what is empty running, what is not known, and which vehicles could go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.fleet.accountfacts import AccountFacts
from analytics.fleet.accounting import month_accounts
from analytics.fleet.accounts import Account
from analytics.fleet.carrying import Carried, OrderWindow, carried_by_trip
from analytics.fleet.tripframe import trip_frame
from analytics.fleet.utilisation import LEAST_DAYS, pool_uses, surpluses
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.register.model import Vehicle

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
START = datetime(2023, 5, 8, 1, tzinfo=UTC)
CARS = [
    Vehicle(f"CAR-{n}", "车", "Car", "ORG-1", f"A{n}", "car", "petrol", driver_pool="POOL")
    for n in (1, 2, 3)
]


def trip(vehicle: str, day: int = 0, hour: int = 0, km: float = 10.0) -> Trip:
    start = START + day * DAY + timedelta(hours=hour)
    return Trip(vehicle, start, start + timedelta(minutes=30), km, DistanceBy.ODOMETER)


def window(vehicle: str, passengers: int = 2, hours: int = 2) -> OrderWindow:
    return OrderWindow(vehicle, START, START + timedelta(hours=hours), passengers)


def accounts(*trips: Trip, vehicles: list[Vehicle] = CARS) -> list[Account]:
    facts = AccountFacts(ZONE, START + 60 * DAY, vehicles, trip_frame(trips))
    return month_accounts(facts, [date(2023, 5, 1)])


def carried(trips: list[Trip], windows: list[OrderWindow]) -> list[Carried]:
    return [Carried(value) for value in carried_by_trip(trip_frame(trips), windows)]


def test_a_trip_of_an_order_with_passengers_carried_them_and_others_were_empty() -> None:
    trips = [trip("CAR-1"), trip("CAR-1", hour=5)]
    found = carried(trips, [window("CAR-1")])
    assert found == [Carried.PASSENGERS, Carried.EMPTY]


def test_an_order_without_passengers_is_empty_running() -> None:
    assert carried([trip("CAR-1")], [window("CAR-1", passengers=0)]) == [Carried.EMPTY]


def test_of_a_vehicle_without_any_order_nothing_is_said() -> None:
    assert carried([trip("CAR-2")], [window("CAR-1")]) == [Carried.UNKNOWN]


def test_a_long_order_counts_although_a_short_one_began_later() -> None:
    late = OrderWindow("CAR-1", START + timedelta(hours=1), START + timedelta(hours=1.5), 1)
    found = carried([trip("CAR-1", hour=5)], [window("CAR-1", hours=8), late])
    assert found == [Carried.PASSENGERS]


def test_a_pool_by_vehicle_and_working_day() -> None:
    trips = [trip("CAR-1"), trip("CAR-1", hour=5, km=30.0), trip("CAR-2", km=20.0)]
    (pool,) = pool_uses(accounts(*trips), trip_frame(trips), [window("CAR-1")], ZONE)
    assert (pool.pool, pool.vehicles, pool.trips) == ("POOL", 3, 3)
    assert (pool.carried_km, pool.empty_km, pool.unknown_km) == (10.0, 30.0, 20.0)
    assert pool.empty_share == pytest.approx(0.75)
    assert pool.used_share == pytest.approx(2 / (3 * 21))
    assert pool.km_per_vehicle == pytest.approx(20.0)
    assert pool.at_once.most == 2


def test_use_per_100_km_is_a_ratio_of_sums_by_pool_and_kind() -> None:
    """8 L over 100 km of the cars; the mean of 6.67 and 20 L/100 km would be 13.3."""
    van = replace(CARS[2], kind="van", energy="electric")
    trips = [
        replace(trip("CAR-1", km=90.0), fuel_l=6.0),
        replace(trip("CAR-2", km=10.0), fuel_l=2.0),
        trip("CAR-2", hour=4, km=25.0),
        replace(trip("CAR-3", km=50.0), electricity_kwh=8.0),
    ]
    made = accounts(*trips, vehicles=[*CARS[:2], van])
    (pool,) = pool_uses(made, trip_frame(trips), [], ZONE)
    cars, vans = pool.kinds
    assert (cars.kind, cars.vehicles, cars.km) == ("car", 2, 125.0)
    assert cars.fuel.per_100km == pool.fuel.per_100km == pytest.approx(8.0)
    assert cars.electricity.per_100km is None
    assert vans.electricity.per_100km == pool.electricity.per_100km == pytest.approx(16.0)


def test_an_exempt_vehicle_is_counted_and_not_judged() -> None:
    secret = replace(CARS[0], code="CAR-9", tracking_exempt=True)
    (pool,) = pool_uses(accounts(vehicles=[secret]), trip_frame([]), [], ZONE)
    assert (pool.vehicles, pool.masked, pool.used_share) == (0, 1, None)
    assert surpluses(accounts(vehicles=[secret]), trip_frame([]), ZONE, 365) == []


def test_the_least_used_could_go_and_of_a_short_time_nobody_is_named() -> None:
    trips = [trip("CAR-1"), trip("CAR-2"), trip("CAR-2", day=1), trip("CAR-1", day=2)]
    (found,) = surpluses(accounts(*trips), trip_frame(trips), ZONE, LEAST_DAYS)
    assert (found.held, found.needed_by_day, found.needed_at_once) == (3, 2, 2)
    assert [code for code, _, _ in found.could_go] == ["CAR-3"]
    (early,) = surpluses(accounts(*trips), trip_frame(trips), ZONE, LEAST_DAYS - 1)
    assert early.could_go == ()
