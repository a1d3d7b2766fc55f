"""Temperature: missing, with gaps, impossible, and beyond what a baseline has seen."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.baselines.series import UseSeries
from analytics.sufficiency.checking import check
from analytics.sufficiency.purposes import Purpose
from analytics.sufficiency.weather import fill_short_gaps, temperature_reach
from tests.analytics.sufficiency.series import hourly

NAN = float("nan")


def with_temperature(series: UseSeries, temperature: object) -> UseSeries:
    return replace(series, frame=series.frame.assign(temperature_c=temperature))


def test_gaps_of_six_hours_are_interpolated_and_longer_ones_not() -> None:
    assert fill_short_gaps(np.array([0, *[NAN] * 6, 7.0])).tolist() == list(range(8))
    assert np.isnan(fill_short_gaps(np.array([0, *[NAN] * 7, 8.0]))[1:8]).all()
    assert np.isnan(fill_short_gaps(np.array([NAN, 1.0, NAN]))).tolist() == [True, False, True]
    assert np.isnan(fill_short_gaps(np.full(3, NAN))).all()


def test_missing_weather_disqualifies_for_savings_and_warns_else() -> None:
    series = with_temperature(hourly(), NAN)
    saved = check(series, Purpose.MEASURE_SAVINGS)
    assert [f.code for f in saved.disqualifying] == ["series_temperature_missing"]
    watched = check(series, Purpose.MONITOR)
    assert watched.is_enough
    assert [f.code for f in watched.warnings] == ["series_temperature_missing"]


def test_a_gauge_of_temperature_needs_none_beside_it() -> None:
    series = replace(with_temperature(hourly(), NAN), measure="indoor_temperature_c", unit="°C")
    assert check(series, Purpose.MONITOR).findings == ()


def test_long_gaps_are_counted() -> None:
    temperature = hourly().frame["temperature_c"].copy()
    temperature.iloc[50:57] = NAN
    temperature.iloc[90:96] = NAN
    (found,) = check(with_temperature(hourly(), temperature), Purpose.MEASURE_SAVINGS).warnings
    assert found.code == "series_temperature_gaps"
    assert (found.detail["hours"], found.detail["longest_h"]) == (7, 7)


def test_fahrenheit_taken_for_celsius_is_noticed() -> None:
    hot = hourly().frame["temperature_c"] * 9 / 5 + 32
    (found,) = check(with_temperature(hourly(), hot), Purpose.MONITOR).warnings
    assert found.code == "series_temperature_implausible"
    assert found.detail["highest_c"] == pytest.approx(hot.max(), abs=0.1)


def test_what_the_baseline_has_not_seen_is_said() -> None:
    winter, summer = hourly(60), hourly(200)
    (found,) = temperature_reach(winter, summer)
    assert found.code == "series_temperature_reach"
    assert found.detail["asked_high_c"] > found.detail["seen_high_c"]
    assert 0 < found.detail["share_pct"] < 100
    assert list(temperature_reach(summer, winter)) == []
    assert list(temperature_reach(with_temperature(winter, NAN), summer)) == []
