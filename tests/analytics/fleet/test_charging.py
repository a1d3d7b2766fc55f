from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.energy import Used, with_energy
from analytics.fleet.energyparameters import ENERGY_DEFAULTS
from quotawatt.fleet.trips import EnergyBy, EventKind, Trip, VehicleEvent
from tests.analytics.fleet.driving import at, track, trip, vehicle

BATTERY_KWH = 60.0


def of(
    minutes: np.ndarray, *trips: Trip, battery_kwh: float | None = BATTERY_KWH, **told: np.ndarray
) -> Used:
    car = vehicle("electric", battery_kwh=battery_kwh)
    return with_energy(track(minutes, **told), car, trips, (), 5.0, ENERGY_DEFAULTS)


def charges(used: Used) -> list[VehicleEvent]:
    return [event for event in used.events if event.kind is EventKind.CHARGING]


def soc_of(minutes: np.ndarray, start: float, *ramps: tuple[float, float, float]) -> np.ndarray:
    """A state of charge that goes by ``points`` between two minutes each."""
    parts = [p * np.clip((minutes - a) / (b - a), 0, 1) for a, b, p in ramps]
    return start + np.sum(parts, axis=0)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 9999),
    used=st.lists(st.floats(3, 20), min_size=1, max_size=4),
    charged=st.lists(st.sampled_from([0.0, 12.0, 30.0]), min_size=4, max_size=4),
    every=st.sampled_from([1, 5, 10]),
    states=st.booleans(),
)
def test_what_was_charged_and_used_is_what_changed(
    seed: int, used: list[float], charged: list[float], every: int, states: bool
) -> None:
    """Jitter upward is no charge: sums hold within the noise at the ends, by states or without any."""
    minutes = np.arange(0, 60.0 + 400 * len(used), every)
    ramps, trips, charging = [], [], np.zeros(len(minutes))
    for number, points in enumerate(used):
        start = 20.0 + 400 * number
        ramps.append((start, start + 60, -points))
        trips.append(trip(start, start + 60, points * 3))
        if charged[number]:
            ramps.append((start + 120, start + 240, charged[number]))
            charging[(minutes >= start + 120) & (minutes <= start + 240)] = 1
    noise = np.random.default_rng(seed).uniform(-0.4, 0.4, len(minutes))
    soc = np.clip(np.round(soc_of(minutes, 55.0, *ramps) + noise, 1), 1, 100)
    if soc.min() <= 1 or soc.max() >= 100:
        return
    more = {"charging": charging} if states else {}
    found = of(minutes, *trips, battery_soc_pct=soc, **more)
    kwh = [t.electricity_kwh for t in found.trips]
    assert kwh == pytest.approx([p * 0.6 for p in used], abs=1.3)
    amounts = [event.amount for event in charges(found)]
    assert amounts == pytest.approx([c * 0.6 for c in charged[: len(used)] if c], abs=1.3)


def test_recuperation_on_the_way_is_no_charge() -> None:
    minutes = np.arange(0, 121, 0.5)
    soc = soc_of(minutes, 80, (10, 40, -20), (40, 70, 8), (70, 110, -10))
    found = of(minutes, trip(10, 110, 90), battery_soc_pct=soc)
    assert charges(found) == []
    assert found.trips[0].electricity_kwh == pytest.approx(22 * 0.6)
    assert found.trips[0].electricity_by is EnergyBy.SOC


def test_charged_in_a_gap_on_the_way_is_both_charged_and_used() -> None:
    minutes = np.concatenate([np.arange(0, 61.0), np.arange(90, 151.0)])
    soc = soc_of(minutes, 60, (10, 60, -20), (60, 90, 30), (90, 140, -15))
    found = of(minutes, trip(10, 140, 130), battery_soc_pct=soc)
    (event,) = charges(found)
    assert (event.before, event.after) == (40, 70)
    assert found.trips[0].electricity_kwh == pytest.approx(35 * 0.6)


@pytest.mark.parametrize(("km", "kwh"), [(100.0, None), (0.6, 0.0)])
def test_a_trip_and_a_charging_between_two_messages_cannot_be_told_apart(
    km: float, kwh: float | None
) -> None:
    """50 %, then 62 %: what was charged on a way that nobody saw was more, if the way was long."""
    minutes = np.array([0.0, 60, 600, 660])
    way = replace(trip(600, 600, km), start_after=at(60))
    found = of(minutes, way, battery_soc_pct=np.array([50.0, 50, 62, 62]))
    assert found.trips[0].electricity_kwh == kwh
    assert [e.amount for e in charges(found)] == [pytest.approx(12 * 0.6)]


def test_zeros_and_values_above_100_are_not_told() -> None:
    minutes = np.arange(0, 200.0)
    soc = soc_of(minutes, 80, (20, 80, -12))
    soc[[19, 20, 50, 81, 82]] = 0
    soc[[100, 101]] = 127.5
    soc[150] = 30
    found = of(minutes, trip(20, 80, 45), battery_soc_pct=soc)
    assert charges(found) == []
    assert found.trips[0].electricity_kwh == pytest.approx(12 * 0.6)
    (finding,) = found.findings
    assert (finding.code, finding.detail["count"]) == ("track_level", 8)


