"""What should report and does not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reconciliation.silence import silences, usual_interval
from analytics.reconciliation.world import Heard
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Building, Meter, Vehicle
from tests.analytics.reconciliation.worlds import (
    BOUND,
    BUILDING,
    DAY,
    HOUR,
    KWH,
    LONG_AGO,
    METER,
    NOW,
    found,
    hourly,
    register,
    world,
)

CAR = Vehicle("V-1", "车", "Car", "O-1", "鲁A00001", "sedan", "petrol")


def test_a_device_that_reports_is_not_silent() -> None:
    assert found(silences(world(register(), hourly("d-1")))) == []


def test_a_device_is_silent_after_a_day() -> None:
    for hours, expected in ((23, []), (25, [("meter_silent", "M-1")])):
        made = world(register(), hourly("d-1", NOW - timedelta(hours=hours - 1)))
        assert found(silences(made)) == expected


def test_the_evidence_says_since_when_and_how_it_used_to_be() -> None:
    made = world(register(), hourly("d-1", NOW - 5 * DAY + HOUR))
    (finding,) = silences(made)
    assert finding.detail["since"] == (NOW - 5 * DAY).isoformat()
    assert (finding.detail["days"], finding.detail["usual_interval_h"]) == (5.0, 1.0)
    assert finding.detail["device"] == "d-1"


def test_who_reports_seldom_is_given_time() -> None:
    for days, expected in ((15, []), (17, [("meter_silent", "M-1")])):
        readings = hourly("d-1", NOW - (days - 4) * DAY, days=20, every=4 * DAY)
        assert found(silences(world(register(), readings))) == expected


@given(days=st.floats(1.05, 400))
def test_once_silent_it_stays_silent(days: float) -> None:
    made = world(register(), hourly("d-1", NOW - days * DAY, days=3))
    assert found(silences(made)) == [("meter_silent", "M-1")]


def test_what_was_never_heard_is_another_finding() -> None:
    (finding,) = silences(world(register()))
    assert finding.code == "meter_never_reported"
    assert finding.detail["device_heard"] is None
    made = world(register(bindings=[replace(BOUND, channel="2")]), hourly("d-1"))
    (finding,) = silences(made)
    assert finding.code == "meter_never_reported"
    assert finding.detail["device_heard"] == (NOW - HOUR).isoformat()


def test_a_fresh_binding_is_given_a_day() -> None:
    for hours, expected in ((23, []), (25, [("meter_never_reported", "M-1")])):
        bound = replace(BOUND, valid_from=NOW - timedelta(hours=hours))
        assert found(silences(world(register(bindings=[bound])))) == expected


def test_what_was_heard_before_the_binding_does_not_count() -> None:
    bound = replace(BOUND, valid_from=NOW - 3 * DAY)
    made = world(register(bindings=[bound]), hourly("d-1", NOW - 10 * DAY))
    assert found(silences(made)) == [("meter_never_reported", "M-1")]


def test_bindings_that_have_ended_or_not_begun_are_left_alone() -> None:
    ended = replace(BOUND, valid_until=NOW - DAY)
    coming = replace(BOUND, device="d-2", valid_from=NOW + DAY)
    assert found(silences(world(register(bindings=[ended, coming])))) == []


@pytest.mark.parametrize("status", ["planned", "idle", "transferred", "disposed"])
def test_what_is_not_in_use_may_be_silent(status: str) -> None:
    meter = replace(METER, status=status)
    assert found(silences(world(register(meters=[meter])))) == []
    building = replace(BUILDING, status=status)
    assert found(silences(world(register(buildings=[building])))) == []


def test_readings_by_hand_come_monthly() -> None:
    bound = replace(BOUND, device="asset:M-1")
    for days, expected in ((44, []), (46, [("meter_silent", "M-1")])):
        readings = hourly("asset:M-1", NOW - days * DAY + HOUR, days=1 / 24)
        assert found(silences(world(register(bindings=[bound]), readings))) == expected


def test_a_quantity_bound_to_another_asset_is_not_heard_here() -> None:
    both = [BOUND, Binding("d-1", "B-1", LONG_AGO, quantity="voltage_v")]
    made = world(register(bindings=both), hourly("d-1", quantity="voltage_v"))
    assert found(silences(made)) == [("meter_never_reported", "M-1")]


def test_a_building_of_which_all_is_silent_is_one_finding() -> None:
    meters = [
        METER,
        *(Meter(f"M-{n}", "分表", "Sub", "B-1", "electricity", "A", "M-1") for n in (2, 3)),
    ]
    bindings = [Binding(f"d-{n}", f"M-{n}", LONG_AGO) for n in (1, 2, 3)]
    book = register(meters=meters, bindings=bindings)
    dead = [r for n in (1, 2, 3) for r in hourly(f"d-{n}", NOW - 4 * DAY)]
    (finding,) = silences(world(book, dead))
    assert (finding.code, finding.subject, finding.detail["count"]) == ("building_silent", "B-1", 3)
    one_alive = [*dead, *hourly("d-2", NOW, days=2)]
    assert found(silences(world(book, one_alive))) == [
        ("meter_silent", "M-1"),
        ("meter_silent", "M-3"),
    ]


def test_what_was_never_connected_is_one_finding() -> None:
    buildings = [replace(BUILDING, code=f"B-{n}") for n in (1, 2, 3)]
    meters = [replace(METER, code=f"M-{n}", building=f"B-{n}") for n in (1, 2, 3)]
    bindings = [Binding(f"d-{n}", f"M-{n}", LONG_AGO) for n in (1, 2, 3)]
    book = register(buildings=buildings, meters=meters, bindings=bindings)
    (finding,) = silences(world(book))
    assert (finding.code, finding.subject, finding.detail) == (
        "meters_never_reported",
        "O-1",
        {"count": 3},
    )
    house = register(meters=[replace(m, building="B-1") for m in meters], bindings=bindings)
    assert found(silences(world(house))) == [("meters_never_reported", "B-1")]
    alive = [("meter_never_reported", "M-2"), ("meter_never_reported", "M-3")]
    assert found(silences(world(book, hourly("d-1")))) == alive
    # Heard on another channel, it is the binding that is wrong.
    assert len(found(silences(world(book, hourly("d-1", channel="9"))))) == 3


def test_two_buildings_are_told_apart() -> None:
    buildings = [BUILDING, Building("B-2", "副楼", "Annex", "S-1", "O-1", 10.0)]
    book = register(
        buildings=buildings,
        meters=[METER, replace(METER, code="M-2", building="B-2")],
        bindings=[BOUND, Binding("d-2", "M-2", LONG_AGO)],
    )
    assert found(silences(world(book, hourly("d-2")))) == [("meter_never_reported", "M-1")]


def test_a_parked_vehicle_sleeps_for_a_week() -> None:
    book = register(vehicles=[CAR], bindings=[Binding("t-1", "V-1", LONG_AGO)], meters=[])
    for days, expected in ((6, []), (8, [("vehicle_silent", "V-1")])):
        readings = hourly("t-1", NOW - days * DAY, days=10, quantity="odometer_km")
        assert found(silences(world(book, readings))) == expected
    assert found(silences(world(book))) == [("vehicle_never_reported", "V-1")]


def test_a_vehicle_that_must_not_be_followed_is_left_alone() -> None:
    exempt = replace(CAR, tracking_exempt=True)
    book = register(vehicles=[exempt], bindings=[Binding("t-1", "V-1", LONG_AGO)], meters=[])
    assert found(silences(world(book))) == []


@given(count=st.integers(1, 5000), minutes=st.integers(1, 10_000))
def test_the_usual_interval_is_that_of_even_readings(count: int, minutes: int) -> None:
    length = (count - 1) * timedelta(minutes=minutes)
    heard = Heard(SeriesKey("d", "", KWH), NOW - length, NOW, count, 0.0, 1.0)
    expected = None if count < 3 else timedelta(minutes=minutes)
    assert usual_interval([heard]) == expected
    assert usual_interval([]) is None
