"""Meters that say how much flows, and have no counter."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.points import Wiring
from analytics.consumption.power import passed_by_power
from analytics.grid import HOUR_US, Key
from quotawatt.readings import Reading, SeriesKey
from quotawatt.register.model import PvPlant
from tests.analytics.builders import IMPORT, at, binding, meter, reading, register, use_of

POWER = "electricity_power_kw"
EXPORT = "electricity_export_kwh"
POINTS = [Key("MTR-1", IMPORT), Key("MTR-1", EXPORT)]
BY_POWER = register(binding(quantity=POWER))


def power(hours: float, value: float, quantity: str = POWER) -> Reading:
    return reading(at(hours), value, quantity=quantity)


def test_power_is_integrated_by_trapezoid_as_an_estimate() -> None:
    rows = [power(0, 10), power(0.5, 20), power(1, 20), power(2, 20)]
    use, found = use_of(rows, hours=2, of=BY_POWER, points=POINTS)
    # Sorted: export, then import. (10 + 20) / 2 x 0.5 h + 20 x 0.5 h = 17.5 kWh.
    assert use.value.tolist() == [[0, 0], [17.5, 20]]
    assert use.estimated.all()
    assert (use.coverage == 1).all()
    assert found == []


def test_over_more_than_an_hour_nothing_is_known() -> None:
    use, _ = use_of([power(0, 10), power(1.5, 10), power(2, 10)], hours=2, of=BY_POWER)
    assert np.isnan(use.value[0, 0])
    assert use.value[0, 1] == 5
    assert use.coverage[0].tolist() == [0, 0.5]


def test_what_flows_back_is_exported() -> None:
    # From +10 to -30 in an hour: a quarter of it above zero, 10 x 0.25 / 2, and 30 x 0.75 / 2 below.
    rows = [power(0, 10), power(1, -30), power(2, -30)]
    use, _ = use_of(rows, hours=2, of=BY_POWER, points=POINTS)
    assert use.value.tolist() == [[11.25, 30], [1.25, 0]]


def test_never_both_counter_and_power() -> None:
    counter = binding("counter", quantity=IMPORT, valid_from=at(2), valid_until=at(4))
    of = register(binding(quantity=POWER), counter)
    rows = [power(h, 10) for h in range(7)]
    counted = [reading(at(h), 3 * h, "counter") for h in (2, 3, 4)]
    use, _ = use_of([*rows, *counted], hours=6, of=of)
    assert use.value[0].tolist() == [10, 10, 3, 3, 10, 10]
    assert use.estimated[0].tolist() == [True, True, False, False, True, True]


def test_a_binding_of_everything_integrates_nothing() -> None:
    wiring = Wiring(register(binding()))
    assert wiring.stretches(SeriesKey("dev", "", POWER)) == ()


def test_multiplier_applies_and_a_plant_generates() -> None:
    of = register(
        binding(asset="PV-1", quantity=POWER, point_quantity="pv_generation_kwh", multiplier=2.0),
        pv_plants=[PvPlant("PV-1", "伏", "PV", "BLD-1", 50.0)],
    )
    point = Key("PV-1", "pv_generation_kwh")
    use, _ = use_of([power(0, 5), power(1, 5)], hours=1, of=of, points=[point])
    assert use.value.tolist() == [[10.0]]
    assert Wiring(of).points_of([SeriesKey("dev", "", POWER)]) == (point,)


@pytest.mark.parametrize(
    ("quantity", "carrier", "measure", "in_an_hour"),
    [("heat_power_kw", "heat", "heat_gj", 0.36), ("water_flow_m3h", "water", "water_m3", 100)],
)
def test_heat_and_water(quantity: str, carrier: str, measure: str, in_an_hour: float) -> None:
    of = register(binding(quantity=quantity), meters=[meter(carrier=carrier)])
    rows = [power(h, 100, quantity) for h in (0, 1)]
    use, _ = use_of(rows, hours=1, of=of, points=[Key("MTR-1", measure)])
    assert use.value[0, 0] == pytest.approx(in_an_hour)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20))
def test_what_flows_in_less_what_flows_out_is_the_whole(values: list[float]) -> None:
    times = np.arange(len(values), dtype=np.int64) * (HOUR_US // 4)
    taken, given_back = (
        passed_by_power(times, np.array(values), POWER, name) for name in (IMPORT, EXPORT)
    )
    whole = sum((a + b) / 2 / 4 for a, b in pairwise(values))
    assert (taken >= 0).all()
    assert (given_back >= 0).all()
    assert math.isclose(taken.sum() - given_back.sum(), whole, rel_tol=1e-9, abs_tol=1e-6)
