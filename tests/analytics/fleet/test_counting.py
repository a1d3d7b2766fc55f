from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.fleet.counting import counted, counted_by_trip
from analytics.fleet.energyparameters import ENERGY_DEFAULTS
from analytics.fleet.idlefuel import idling_by_trip, with_litres
from analytics.fleet.told import Told, ends_of, told
from quotawatt.fleet.trips import EventKind, VehicleEvent
from tests.analytics.fleet.driving import at, track, trip

MOST = 60.0


def series(minutes: list[float], litres: list[float]) -> Told:
    return told(track(np.array(minutes), fuel_used_l=np.array(litres)), "fuel_used_l")


@given(
    steps=st.lists(st.floats(0, 0.9), min_size=2, max_size=30),
    resets=st.sets(st.integers(1, 29)),
    start=st.floats(10, 1e6),
)
def test_resets_lose_only_what_ran_before_them(
    steps: list[float], resets: set[int], start: float
) -> None:
    """A counter that begins anew at some trips counts what is known; never more, never less than zero."""
    value, values, known = start, [start], 0.0
    for number, step in enumerate(steps, start=1):
        value = step if number in resets else value + step
        known += step
        values.append(value)
    found = counted(series(list(range(len(values))), values), MOST)
    assert (np.diff(found.total) >= 0).all()
    assert found.total[-1] <= known + 1e-6
    if not resets & set(range(1, len(steps) + 1)):
        assert found.total[-1] == pytest.approx(known, abs=1e-6)


def test_a_single_zero_or_leap_is_passed_over() -> None:
    found = counted(series([0, 1, 2, 3, 4, 5], [500, 500.1, 0, 500.2, 9000, 500.4]), MOST)
    assert found.total[-1] == pytest.approx(0.4)
    assert not len(found.faults_us)


def test_a_leap_that_stays_is_a_fault_of_its_trip_only() -> None:
    counter = counted(series([0, 10, 20, 60, 70, 80], [500, 501, 502, 800, 801, 802]), MOST)
    ends = ends_of([trip(0, 20, 20), trip(30, 65, 20), trip(70, 80, 10)])
    found = counted_by_trip(counter, ends, 600)
    assert found[0] == pytest.approx(2)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(1)


def test_a_trip_takes_what_was_told_at_rest_on_both_sides() -> None:
    counter = counted(series([0, 9, 21, 40], [100, 100, 101.5, 101.5]), MOST)
    assert counted_by_trip(counter, ends_of([trip(10, 20, 18)]), 600) == pytest.approx([1.5])


def test_a_counter_told_on_other_days_says_nothing_of_a_trip() -> None:
    counter = counted(series([0, 1], [100, 100.1]), MOST)
    assert np.isnan(counted_by_trip(counter, ends_of([trip(2000, 2030, 18)]), 600)).all()


def test_idling_is_counted_where_the_vehicle_stood_with_its_engine_on() -> None:
    minutes = np.arange(0, 31.0)
    halted = (minutes >= 10) & (minutes < 20)
    used = 50 + np.cumsum(np.where(halted, 0.01, 0.1))
    speed = np.where(halted, 0.0, 40.0)
    messages = track(minutes, fuel_used_l=used, speed_kmh=speed, ignition=np.ones(31))
    counter = counted(told(messages, "fuel_used_l"), MOST)
    standing = [trip(0, 30, 20)]
    by_time = idling_by_trip(messages, counted(series([], []), MOST), standing, 5, ENERGY_DEFAULTS)
    assert by_time == pytest.approx([0.0])  # the trip says that it never idled
    idle = [replace(standing[0], idling_s=600.0)]
    litres = idling_by_trip(messages, counter, idle, 5, ENERGY_DEFAULTS)
    assert litres == pytest.approx([used[20] - used[10]])
    by_rate = idling_by_trip(messages, counted(series([], []), MOST), idle, 5, ENERGY_DEFAULTS)
    assert by_rate == pytest.approx([0.8 / 6])


def test_idling_says_what_its_litres_rest_on() -> None:
    events = [
        VehicleEvent("V", EventKind.IDLING, at(0), at(30)),
        VehicleEvent("V", EventKind.IDLING, at(100), at(160)),
    ]
    found = with_litres(events, counted(series([0, 30], [10, 10.6]), MOST), ENERGY_DEFAULTS)
    assert [e.amount for e in found] == [pytest.approx(0.6), pytest.approx(0.8)]
    assert [e.detail["litres_by"] for e in found] == ["counter", "usual_rate"]
