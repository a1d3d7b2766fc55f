"""Speeding and idling."""

from dataclasses import replace

import pytest

from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.rulebook.vehicle_rules import Check
from tests.analytics.fleet.checks.scenery import (
    HOME,
    VEHICLE,
    at,
    circle,
    judged,
    register,
    track,
    trip,
)

DRIVEN = trip("05-07 09:00", "05-07 09:20", max_speed_kmh=150.0)


def drive(speeds: list[float], step_s: float = 10, **columns: list[float]) -> dict:
    places = {"latitude_deg": [36.0] * len(speeds), "longitude_deg": [117.0] * len(speeds)}
    told = track("05-07 09:00", step_s, speed_kmh=speeds, **{**places, **columns})
    return {"trips": [DRIVEN], "told": told}


def test_speeding_is_told_with_its_worst_instant() -> None:
    (found,) = judged(Check.SPEEDING, **drive([100, 131, 140, 135, 131, 100]))
    assert (found.start, found.end) == (at("05-07 09:00:10"), at("05-07 09:00:40"))
    assert (found.value, found.limit, found.unit) == (140.0, 120.0, "km/h")
    assert found.detail["worst_at"] == at("05-07 09:00:20").isoformat()
    assert (found.detail["seconds"], found.detail["limit_by"]) == (30.0, "rule")
    assert (found.detail["latitude_deg"], found.trip) == (36.0, DRIVEN.start)


@pytest.mark.parametrize(
    "speeds",
    [
        [100, 180, 100, 100],  # one bad fix
        [100, 131, 131, 100],  # ten seconds
        [129, 130, 130, 130, 129],  # within what is tolerated
        [131, 131, float("nan"), float("nan")],
    ],
)
def test_bad_fixes_short_bursts_and_tolerance_are_none(speeds: list[float]) -> None:
    assert judged(Check.SPEEDING, **drive(speeds)) == []


def test_two_speeds_far_apart_say_nothing_of_the_time_between() -> None:
    assert judged(Check.SPEEDING, **drive([140, 140, 140, 140], step_s=200)) == []


def test_runs_of_a_trip_are_one_deviation() -> None:
    burst = [140.0] * 4
    (found,) = judged(Check.SPEEDING, **drive([*burst, 90, 90, *burst]))
    assert (found.detail["times_over"], found.detail["seconds"]) == (2, 60.0)


def test_the_lowest_limit_counts_and_says_where_it_comes_from() -> None:
    speeds = [85.0] * 5
    assert judged(Check.SPEEDING, **drive(speeds)) == []
    slow = register(replace(VEHICLE, speed_limit_kmh=70))
    zone = register(geofences=[circle("ZONE", "speed_zone", HOME, 1000, 40)])
    told = drive(speeds, speed_limit_kmh=[60.0] * 5)
    for limit, by, known in (
        (70, "vehicle", {**drive(speeds), "under": slow}),
        (40, "zone", {**drive(speeds), "under": zone}),
        (60, "road", told),
        (40, "zone", {**told, "under": zone}),
    ):
        (found,) = judged(Check.SPEEDING, **known)
        assert (found.limit, found.detail["limit_by"]) == (limit, by)


def test_a_road_that_allows_more_than_the_rule_allows_it() -> None:
    fast = drive([145.0] * 5, speed_limit_kmh=[140.0] * 5)
    assert judged(Check.SPEEDING, **fast) == []


def test_without_speeds_nothing_is_said() -> None:
    still = track("05-07 09:00", 10, odometer_km=[1.0, 2.0, 3.0])
    assert judged(Check.SPEEDING, trips=[DRIVEN], told=still) == []
    assert judged(Check.SPEEDING, trips=[DRIVEN]) == []


def test_idling_beyond_the_minutes_is_told_with_its_litres() -> None:
    long = VehicleEvent("V-1", EventKind.IDLING, at("05-07 09:05"), at("05-07 09:30"), 0.4)
    short = replace(long, start=at("05-07 10:00"), end=at("05-07 10:15"))
    (found,) = judged(Check.IDLING, trips=[DRIVEN], events=[long, short])
    assert (found.value, found.limit, found.detail["fuel_l"]) == (25.0, 15.0, 0.4)
    assert found.trip == DRIVEN.start
