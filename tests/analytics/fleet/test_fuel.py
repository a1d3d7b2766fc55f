from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.energyparameters import ENERGY_DEFAULTS
from analytics.fleet.fuel import Fuel, fuel_of
from quotawatt.fleet.trips import EventKind, Trip
from tests.analytics.fleet.driving import Tank, at, track, trip, vehicle

TANK_L = 55.0
NOISE_L = 0.012 * TANK_L  # of an 8-bit sensor, both ends


def told(tank: Tank, slosh_l: float = 1.5, only: np.ndarray | None = None) -> dict[str, np.ndarray]:
    rows = np.ones(len(tank.minutes), dtype=bool) if only is None else only
    level = tank.told(np.random.default_rng(7), TANK_L, slosh_l)
    return {
        "minutes": tank.minutes[rows],
        "fuel_level_pct": level[rows],
        "speed_kmh": tank.moving[rows] * 40.0,
    }


def of(columns: dict[str, np.ndarray], *trips: Trip, tank_l: float | None = TANK_L) -> Fuel:
    columns = dict(columns)
    messages = track(columns.pop("minutes"), **columns)
    return fuel_of(messages, vehicle("petrol", tank_l), trips, ENERGY_DEFAULTS)


def day() -> tuple[Tank, tuple[Trip, Trip, Trip]]:
    """Three trips of 9, 5 and 5 L, a filling of 25 L after the first, a theft of 12 L after the second."""
    tank = Tank(900, 30.0)
    tank.drive(60, 180, 9.0)
    tank.fill(190, 25.0)
    tank.drive(300, 360, 5.0)
    tank.fill(500, -12.0, 5)
    tank.drive(700, 760, 5.0)
    return tank, (trip(60, 180, 110), trip(300, 360, 60), trip(700, 760, 60))


def driving_only(tank: Tank) -> np.ndarray:
    """Messages of a device that sleeps while the ignition is off."""
    spans = ((58, 181), (299, 361), (699, 761))
    return np.any([(tank.minutes >= a) & (tank.minutes <= b) for a, b in spans], axis=0)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    litres=st.lists(st.floats(1.5, 9.0), min_size=1, max_size=5),
    steps=st.lists(st.sampled_from([0.0, 22.0, -7.0]), min_size=5, max_size=5),
)
def test_every_litre_is_somewhere(seed: int, litres: list[float], steps: list[float]) -> None:
    """What was there, came in, went out and was used is what is there in the end; nothing is negative."""
    tank, trips, level = Tank(len(litres) * 120 + 60, 48.0), [], 48.0
    for number, (used, step) in enumerate(zip(litres, steps, strict=False)):
        start = 20 + 120 * number
        tank.drive(start, start + 60, used)
        level -= used
        if step and sum(litres[number + 1 :]) + 2 <= level + step <= 0.95 * TANK_L:
            tank.fill(start + 80, step, 2)
            level += step
        trips.append(trip(start, start + 60, used / 0.08))
    share = tank.told(np.random.default_rng(seed), TANK_L, 1.5)
    found = of(
        {"minutes": tank.minutes, "fuel_level_pct": share, "speed_kmh": tank.moving * 40.0}, *trips
    )
    amounts = {
        kind: sum(e.amount or 0 for e in found.events if e.kind is kind)
        for kind in (EventKind.REFUELLING, EventKind.FUEL_DROP)
    }
    assert np.abs(found.by_level - litres[: len(trips)]).max() < NOISE_L
    assert all((event.amount or 0) > 0 for event in found.events)
    assert (found.by_level >= 0).all()
    change = amounts[EventKind.REFUELLING] - amounts[EventKind.FUEL_DROP] - found.by_level.sum()
    assert tank.litres[-1] - tank.litres[0] == pytest.approx(change, abs=NOISE_L)


def test_a_filling_on_the_way_is_no_negative_use() -> None:
    # Traccar's issue 4581: the difference of the ends would be -24 L.
    tank = Tank(300, 15.0)
    tank.drive(60, 120, 5.0)
    tank.fill(123, 35.0)
    tank.drive(130, 200, 6.0)
    found = of(told(tank), trip(60, 200, 130))
    assert found.by_level == pytest.approx([11.0], abs=NOISE_L)
    (event,) = found.events
    assert event.kind is EventKind.REFUELLING
    assert event.amount == pytest.approx(35.0, abs=NOISE_L)
    assert at(120) <= event.start < event.end <= at(128)


@pytest.mark.parametrize("asleep", [False, True])
def test_fillings_and_thefts_at_rest(asleep: bool) -> None:
    tank, trips = day()
    found = of(told(tank, only=driving_only(tank) if asleep else None), *trips)
    assert found.by_level == pytest.approx([9, 5, 5], abs=NOISE_L)
    kinds = [(event.kind, event.amount) for event in found.events]
    assert kinds == [
        (EventKind.REFUELLING, pytest.approx(25, abs=NOISE_L)),
        (EventKind.FUEL_DROP, pytest.approx(12, abs=NOISE_L)),
    ]
    # A device that slept knows only between which messages it was.
    wide = (at(181), at(299)) if asleep else (at(188), at(194))
    assert wide[0] <= found.events[0].start < found.events[0].end <= wide[1]


