"""Temperature as models get it."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.baselines.inputs import LONGEST_FILLED_GAP_H, fill_gaps, prepare
from analytics.baselines.series import Interval

UTC = ZoneInfo("UTC")


def hours(values: np.ndarray) -> pd.DataFrame:
    starts = pd.date_range("2023-01-01", periods=len(values), freq="h", tz="UTC", name="start")
    return pd.DataFrame({"temperature_c": values}, index=starts)


@given(gap=st.integers(1, 12))
def test_gaps_of_up_to_six_hours_are_closed_and_longer_ones_stay(gap: int) -> None:
    values = np.arange(40.0)
    values[10 : 10 + gap] = np.nan
    filled = fill_gaps(values.copy())
    if gap <= LONGEST_FILLED_GAP_H:
        assert filled == pytest.approx(np.arange(40.0))
    else:
        assert np.isnan(filled[10 : 10 + gap]).all()
        assert np.isfinite(filled).sum() == 40 - gap


def test_gaps_at_either_end_stay() -> None:
    values = np.array([np.nan, 1.0, 2.0, np.nan])
    assert np.isnan(fill_gaps(values)).tolist() == [True, False, False, True]


def test_inertia_is_the_mean_of_the_hour_and_the_23_before() -> None:
    values = np.random.default_rng(1).normal(10, 5, 100)
    inputs = prepare(hours(values), UTC, "CN", Interval.HOUR)
    assert inputs.inertia_c[60] == pytest.approx(values[37:61].mean())
    assert np.isnan(inputs.inertia_c[:17]).all()
    assert inputs.inertia_c[17] == pytest.approx(values[:18].mean())


def test_a_day_that_is_hardly_known_has_no_inertia() -> None:
    values = np.full(72, 10.0)
    values[24:36] = np.nan
    inputs = prepare(hours(values), UTC, "CN", Interval.HOUR)
    assert np.isnan(inputs.inertia_c[40])
    assert np.isfinite(inputs.inertia_c[60])


def test_infinite_temperatures_are_not_known_and_none_given_is_none_known() -> None:
    values = np.full(48, 10.0)
    values[20:40] = np.inf
    inputs = prepare(hours(values), UTC, "CN", Interval.HOUR)
    assert np.isnan(inputs.temperature_c[20:40]).all()
    bare = prepare(hours(values)[[]], UTC, "CN", Interval.HOUR)
    assert not bare.weather_known.any()


def test_a_day_remembers_the_day_before() -> None:
    starts = pd.date_range("2023-01-01", periods=3, freq="D", tz="UTC")
    frame = pd.DataFrame({"temperature_c": [1.0, 2.0, 4.0]}, index=starts)
    inputs = prepare(frame, UTC, "CN", Interval.DAY)
    assert inputs.inertia_c.tolist() == [1.0, 1.0, 2.0]
