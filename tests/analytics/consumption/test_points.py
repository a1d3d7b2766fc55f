"""Which readings feed which point."""

import math

import pytest

from analytics.consumption.points import Wiring
from analytics.grid import Key
from quotawatt.readings import SeriesKey
from quotawatt.register.model import PvPlant, Vehicle
from tests.analytics.builders import IMPORT, LONG_AGO, TEMPERATURE, at, binding, meter, register

SERIES = SeriesKey("dev", "", IMPORT)


def bound(wiring: Wiring, point: Key) -> list[SeriesKey]:
    """The series that bindings let feed a point."""
    return [s.series for s in wiring.sources(point) if not s.implied]


def test_device_passed_on_makes_two_stretches() -> None:
    wiring = Wiring(
        register(
            binding(valid_until=at(5)),
            binding(asset="MTR-2", valid_from=at(5)),
            meters=[meter(), meter("MTR-2")],
        )
    )
    found = [(s.point.subject, s.start) for s in wiring.stretches(SERIES)]
    assert found == [("MTR-1", LONG_AGO), ("MTR-2", at(5))]
    assert wiring.points_of([SERIES]) == (Key("MTR-1", IMPORT), Key("MTR-2", IMPORT))
    assert bound(wiring, Key("MTR-2", IMPORT)) == [SERIES]


def test_binding_of_one_quantity_interrupts_one_of_all() -> None:
    wiring = Wiring(
        register(
            binding(),
            binding(asset="MTR-2", quantity=IMPORT, valid_from=at(1), valid_until=at(2)),
            meters=[meter(), meter("MTR-2")],
        )
    )
    found = [(s.point.subject, s.start, s.end) for s in wiring.stretches(SERIES)]
    assert [f[0] for f in found] == ["MTR-1", "MTR-2", "MTR-1"]
    assert found[0][2] == found[1][1] == at(1)
    assert found[1][2] == found[2][1] == at(2)


def test_another_binding_does_not_cut_a_stretch() -> None:
    wiring = Wiring(register(binding(), binding(quantity="water_m3", valid_from=at(1))))
    assert len(wiring.stretches(SERIES)) == 1


def test_quantities_without_results_and_unbound_devices_feed_nothing() -> None:
    wiring = Wiring(register())
    assert wiring.stretches(SeriesKey("dev", "", "voltage_v")) == ()
    assert wiring.stretches(SeriesKey("stranger", "", IMPORT)) == ()


def test_sources_know_what_the_device_calls_it() -> None:
    wiring = Wiring(
        register(
            binding(quantity=IMPORT, point_quantity="pv_generation_kwh", asset="PV-1"),
            pv_plants=[PvPlant("PV-1", "伏", "PV", "BLD-1", 120.0)],
        )
    )
    point = Key("PV-1", "pv_generation_kwh")
    assert bound(wiring, point) == [SERIES]
    assert bound(wiring, Key("PV-1", IMPORT)) == []
    assert wiring.most_per_hour(point) == 120


@pytest.mark.parametrize(
    ("point", "most"),
    [
        (Key("MTR-1", IMPORT), 100),
        (Key("MTR-1", "heat_gj"), 0.36),  # 100 kW x 3600 s = 360 MJ
        (Key("MTR-1", "water_m3"), math.inf),
        (Key("UNRATED", IMPORT), math.inf),
        (Key("VEH", "odometer_km"), 200),
        (Key("VEH", "charge_energy_kwh"), math.inf),
        (Key("SITE-1", TEMPERATURE), math.inf),
        (Key("GONE", IMPORT), math.inf),
    ],
)
def test_most_that_can_pass_in_an_hour(point: Key, most: float) -> None:
    of = register(
        meters=[meter(), meter("UNRATED", rated_power_kw=None)],
        vehicles=[Vehicle("VEH", "车", "Car", "ORG-LOW", "1", "sedan", "petrol")],
    )
    assert Wiring(of).most_per_hour(point) == pytest.approx(most)
