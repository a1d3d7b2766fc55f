"""Months by degree days."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.baselines.degree_days import DegreeDays, degree_days_a_day
from analytics.baselines.series import Interval
from tests.analytics.baselines.made import SHANGHAI

MEANS_C = np.array([0, 3, 8, 14, 20, 25, 29, 28, 23, 17, 10, 3] * 2, dtype=float)


def months(use_a_day: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    local = pd.date_range("2022-01-01", periods=24, freq="MS", tz=SHANGHAI, name="start")
    length = local.days_in_month.to_numpy()
    frame = pd.DataFrame({"temperature_c": MEANS_C}, index=local.tz_convert("UTC"))
    return frame, use_a_day * length


@given(distance=st.floats(-60, 60))
def test_degree_days_are_never_less_than_the_distance(distance: float) -> None:
    found = float(degree_days_a_day(np.array([distance]))[0])
    assert found >= max(distance, 0.0) - 1e-9
    assert found <= max(distance, 0.0) + 1 / 0.71 + 1e-6


def test_heating_and_cooling_are_found_from_months() -> None:
    truth = 10 + 3 * degree_days_a_day(15 - MEANS_C) + 5 * degree_days_a_day(MEANS_C - 22)
    frame, use = months(truth)
    model = DegreeDays(SHANGHAI, "CN", Interval.MONTH).fit(frame, use)
    assert model.balance_c_ == (15.0, 22.0)
    assert model.slopes_ == (pytest.approx(3), pytest.approx(5))
    assert model.predict(frame) == pytest.approx(use)
    assert model.parameters_count == 5


def test_what_does_not_hang_on_weather_gets_no_slope() -> None:
    rng = np.random.default_rng(5)
    frame, use = months(100 + rng.normal(0, 1, 24))
    model = DegreeDays(SHANGHAI, "CN", Interval.MONTH).fit(frame, use)
    assert model.slopes_ == (0.0, 0.0)
    assert model.predict(frame) / use == pytest.approx(np.ones(24), rel=0.05)


def test_a_heated_building_is_not_cooled() -> None:
    rng = np.random.default_rng(6)
    frame, use = months(20 + 4 * degree_days_a_day(16 - MEANS_C) + rng.normal(0, 1, 24))
    model = DegreeDays(SHANGHAI, "CN", Interval.MONTH).fit(frame, use)
    assert model.slopes_[1] == 0.0
    assert model.balance_c_[0] == pytest.approx(16, abs=1.5)
