"""A driver's score by its scheme: each part with its figure, too little data without points."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analytics.fleet.driverscore import DriverScore, TripDeviation, driver_facts, score_drivers
from analytics.fleet.tripframe import trip_frame
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.trips import DistanceBy, Trip
from quotawatt.rulebook.loader import load_rulebook

SCHEME = load_rulebook().driver_scores["driver-service"]
START = datetime(2023, 5, 8, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def order(number: int, driver: str = "DRV-1", **more: object) -> Order:
    start = START + number * DAY
    made = Order(
        number,
        OrderState.RATED,
        "ORG-1",
        "somebody",
        "errand",
        "",
        "archive",
        start,
        start + 3 * HOUR,
        start,
        vehicle="CAR-1",
        driver=driver,
        left_at=start + timedelta(minutes=5),
        returned_at=start + 2 * HOUR,
        odometer_out_km=100.0,
        odometer_in_km=130.0,
        rating=4,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def trip(number: int) -> Trip:
    start = START + number * DAY + timedelta(minutes=10)
    made = Trip("CAR-1", start, start + HOUR, 30.0, DistanceBy.ODOMETER)
    return replace(made, moving_s=2700.0, idling_s=300.0, max_speed_kmh=90.0)


def scored(
    orders: list[Order], trips: list[Trip], deviations: list[TripDeviation]
) -> list[DriverScore]:
    return score_drivers(SCHEME, driver_facts(orders, trip_frame(trips), deviations))


def figures(score: DriverScore) -> dict[str, float | None]:
    return {part.basis: part.figure for part in score.parts}


def test_each_part_rests_on_what_it_says() -> None:
    orders = [order(n) for n in range(5)]
    late = orders[4].planned_start + timedelta(minutes=20)
    orders[4] = replace(orders[4], left_at=late, odometer_in_km=None)
    trips = [trip(n) for n in range(5)]
    fast = TripDeviation("CAR-1", trips[0].start, 3.0, speeding=True, standing=False)
    open_ = TripDeviation("CAR-1", trips[1].start, 9.0, speeding=False, standing=True)
    (score,) = scored(orders, trips, [fast, open_])
    assert figures(score) == {
        "speeding_minutes_per_100km": 2.0,
        "idling_pct": 10.0,
        "punctual_pct": 80.0,
        "rating": 4.0,
        "odometer_told_pct": 80.0,
        "trips_unexplained_pct": 20.0,
    }
    assert score.known_pct == 100.0
    # 25 of 60, 10 of 100, 20 of 60, 25 of 75, 10 of 60, 10 of 0 points
    assert score.points == pytest.approx(61.75)


def test_too_little_data_has_no_points_and_the_known_weight_is_said() -> None:
    (score,) = scored([order(n, rating=None) for n in range(5)], [], [])
    assert figures(score)["rating"] is None
    assert figures(score)["speeding_minutes_per_100km"] is None
    assert score.known_pct == 30.0
    assert score.points is None


def test_trips_that_tell_no_speed_tell_nothing_of_speeding() -> None:
    trips = [replace(trip(n), max_speed_kmh=None) for n in range(5)]
    (score,) = scored([order(n) for n in range(5)], trips, [])
    assert figures(score)["speeding_minutes_per_100km"] is None
    assert figures(score)["idling_pct"] == 10.0


def test_trips_outside_a_drivers_orders_are_nobodys() -> None:
    far = replace(trip(0), start=START + 9 * HOUR, end=START + 10 * HOUR)
    (score,) = scored([order(n) for n in range(5)], [far], [])
    assert score.parts[0].evidence["km"] == 0


def test_drivers_of_one_vehicle_are_told_apart() -> None:
    orders = [order(0, "DRV-1"), order(1, "DRV-2")]
    first, second = scored(orders, [trip(0), trip(1)], [])
    assert (first.driver, second.driver) == ("DRV-1", "DRV-2")
    assert first.parts[0].evidence["km"] == second.parts[0].evidence["km"] == 30.0


def test_without_drivers_there_are_no_scores() -> None:
    assert scored([replace(order(0), driver=None)], [trip(0)], []) == []
