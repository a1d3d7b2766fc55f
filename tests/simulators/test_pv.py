"""Photovoltaic generation."""

from datetime import date

import numpy as np

from simulators.pv import generation_kw
from simulators.timeline import Timeline

YEAR = Timeline(date(2023, 1, 1), date(2024, 1, 1))


def test_nothing_at_night_and_never_above_the_peak() -> None:
    power = generation_kw(YEAR, np.ones(YEAR.steps), 120)
    assert power[(YEAR.hour < 4) | (YEAR.hour > 21)].max() == 0
    assert power.min() == 0
    # 120 kW × 0.80 under the best sun.
    assert 80 < power.max() <= 96.01


def test_clear_years_yield_more_than_real_ones_do() -> None:
    # Shandong's plants yield about 1,100 to 1,400 kWh/kWp; a year without clouds must lie above.
    clear = generation_kw(YEAR, np.ones(YEAR.steps), 1).sum() / 4
    assert 1400 < clear < 2000


def test_generation_is_proportional_to_size_and_clearness() -> None:
    one = generation_kw(YEAR, np.ones(YEAR.steps), 10)
    assert np.allclose(generation_kw(YEAR, np.full(YEAR.steps, 0.5), 40), 2 * one)


def test_noon_comes_after_twelve_west_of_the_zone_meridian() -> None:
    day = Timeline(date(2023, 6, 21), date(2023, 6, 22))
    power = generation_kw(day, np.ones(day.steps), 1)
    # (120 - 117.1) / 15 h = 12 minutes after noon: in the quarter-hour that ends at 12:15.
    assert day.hour[power.argmax()] == 12.125
