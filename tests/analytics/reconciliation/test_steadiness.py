"""Values that stand still."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reconciliation.steadiness import steady_values
from quotawatt.register.model import Binding, Meter, PvPlant
from tests.analytics.reconciliation.worlds import (
    BOUND,
    BUILDING,
    DAY,
    HOUR,
    LONG_AGO,
    METER,
    NOW,
    found,
    hourly,
    register,
    world,
)

STILL = ("counter_stands_still", "M-1")


def stopped(days: float) -> list[object]:
    """An hourly counter that ran until ``days`` ago and stands still since."""
    return [
        *hourly("d-1", NOW - days * DAY, days=32 - days),
        *hourly("d-1", NOW, days=days, each=0, start=9999.0),
    ]


def test_a_main_counter_that_runs_is_right() -> None:
    assert found(steady_values(world(register(), hourly("d-1")))) == []


@pytest.mark.parametrize(("days", "expected"), [(1.5, []), (3, [STILL]), (10, [STILL])])
def test_a_main_counter_may_not_stand_still_for_days(
    days: float, expected: list[tuple[str, str]]
) -> None:
    assert found(steady_values(world(register(), stopped(days)))) == expected  # type: ignore[arg-type]


def test_the_evidence_reaches_back_as_far_as_it_is_known() -> None:
    (finding,) = steady_values(world(register(), hourly("d-1", each=0)))
    assert finding.detail["since"] == (NOW - 32 * DAY).isoformat()
    assert (finding.detail["value"], finding.detail["readings"]) == (100.0, 32 * 24)


@given(each=st.floats(0.001, 1e4), readings=st.integers(0, 200))
def test_a_counter_that_goes_on_is_never_found(each: float, readings: int) -> None:
    series = hourly("d-1", NOW, days=readings / 24, each=each)
    assert found(steady_values(world(register(), series))) == []


def test_too_few_readings_say_nothing() -> None:
    assert found(steady_values(world(register(), hourly("d-1", each=0, every=DAY)))) == []


def test_a_sub_meter_may_rest() -> None:
    sub = replace(METER, parent="M-0")
    assert found(steady_values(world(register(meters=[sub]), hourly("d-1", each=0)))) == []


@pytest.mark.parametrize("status", ["idle", "planned", "disposed", "transferred"])
def test_a_closed_building_may_rest(status: str) -> None:
    book = register(buildings=[replace(BUILDING, status=status)])
    assert found(steady_values(world(book, hourly("d-1", each=0)))) == []


def test_a_spare_feed_may_rest_but_not_one_that_ran() -> None:
    book = register(
        meters=[METER, replace(METER, code="M-2")],
        bindings=[BOUND, Binding("d-2", "M-2", LONG_AGO)],
    )
    running = hourly("d-2")
    assert found(steady_values(world(book, [*hourly("d-1", each=0), *running]))) == []
    assert found(steady_values(world(book, [*stopped(5), *running]))) == [STILL]  # type: ignore[list-item]


def test_two_main_meters_that_both_rest_are_no_spares() -> None:
    book = register(
        meters=[METER, replace(METER, code="M-2")],
        bindings=[BOUND, Binding("d-2", "M-2", LONG_AGO)],
    )
    resting = [*hourly("d-1", each=0), *hourly("d-2", each=0)]
    assert found(steady_values(world(book, resting))) == [
        ("counter_stands_still", "M-1"),
        ("counter_stands_still", "M-2"),
    ]


@pytest.mark.parametrize(
    ("carrier", "quantity", "expected"),
    [("heat", "heat_gj", []), ("gas", "gas_m3", []), ("water", "water_m3", [STILL])],
)
def test_heat_and_gas_rest_for_half_the_year(
    carrier: str, quantity: str, expected: list[tuple[str, str]]
) -> None:
    meter = replace(METER, carrier=carrier)
    series = hourly("d-1", each=0, quantity=quantity)
    assert found(steady_values(world(register(meters=[meter]), series))) == expected


def test_water_may_rest_over_a_holiday() -> None:
    meter = replace(METER, carrier="water")
    series = [
        *hourly("d-1", NOW - 10 * DAY, days=22, quantity="water_m3"),
        *hourly("d-1", NOW, days=10, each=0, start=999.0, quantity="water_m3"),
    ]
    assert found(steady_values(world(register(meters=[meter]), series))) == []


def test_a_plant_gives_some_every_day() -> None:
    plant = PvPlant("P-1", "光伏", "PV", "B-1", 50.0)
    book = register(
        meters=[],
        pv_plants=[plant],
        bindings=[
            Binding("d-1", "P-1", LONG_AGO, "", "electricity_import_kwh", "pv_generation_kwh")
        ],
    )
    assert found(steady_values(world(book, hourly("d-1", each=0)))) == [
        ("counter_stands_still", "P-1")
    ]
    assert found(steady_values(world(book, hourly("d-1")))) == []


@pytest.mark.parametrize(
    ("quantity", "value", "expected"),
    [
        ("indoor_temperature_c", 21.5, [("gauge_frozen", "M-1")]),
        ("electricity_power_kw", 3.2, [("gauge_frozen", "M-1")]),
        ("electricity_power_kw", 0.0, []),
        ("power_factor", 1.0, []),
        ("frequency_hz", 50.0, []),
        ("device_battery_pct", 99.0, []),
    ],
)
def test_a_sensor_that_never_moves(
    quantity: str, value: float, expected: list[tuple[str, str]]
) -> None:
    series = hourly("d-1", each=0, quantity=quantity, start=value, every=HOUR)
    assert found(steady_values(world(register(), series))) == expected
    livelier = hourly("d-1", each=0.01, quantity=quantity, start=value)
    assert found(steady_values(world(register(), livelier))) == []


def test_another_carrier_is_another_main_meter() -> None:
    water = Meter("M-2", "水表", "Water", "B-1", "water")
    book = register(meters=[METER, water], bindings=[BOUND, Binding("w-1", "M-2", LONG_AGO)])
    readings = [*hourly("d-1", each=0), *hourly("w-1", quantity="water_m3")]
    assert found(steady_values(world(book, readings))) == [STILL]
