"""Quotas, fillings, cards, losses."""

from dataclasses import replace

import pytest

from analytics.fleet.checks.facts import MonthSum
from quotawatt.fleet.cards import FuelCard
from quotawatt.fleet.trips import EventKind, VehicleEvent
from quotawatt.rulebook.vehicle_rules import Check
from tests.analytics.fleet.checks.scenery import (
    AWAY,
    HOME,
    VEHICLE,
    at,
    circle,
    day,
    judged,
    register,
    track,
    trip,
)

TANK = register(replace(VEHICLE, tank_l=60), [circle("FUEL", "station", HOME, 100)])
CARD = FuelCard("V-1", at("05-07 10:00"), "9030001234", "petrol", 50.0, 400.0, station="FUEL")
FILLED = VehicleEvent(
    "V-1", EventKind.REFUELLING, at("05-07 09:55"), at("05-07 10:05"), 30.0, 50.0, 100.0, HOME
)
APRIL = MonthSum("V-1", day("04-01"), 40, 1000.0, 1000.0, 95.0)


def test_a_month_above_quota_is_told_with_the_share() -> None:
    limited = register(replace(VEHICLE, quota_l_per_100km=9.0))
    (found,) = judged(Check.OVER_QUOTA, months=[APRIL], under=limited)
    assert (found.start, found.end) == (at("04-01 00:00"), at("05-01 00:00"))
    assert (found.value, found.limit, found.unit) == (9.5, 9.0, "L/100 km")
    assert found.detail["over_pct"] == pytest.approx(5.556, abs=1e-3)
    electric = register(replace(VEHICLE, quota_kwh_per_100km=16.0))
    month = replace(APRIL, fuelled_km=0.0, fuel_l=0.0, charged_km=900.0, electricity_kwh=180.0)
    (found,) = judged(Check.OVER_QUOTA, months=[month], under=electric)
    assert (found.value, found.unit) == (20.0, "kWh/100 km")


@pytest.mark.parametrize(
    "changed",
    [
        {"fuel_l": 94.0},  # within 5 %
        {"distance_km": 1500.0},  # a third of its kilometres is not known
        {"distance_km": 150.0, "fuelled_km": 150.0, "fuel_l": 30.0},  # too few
        {"fuelled_km": 0.0, "fuel_l": 0.0},
        {"month": day("05-01")},  # not over yet
    ],
)
def test_little_known_or_little_too_much_is_none(changed: dict) -> None:
    limited = register(replace(VEHICLE, quota_l_per_100km=9.0))
    assert judged(Check.OVER_QUOTA, months=[replace(APRIL, **changed)], under=limited) == []


def test_more_litres_than_the_tank_had_room_for() -> None:
    # Half full before: 30 L of room and a tenth of the tank.
    (found,) = judged(Check.OVERFILLED, events=[FILLED], cards=[CARD], under=TANK)
    assert (found.value, found.limit, found.start) == (50.0, 36.0, CARD.time)
    assert (found.detail["before_pct"], found.detail["card_end"]) == (50.0, "1234")
    # Of an unknown level the whole tank is taken for empty.
    assert judged(Check.OVERFILLED, cards=[CARD], under=TANK) == []
    (found,) = judged(Check.OVERFILLED, cards=[replace(CARD, litres=70.0)], under=TANK)
    assert found.limit == 66.0
    (seen,) = judged(Check.OVERFILLED, events=[replace(FILLED, amount=40.0)], under=TANK)
    assert (seen.start, seen.value) == (FILLED.start, 40.0)
    assert judged(Check.OVERFILLED, cards=[replace(CARD, litres=70.0)]) == []  # no tank known


def test_litres_billed_that_the_level_did_not_show() -> None:
    (found,) = judged(Check.CARD_NOT_IN_TANK, events=[FILLED], cards=[CARD], under=TANK)
    assert (found.value, found.limit, found.detail["missing_l"]) == (50.0, 30.0, 20.0)
    near = replace(FILLED, amount=41.0)
    assert judged(Check.CARD_NOT_IN_TANK, events=[near], cards=[CARD], under=TANK) == []
    level = track("05-07 09:30", 600, fuel_level_pct=[40.0] * 7)
    (none,) = judged(Check.CARD_NOT_IN_TANK, cards=[CARD], told=level, under=TANK)
    assert none.limit == 0.0
    before_only = track("05-07 09:30", 600, fuel_level_pct=[40.0] * 3)
    for silent in (None, before_only):
        assert judged(Check.CARD_NOT_IN_TANK, cards=[CARD], told=silent, under=TANK) == []


def _positions(latitude: float, step_s: float = 300) -> dict:
    return {
        "told": track(
            "05-07 09:40", step_s, latitude_deg=[latitude] * 10, longitude_deg=[117.0] * 10
        )
    }


def test_a_card_used_where_the_vehicle_was_not() -> None:
    (found,) = judged(Check.CARD_ELSEWHERE, cards=[CARD], under=TANK, **_positions(36.05))
    assert found.value == pytest.approx(0.05 * 111_195 - 100, abs=5)
    assert (found.detail["station"], found.detail["litres"]) == ("FUEL", 50.0)
    assert judged(Check.CARD_ELSEWHERE, cards=[CARD], under=TANK, **_positions(36.004)) == []


def test_a_vehicle_that_stood_elsewhere_all_the_time_was_not_there() -> None:
    stood = [
        trip("05-07 08:00", "05-07 09:00", to=AWAY),
        trip("05-07 12:00", "05-07 13:00", frm=AWAY),
    ]
    (found,) = judged(Check.CARD_ELSEWHERE, cards=[CARD], trips=stood, under=TANK)
    assert found.detail["latitude_deg"] == 36.3


def test_gaps_and_unknown_stations_accuse_nobody() -> None:
    assert judged(Check.CARD_ELSEWHERE, cards=[CARD], under=TANK) == []
    sparse = _positions(36.05, step_s=1200)  # somebody can be at the pump between two positions
    assert judged(Check.CARD_ELSEWHERE, cards=[CARD], under=TANK, **sparse) == []
    named = replace(CARD, station="Station by the bridge")
    assert judged(Check.CARD_ELSEWHERE, cards=[named], under=TANK, **_positions(36.05)) == []


def test_a_loss_of_fuel_is_told_from_some_litres_on() -> None:
    lost = VehicleEvent(
        "V-1", EventKind.FUEL_DROP, at("05-08 01:00"), at("05-08 01:30"), 18.0, 80.0, 50.0, HOME
    )
    (found,) = judged(Check.FUEL_DROP, events=[lost, replace(lost, amount=4.9)])
    assert (found.value, found.detail["after_pct"]) == (18.0, 50.0)
    assert judged(Check.FUEL_DROP, events=[replace(lost, amount=None)]) == []
