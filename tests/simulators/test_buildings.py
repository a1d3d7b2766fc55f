"""Loads of buildings."""

from datetime import date

import numpy as np

from simulators.buildings import (
    ITEMS,
    BuildingModel,
    NightRunning,
    electric_loads_kw,
    heat_gj,
    occupancy,
    plant_runs,
    water_m3,
)
from simulators.timeline import Timeline

YEAR = Timeline(date(2023, 1, 1), date(2024, 1, 1))
MODEL = BuildingModel(100, 8.0, 1.5, 0.4, 2.0, 4.0, 1.0, 2.0, 50)
WARM = np.full(YEAR.steps, 30.0)
MILD = np.full(YEAR.steps, 15.0)
COLD = np.full(YEAR.steps, 0.0)


def test_items_are_all_there_and_never_negative() -> None:
    loads = electric_loads_kw(MODEL, 5000, YEAR, WARM, (), 1, "B")
    assert set(loads) == set(ITEMS)
    assert all(load.min() >= 0 and load.shape == (YEAR.steps,) for load in loads.values())


def test_holidays_use_less_than_working_days() -> None:
    total = sum(electric_loads_kw(MODEL, 5000, YEAR, MILD, (), 1, "B").values(), np.zeros(()))
    assert total[~YEAR.working].mean() < 0.55 * total[YEAR.working].mean()


def test_cooling_is_proportional_to_area_and_runs_in_hours() -> None:
    runs = plant_runs(YEAR)
    small = electric_loads_kw(MODEL, 1000, YEAR, WARM, (), 1, "B")["B"]
    large = electric_loads_kw(MODEL, 4000, YEAR, WARM, (), 1, "B")["B"]
    assert np.allclose(large, 4 * small)
    # 1,000 m² × (0.25 + 1.5 × 9 K) W/m² = 13.75 kW in hours.
    assert np.isclose(small[runs].mean(), 13.75, rtol=0.01)
    assert small[~runs].mean() < 0.1 * small[runs].mean()


def test_night_running_adds_its_power_outside_hours_only() -> None:
    fault = NightRunning(date(2023, 8, 14), date(2023, 8, 28), 40.0)
    plain = electric_loads_kw(MODEL, 5000, YEAR, WARM, (), 1, "B")["B"]
    faulty = electric_loads_kw(MODEL, 5000, YEAR, WARM, (fault,), 1, "B")["B"]
    extra = faulty - plain
    during = slice(YEAR.mark(fault.first), YEAR.mark(fault.until))
    expected = np.where(plant_runs(YEAR)[during], 0.0, 40.0)
    assert np.allclose(extra[during], expected)
    assert np.allclose(np.delete(extra, np.r_[during]), 0)


def test_heat_comes_in_the_season_and_when_it_is_cold() -> None:
    heat = heat_gj(MODEL, 5000, YEAR, COLD, 1, "B")
    heated = heat.reshape(-1, 96).sum(1) > 0
    days = [day for day, on in zip(YEAR.days, heated, strict=True) if on]
    assert days[0] == date(2023, 1, 1)
    assert date(2023, 3, 14) in days
    assert date(2023, 3, 15) not in days
    assert date(2023, 11, 14) not in days
    assert date(2023, 11, 15) in days
    assert heat_gj(MODEL, 5000, YEAR, WARM, 1, "B").sum() == 0


def test_heat_of_a_cold_hour_by_hand() -> None:
    # 5,000 m² × 2 W/(m² K) × 18 K = 180 kW; × 900 s = 0.162 GJ a step at noon, ± a day's chance.
    heat = heat_gj(MODEL, 5000, YEAR, COLD, 1, "B").reshape(-1, 96)[:60, 48]
    assert np.isclose(heat.mean(), 0.162, rtol=0.03)


def test_water_follows_people() -> None:
    water = water_m3(MODEL, YEAR, 1, "B").reshape(-1, 96).sum(1)
    # 100 people × 50 L = 5 m³ on a working day.
    assert np.isclose(water[YEAR.working_days].mean(), 5.0, rtol=0.1)
    assert water[~YEAR.working_days].mean() < 2.0
    assert occupancy(YEAR).max() <= 1
