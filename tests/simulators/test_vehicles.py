"""Vehicles."""

from datetime import date

import numpy as np
import pytest

from simulators.cast import VEHICLES
from simulators.outings import DENSE_FROM
from simulators.timeline import Timeline, midnight_s
from simulators.vehicles import Track, counter_at, simulate_vehicle

YEAR = Timeline(date(2023, 1, 1), date(2024, 1, 1))


@pytest.fixture(scope="module", params=sorted(VEHICLES))
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def track(code: str) -> Track:
    return simulate_vehicle(VEHICLES[code], YEAR, 2672, code)


def known(track: Track, name: str) -> np.ndarray:
    column = track.columns[name]
    return column[~np.isnan(column)]


def test_points_are_in_order_and_few_hundred_a_month_before_the_last(track: Track) -> None:
    assert (np.diff(track.times_s) >= 0).all()
    last = int((track.times_s >= midnight_s(DENSE_FROM)).sum())
    assert 150 < (len(track.times_s) - last) / 11 < 450
    assert 1000 < last < 4500


def test_counters_only_grow(track: Track) -> None:
    for name in ("odometer_km", "fuel_used_l", "charge_energy_kwh"):
        if name in track.columns:
            assert (np.diff(known(track, name)) >= 0).all()


def test_levels_and_speeds_are_plausible(track: Track) -> None:
    for name in ("fuel_level_pct", "battery_soc_pct"):
        if name in track.columns:
            assert known(track, name).min() > 0
            assert known(track, name).max() <= 100
    assert 20 < known(track, "speed_kmh").max() < 90
    assert np.abs(known(track, "latitude_deg") - 36.2).max() < 0.4
    assert np.abs(known(track, "longitude_deg") - 117.1).max() < 0.5


def test_energy_follows_the_distance(code: str, track: Track) -> None:
    model = VEHICLES[code]
    km = float(np.ptp(known(track, "odometer_km")))
    expected = km * model.use_per_100_km / 100
    counter = "charge_energy_kwh" if model.electric else "fuel_used_l"
    used = float(np.ptp(known(track, counter)))
    # A battery may end the year fuller or emptier than it began.
    assert abs(used - expected) < (0.7 * model.store if model.electric else 0.1)


def test_it_drives_on_working_days_nearly_only(track: Track) -> None:
    midnights = YEAR.marks_s[::96]
    odometer = counter_at(track, "odometer_km", 0.0, midnights)
    km = np.diff(odometer)
    assert km[~YEAR.working_days].sum() < 0.1 * km[YEAR.working_days].sum()


def test_every_midnight_has_a_message_with_its_counters(track: Track) -> None:
    assert set(YEAR.marks_s[::96].tolist()) <= set(track.times_s.tolist())


def test_legs_end_at_rest_and_at_the_car_park(code: str, track: Track) -> None:
    model = VEHICLES[code]
    stopped = track.columns["ignition"] == 0
    assert np.nan_to_num(track.columns["speed_kmh"][stopped]).max() == 0
    at_base = np.isclose(track.columns["latitude_deg"][stopped], model.base_latitude_deg, atol=1e-4)
    # Midnights and the ends of the ways back, but not those of the ways out.
    assert 0.5 < at_base.mean() < 1