def test_short_breaks_are_one_session_and_long_ones_are_not() -> None:
    minutes = np.arange(0, 600.0, 5)
    soc = soc_of(minutes, 30, (60, 120, 10), (140, 200, 10), (400, 460, 20))
    on = np.isin(minutes, minutes[(minutes >= 60) & (minutes <= 200)])
    on &= ~((minutes > 120) & (minutes < 140))
    on |= (minutes >= 400) & (minutes <= 460)
    found = charges(of(minutes, battery_soc_pct=soc, charging=on.astype(float)))
    assert [(e.start, e.end) for e in found] == [(at(60), at(200)), (at(400), at(460))]
    assert [e.amount for e in found] == pytest.approx([12, 12])


def test_the_counter_goes_before_powers_and_these_before_the_state_of_charge() -> None:
    minutes = np.arange(0, 200.0, 5)
    on = (minutes >= 60) & (minutes <= 120)
    told = {
        "battery_soc_pct": soc_of(minutes, 30, (60, 120, 10)),
        "charging": on.astype(float),
        "charge_power_kw": np.where(on, 6.5, 0.0),
        "charge_energy_kwh": 800 + soc_of(minutes, 0, (60, 120, 6.8)),
    }
    found = []
    for name, by, kwh in (
        ("charge_energy_kwh", "counter", 6.8),
        ("charge_power_kw", "power", 6.5),
        ("battery_soc_pct", "soc", 6.0),
    ):
        (event,) = charges(of(minutes, **told))
        assert event.detail["energy_by"] == by
        assert event.amount == pytest.approx(kwh, abs=0.01)
        found.append(told.pop(name))
    (event,) = charges(of(minutes, **told))
    assert (event.amount, event.before) == (None, None)  # a state alone is no energy


def test_a_state_that_is_stuck_is_no_charging() -> None:
    minutes = np.arange(0, 300.0)
    soc = soc_of(minutes, 80, (20, 80, -12))
    found = of(minutes, trip(20, 80, 45), battery_soc_pct=soc, charging=np.ones(300))
    assert charges(found) == []
    assert found.trips[0].electricity_kwh == pytest.approx(12 * 0.6)


def test_power_goes_before_the_state_of_charge_where_it_is_dense() -> None:
    minutes = np.arange(0, 121, 0.5)
    moving = (minutes >= 10) & (minutes <= 70)
    soc = soc_of(minutes, 80, (10, 70, -12))
    power = {
        "traction_voltage_v": np.full(len(minutes), 350.0),
        "traction_current_a": np.where(moving, np.where(minutes < 60, 24.0, -12.0), 0.0),
    }
    found = of(minutes, trip(10, 70, 45), battery_soc_pct=soc, **power)
    assert found.trips[0].electricity_by is EnergyBy.POWER
    assert found.trips[0].electricity_kwh == pytest.approx(
        0.35 * (24 * 50 - 12 * 10) / 60, rel=0.01
    )
    thin = {
        name: np.where(np.arange(len(minutes)) % 4 == 0, v, np.nan) for name, v in power.items()
    }
    found = of(minutes, trip(10, 70, 45), battery_soc_pct=soc, **thin)
    assert found.trips[0].electricity_by is EnergyBy.SOC


def test_a_current_of_the_wrong_sign_is_not_believed() -> None:
    minutes = np.arange(0, 121, 0.5)
    moving = (minutes >= 10) & (minutes <= 70)
    told = {
        "battery_soc_pct": soc_of(minutes, 80, (10, 70, -12)),
        "traction_voltage_v": np.full(len(minutes), 350.0),
        "traction_current_a": np.where(moving, -20.0, 0.0),
    }
    found = of(minutes, trip(10, 70, 45), **told)
    assert found.trips[0].electricity_by is EnergyBy.SOC
    assert found.trips[0].electricity_kwh == pytest.approx(12 * 0.6)
    assert [(f.code, f.detail) for f in found.findings] == [("vehicle_current_sign", {"trips": 1})]


def test_without_a_battery_there_are_no_kilowatt_hours_but_a_finding() -> None:
    minutes = np.arange(0, 300.0)
    soc = soc_of(minutes, 80, (20, 80, -12), (120, 200, 15))
    found = of(minutes, trip(20, 80, 45), battery_kwh=None, battery_soc_pct=soc)
    assert found.trips[0].electricity_kwh is None
    assert [(e.amount, e.before, e.after) for e in charges(found)] == [
        (None, pytest.approx(68, abs=0.6), pytest.approx(83, abs=0.6))
    ]
    assert [f.code for f in found.findings] == ["vehicle_battery_unknown"]


def test_a_rise_that_nothing_explains_leaves_the_use_unknown() -> None:
    minutes = np.arange(0, 121, 0.5)
    soc = soc_of(minutes, 50, (10, 110, 10))
    found = of(minutes, trip(10, 110, 60), battery_soc_pct=soc)
    assert found.trips[0].electricity_kwh is None
