"""Expected use of a building whose rule is known: it must be found, and nothing said where it isn't."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from analytics.expected.baselines import Baseline, excess, fit_baseline, local_calendar
from analytics.grid import Floats, Micros, hour_starts
from quotawatt.findings import Finding
from quotawatt.spans import Span
from tests.analytics.builders import SHANGHAI

START = datetime(2022, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai


def year(days: int = 365, first: int = 0) -> tuple[Micros, Floats, Floats]:
    """Starts, use and temperature of an office: base load, working hours, heating and cooling."""
    begin = START + timedelta(days=first)
    starts = hour_starts(Span(begin, begin + timedelta(days=days)))
    hour = np.arange(len(starts)) + 24 * first
    rng = np.random.default_rng(7)
    temperature = 13 - 14 * np.cos(2 * np.pi * hour / 8760) + 4 * np.sin(2 * np.pi * hour / 24)
    temperature += np.convolve(rng.normal(0, 1, len(hour)), np.ones(48) / 12, mode="same")
    return starts, use_at(starts, temperature, rng), temperature


def use_at(starts: Micros, temperature: Floats, rng: np.random.Generator | None = None) -> Floats:
    calendar = local_calendar(starts, SHANGHAI)
    busy = calendar.working & (calendar.hour >= 8) & (calendar.hour < 18)
    weather = 1.5 * np.maximum(temperature - 24, 0) + 1.0 * np.maximum(6 - temperature, 0)
    use: Floats = 10 + np.where(busy, 30 + 2 * weather, 0.3 * weather)
    return use if rng is None else use + rng.normal(0, 1.0, len(use))


def fitted(days: int = 365) -> Baseline:
    starts, use, temperature = year(days)
    as_of = START + timedelta(days=days)
    model = fit_baseline("BLD-1", starts, use, temperature, SHANGHAI, as_of)
    assert isinstance(model, Baseline)
    return model


def test_the_rule_is_found() -> None:
    model = fitted()
    starts, _, temperature = year(60, first=365)
    expected = model.hours(starts, temperature)
    truth = use_at(starts, temperature)
    known = ~np.isnan(expected.value)
    assert known[24:].mean() > 0.9
    error = expected.value[known] - truth[known]
    assert np.sqrt(np.mean(error**2)) < 0.1 * truth.mean()
    assert model.cv_rmse_pct < 10


def test_band_holds_ordinary_hours_and_not_a_night_of_waste() -> None:
    model = fitted()
    starts, use, temperature = year(60, first=365)
    expected = model.hours(starts, temperature)
    known = ~np.isnan(expected.value)
    inside = (use >= expected.low) & (use <= expected.high)
    assert 0.75 < inside[known].mean() < 0.99
    assert (use[known] + 15 > expected.high[known]).mean() > 0.95


def test_days_have_a_band_of_their_own() -> None:
    model = fitted()
    low, high = model.day_band(500.0, working=True)
    assert low < 500 < high
    # Hourly deviations partly cancel: the day's band is narrower than 24 times the hour's.
    assert high - 500 < 24 * float(model.hour_band_kwh[2, 1])


def test_same_input_same_answer() -> None:
    starts, _, temperature = year(30, first=365)
    one, other = fitted(), fitted()
    np.testing.assert_array_equal(
        one.hours(starts, temperature).value, other.hours(starts, temperature).value
    )


def test_too_little_data_is_a_finding() -> None:
    starts, use, temperature = year(27)
    as_of = START + timedelta(days=27)
    found = fit_baseline("BLD-1", starts, use, temperature, SHANGHAI, as_of)
    assert isinstance(found, Finding)
    assert found.code == "baseline_insufficient"
    assert found.subject == "BLD-1"
    assert found.detail["days_with_use"] == 27


def test_no_weather_is_a_finding_too() -> None:
    starts, use, temperature = year(60)
    found = fit_baseline("BLD-1", starts, use, np.full_like(temperature, np.nan), SHANGHAI, START)
    assert isinstance(found, Finding)
    assert found.detail["days_with_use_and_temperature"] == 0


def test_weather_never_seen_has_no_answer() -> None:
    model = fitted(days=59)  # a winter
    starts, _, temperature = year(3, first=190)  # July
    assert np.isnan(model.hours(starts, temperature).value).all()


def test_missing_temperature_has_no_answer() -> None:
    starts, _, temperature = year(3, first=365)
    temperature[30:40] = np.nan
    value = fitted().hours(starts, temperature).value
    assert np.isnan(value[30:63]).all()
    assert not np.isnan(value[[29, 63]]).any()


def test_hours_left_out_do_not_teach() -> None:
    starts, use, temperature = year(120)
    spoilt = use.copy()
    spoilt[24 * 60 : 24 * 70] = np.nan
    reference = fit_baseline("B", starts, spoilt, temperature, SHANGHAI, START)
    assert isinstance(reference, Baseline)
    assert reference.training_days == pytest.approx(
        109, abs=0.1
    )  # the first day leads the weather in


def test_expected_is_never_negative() -> None:
    starts, _, temperature = year(60)
    model = fit_baseline("B", starts, np.zeros(len(starts)), temperature, SHANGHAI, START)
    assert isinstance(model, Baseline)
    expected = model.hours(starts, temperature)
    assert np.nanmin(expected.value) >= 0
    assert np.nanmin(expected.low) >= 0
    assert model.cv_rmse_pct == 0


def test_excess_counts_from_the_band_and_in_percent_of_expected() -> None:
    # 130 used, 100 expected, up to 110 ordinary: 30 kWh above, 20 % of expected beyond the band.
    assert excess(130, 100, 110) == (30, 20)
    assert excess(105, 100, 110) == (5, 0)
    assert excess(60, 100, 110) == (-40, 0)
    assert excess(5, 0, 0) == (5, 0)


def test_calendar_knows_holidays_and_worked_weekends() -> None:
    # 2023: Spring Festival from 21 to 27 January, worked Saturday 28 January.
    starts = hour_starts(Span(START, START + timedelta(days=31)))
    calendar = local_calendar(starts, SHANGHAI)
    noon = calendar.hour == 12
    working = calendar.working[noon].tolist()
    assert working[20:28] == [False] * 7 + [True]
    assert calendar.hour[:3].tolist() == [0, 1, 2]
