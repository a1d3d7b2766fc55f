"""The next day: what it rests on, what it says of itself, and when it says nothing."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.baselines.series import Interval, UseSeries
from analytics.forecast.day_ahead import Basis, DayForecast, Weather, forecast_day
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from tests.analytics.forecast.given import (
    FIRST,
    LONDON,
    baseline,
    changed,
    cut,
    office,
    with_frame,
)

DAY = date(2025, 1, 14)  # a Tuesday, the 379th day of the office
ROW = (DAY - FIRST).days


def forecast(series: UseSeries | None = None, day: date = DAY, **more: Any) -> DayForecast:
    given: dict[str, Any] = {"baseline": baseline(), "weather": office().frame, **more}
    found = forecast_day(
        given.pop("baseline"), series or office(), given.pop("weather"), day, **given
    )
    assert isinstance(found, DayForecast)
    return found


def actual(found: DayForecast, series: UseSeries | None = None) -> pd.Series:
    return (series or office()).frame["use"].reindex(found.frame.index)


def test_a_day_of_an_ordinary_week() -> None:
    found = forecast()
    use = actual(found)
    assert (found.basis, found.weather, found.calendar_known) == (
        Basis.BASELINE,
        Weather.GIVEN,
        True,
    )
    assert (found.known_until, found.level, found.unit) == (date(2025, 1, 13), 0.9, "kWh")
    assert len(found.frame) == 24
    assert np.abs(found.frame["expected"] - use).mean() < 1.5
    assert found.total == pytest.approx(use.sum(), rel=0.03)
    assert found.total_low < found.total < found.total_high
    assert found.total_high - found.total_low < (found.frame["high"] - found.frame["low"]).sum()


def test_a_level_that_began_last_week_is_taken_up_and_the_band_stays_around_it() -> None:
    series = changed(office(), ROW - 8, use=lambda use: use + 12)
    found = forecast(series)
    off = found.frame["expected"] - actual(found, series)
    assert np.abs(off).mean() < 4
    assert (baseline().predict(office().frame)["expected"].reindex(off.index) + 6).lt(
        found.frame["expected"]
    ).mean() > 0.9


def test_what_comes_on_the_day_and_after_it_is_not_looked_at() -> None:
    poisoned = changed(office(), ROW, use=lambda use: use * 0 + 999, temperature_c=lambda t: t - 30)
    pd.testing.assert_frame_equal(
        forecast(poisoned, weather=None).frame, forecast(weather=None).frame
    )


def test_without_weather_the_days_before_stand_in_and_the_band_is_wider() -> None:
    given, persisted = forecast(), forecast(weather=None)
    assert persisted.weather is Weather.PERSISTENCE
    assert persisted.frame["temperature_c"].notna().all()
    width = [(f.frame["high"] - f.frame["low"]).mean() for f in (given, persisted)]
    assert width[1] > 1.2 * width[0]


def test_weather_that_lacks_an_hour_is_filled_and_said() -> None:
    weather = office().frame.drop(forecast().frame.index[5])
    found = forecast(weather=weather)
    assert found.weather is Weather.PERSISTENCE
    assert found.frame["expected"].notna().all()


@pytest.mark.parametrize("last", [1, 3, 14])
def test_days_ahead_of_what_is_known(last: int) -> None:
    series = cut(office(), ROW + 1 - last)
    found = forecast(series)
    assert found.known_until == DAY - timedelta(days=last)
    assert np.abs(found.frame["expected"] - actual(found)).mean() < 2


def test_by_habit_without_a_baseline_or_without_any_temperature() -> None:
    alone = forecast(baseline=None)
    blind = forecast(
        with_frame(office(), office().frame.assign(temperature_c=np.nan)), weather=None
    )
    for found in (alone, blind):
        assert (found.basis, found.weather) == (Basis.HABIT, Weather.NONE)
        assert found.frame["temperature_c"].isna().all()
        assert found.total == pytest.approx(actual(found).sum(), rel=0.15)


@pytest.mark.parametrize(
    ("first", "until"), [(0, 0), (ROW - 7, ROW), (ROW - 100, ROW - 15), (ROW - 13, ROW)]
)
def test_too_little_is_a_finding(first: int, until: int) -> None:
    series = cut(office(), until)
    series = with_frame(series, series.frame.iloc[first * 24 :])
    found = forecast_day(baseline(), series, None, DAY)
    assert isinstance(found, Finding)
    assert (found.code, found.subject) == ("forecast_impossible", "BLD-1")
    assert found.detail["needed_days"] == 14
    assert found.detail["day"] == "2025-01-14"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_year_of_nothing_is_a_finding(value: float) -> None:
    series = with_frame(office(), office().frame.assign(use=value))
    found = forecast_day(baseline(), series, None, DAY)
    assert isinstance(found, Finding)
    assert found.detail["days_known"] == 0
    assert found.detail["known_until"] is None


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_series_that_never_moves_stays_as_it_is(value: float) -> None:
    series = with_frame(office(), office().frame.assign(use=value))
    found = forecast(series, baseline=None)
    assert found.frame["expected"].to_numpy() == pytest.approx(value, rel=0.05)


def test_what_is_exported_may_lie_below_nothing() -> None:
    series = with_frame(office(), office().frame.assign(use=-office().frame["use"]))
    found = forecast(series, baseline=None)
    assert found.frame["expected"].max() < 0
    assert found.total_low < found.total


@pytest.mark.parametrize(("day", "hours"), [("2024-10-27", 25), ("2025-03-30", 23)])
def test_days_on_which_the_clock_is_set(day: str, hours: int) -> None:
    series = office(days=460, zone=LONDON, country="GB-ENG")
    found = forecast(
        series,
        date.fromisoformat(day),
        baseline=baseline(280, LONDON, "GB-ENG"),
        weather=series.frame,
    )
    assert len(found.frame) == hours
    assert found.frame["expected"].notna().all()
    assert found.total == pytest.approx(actual(found, series).sum(), rel=0.1)
    assert np.isfinite(found.total_high)


def test_a_year_that_is_not_announced_is_marked() -> None:
    series = office()
    frame = series.frame.set_axis(series.frame.index + pd.Timedelta(days=3 * 365 + 1))
    found = forecast(with_frame(series, frame), date(2028, 1, 14), baseline=None)
    assert found.calendar_known is False


@pytest.mark.parametrize("level", [0.0, 0.49, 1.0, float("nan")])
def test_a_level_out_of_its_range_is_refused(level: float) -> None:
    with pytest.raises(InputError, match=r"must be 0\.5 to 0\.99, got"):
        forecast(level=level)


def test_days_are_no_hours() -> None:
    series = office()
    days = UseSeries(
        series.subject, series.measure, "kWh", series.zone, "CN", Interval.DAY, series.frame
    )
    with pytest.raises(InputError, match="must have an hourly series, got day"):
        forecast(days)