def test_a_message_each_quarter_of_an_hour_suffices() -> None:
    tank, trips = day()
    found = of(told(tank, slosh_l=0.0, only=np.arange(len(tank.minutes)) % 90 == 0), *trips)
    assert found.by_level == pytest.approx([9, 5, 5], abs=NOISE_L)
    assert [event.kind for event in found.events] == [
        EventKind.REFUELLING,
        EventKind.FUEL_DROP,
    ]


def test_a_sensor_that_wakes_up_or_says_255_moves_nothing() -> None:
    tank, trips = day()
    rows = driving_only(tank)
    columns = told(tank, only=rows)
    clean = of(columns, *trips)
    level, minutes = columns["fuel_level_pct"].copy(), columns["minutes"]
    for start in (58, 299, 699):
        level[(minutes >= start) & (minutes < start + 0.5)] = 0.0
    level[500] = 255.0
    level[(minutes >= 710) & (minutes < 712)] = 3.0
    found = of({**columns, "fuel_level_pct": level}, *trips)
    assert found.by_level == pytest.approx(clean.by_level, abs=NOISE_L)
    assert len(found.events) == 2


def test_slosh_that_would_decide_the_figure_leaves_it_unknown() -> None:
    """Told in motion only, 1 L of use within slosh of 2.5 L is not known; 24 L are."""
    for km, used, known in ((13, 1.0, False), (300, 24.0, True)):
        tank = Tank(400, 40.0)
        tank.drive(5, 390, used)
        inside = (tank.minutes > 6) & (tank.minutes < 389)
        found = of(told(tank, 2.5, only=inside), trip(5, 390, km))
        assert np.isfinite(found.by_level[0]) == known
        assert found.events == ()


def test_a_fall_on_the_way_is_use_unless_no_engine_burns_so_fast() -> None:
    tank = Tank(400, 50.0)
    tank.drive(60, 120, 12.0)  # 12 L an hour
    tank.fill(200, -15.0, 3)  # 300 L an hour at a halt
    tank.drive(300, 360, 4.0)
    found = of(told(tank), trip(60, 360, 170))
    assert found.by_level == pytest.approx([16.0], abs=NOISE_L)
    (event,) = found.events
    assert (event.kind, event.amount) == (EventKind.FUEL_DROP, pytest.approx(15, abs=NOISE_L))


def test_a_trip_and_a_filling_between_two_messages_cannot_be_told_apart() -> None:
    way = replace(trip(600, 600, 90), start_after=at(60))
    columns = {
        "minutes": np.array([0.0, 60, 600, 660]),
        "fuel_level_pct": np.array([20.0, 20, 80, 80]),
    }
    found = of(columns, way)
    assert np.isnan(found.by_level[0])
    (event,) = found.events
    assert event.amount == pytest.approx(33)


def test_fillings_one_after_the_other_are_one_and_two_days_apart_are_two() -> None:
    tank = Tank(3000, 10.0)
    tank.fill(100, 12.0, 2)
    tank.fill(104, 12.0, 2)
    tank.drive(200, 300, 10.0)
    tank.fill(2000, 20.0, 2)
    found = of(told(tank), trip(200, 300, 120))
    assert [e.amount for e in found.events] == pytest.approx([24, 20], abs=NOISE_L)
    assert found.by_level == pytest.approx([10], abs=NOISE_L)


def test_without_a_tank_steps_are_seen_but_no_litres_are_told() -> None:
    tank, trips = day()
    found = of(told(tank), *trips, tank_l=None)
    assert found.tank_unknown
    assert np.isnan(found.by_level).all()
    assert [event.amount for event in found.events] == [None, None]
    assert found.events[0].after == pytest.approx(100 * 46 / TANK_L, abs=1.5)


def test_a_level_in_litres_needs_no_tank() -> None:
    tank, trips = day()
    columns = told(tank, slosh_l=0.0)
    columns["fuel_level_l"] = columns.pop("fuel_level_pct") * TANK_L / 100
    found = of(columns, *trips, tank_l=None)
    assert not found.tank_unknown
    assert found.by_level == pytest.approx([9, 5, 5], abs=NOISE_L)
    assert found.events[0].before is None


def test_a_vehicle_without_any_level_has_no_litres() -> None:
    found = of({"minutes": np.arange(10.0), "speed_kmh": np.zeros(10)}, trip(2, 5, 3))
    assert np.isnan(found.by_level).all()
    assert np.isnan(found.by_counter).all()
    assert found.events == ()
