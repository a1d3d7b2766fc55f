"""Hours to days to months: sums stay, gaps stay gaps, days are local."""

import math
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.baselines.series import Interval
from analytics.sufficiency.coarser import coarser
from tests.analytics.sufficiency.series import hourly, with_use

ZONES = (
    "Asia/Shanghai",
    "Europe/Paris",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(ZONES), st.integers(59, 130))
def test_a_whole_period_keeps_its_sum(zone: str, days: int) -> None:
    series = hourly(days, ZoneInfo(zone))
    by_day = coarser(series, Interval.DAY)
    assert len(by_day.frame) == days
    assert math.isclose(by_day.frame["use"].sum(), series.frame["use"].sum(), rel_tol=1e-9)
    local = pd.DatetimeIndex(by_day.frame.index).tz_convert(zone)
    assert (local.hour == 0).all()


def test_days_of_23_and_25_hours_are_summed_as_they_are() -> None:
    series = with_use(hourly(320), 1.0)
    by_day = coarser(series, Interval.DAY).frame["use"]
    assert by_day.loc[pd.Timestamp("2022-03-27", tz="Europe/Paris")] == 23
    assert by_day.loc[pd.Timestamp("2022-10-30", tz="Europe/Paris")] == 25


def test_what_is_missing_of_a_day_counts_as_the_mean_of_the_rest() -> None:
    use = np.full(24 * 40, 2.0)
    use[24:36] = np.nan  # half of the second day
    use[48:61] = np.nan  # more than half of the third
    by_day = coarser(with_use(hourly(40), use), Interval.DAY).frame["use"].to_numpy()
    assert by_day[1] == pytest.approx(48)
    assert np.isnan(by_day[2])
    assert by_day[3] == pytest.approx(48)


def test_a_month_needs_nine_tenths_of_its_days() -> None:
    use = np.full(24 * 59, 1.0)
    use[: 3 * 24] = np.nan
    by_month = coarser(with_use(hourly(59), use), Interval.MONTH).frame["use"].to_numpy()
    assert by_month == pytest.approx([31 * 24, 28 * 24])
    use[: 4 * 24] = np.nan
    by_month = coarser(with_use(hourly(59), use), Interval.MONTH).frame["use"].to_numpy()
    assert np.isnan(by_month[0])


def test_gauges_and_temperature_are_averaged() -> None:
    gauge = replace(with_use(hourly(40), 7.0), measure="indoor_temperature_c", unit="°C")
    assert coarser(gauge, Interval.MONTH).frame["use"].iloc[0] == pytest.approx(7.0)
    by_day = coarser(hourly(3), Interval.DAY).frame["temperature_c"]
    expected = hourly(3).frame["temperature_c"].to_numpy().reshape(3, 24).mean(axis=1)
    assert by_day.to_numpy() == pytest.approx(expected)


def test_what_is_coarse_already_stays() -> None:
    by_day = coarser(hourly(3), Interval.DAY)
    assert coarser(by_day, Interval.HOUR) is by_day
