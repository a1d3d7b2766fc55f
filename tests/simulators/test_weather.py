"""Simulated weather."""

from datetime import date

import numpy as np
import pytest

from simulators.timeline import Timeline
from simulators.weather import NORMALS_C, simulate_weather

YEAR = Timeline(date(2023, 1, 1), date(2024, 1, 1))


@pytest.mark.parametrize("seed", [1, 2672])
def test_months_stay_near_their_normals(seed: int) -> None:
    weather = simulate_weather(YEAR, seed, "SITE-X")
    months = np.repeat([day.month for day in YEAR.days], 96)
    means = [weather.temperature_c[months == month].mean() for month in range(1, 13)]
    # A month's mean of correlated days wanders by about 1.5 K.
    assert np.abs(np.array(means) - NORMALS_C).max() < 5
    assert abs(np.mean(means) - np.mean(NORMALS_C)) < 1.5


def test_afternoons_are_warmer_than_nights() -> None:
    temperature = simulate_weather(YEAR, 1, "SITE-X").temperature_c.reshape(-1, 24, 4).mean((0, 2))
    assert int(temperature.argmax()) in (14, 15)
    assert 5 < temperature.max() - temperature.min() < 11


def test_clearness_is_a_share_and_sites_differ() -> None:
    here = simulate_weather(YEAR, 1, "SITE-X")
    there = simulate_weather(YEAR, 1, "SITE-Y")
    assert here.clearness.min() >= 0.12
    assert here.clearness.max() <= 1
    assert not np.array_equal(here.temperature_c, there.temperature_c)
