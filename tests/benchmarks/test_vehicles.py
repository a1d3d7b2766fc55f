"""What the benchmark of vehicles measures on."""

import numpy as np
import pytest

from benchmarks.vehicles import _worst
from benchmarks.vehicles_data import Compared
from benchmarks.vehicles_world import EVERY_S, REST_EVERY_S, month


def test_a_month_is_the_same_each_time_and_another_of_each_vehicle() -> None:
    one, again, other = month(1, 3), month(1, 3), month(2, 3)
    assert np.array_equal(one.track.times_us, again.track.times_us)
    assert np.array_equal(one.track.column("latitude_deg"), again.track.column("latitude_deg"))
    assert one.km != other.km


def test_its_messages_are_those_of_driving_and_of_rest() -> None:
    made = month(0, 3)
    steps = np.diff(made.track.times_us) / 1e6
    assert np.all(steps > 0)
    assert np.median(steps) == EVERY_S
    assert steps.max() <= 2 * REST_EVERY_S
    odometer = made.track.column("odometer_km")
    assert odometer[-1] - odometer[0] == pytest.approx(made.km, abs=0.1)
    assert {month(3, 1).vehicle.energy, made.vehicle.energy} == {"electric", "petrol"}


def test_of_each_log_the_worst_error_counts() -> None:
    compared = [Compared("a", 10.1, 10.0), Compared("a", 9.0, 10.0), Compared("b", 5.0, 5.0)]
    assert _worst(compared) == pytest.approx({"a": 10.0, "b": 0.0})
