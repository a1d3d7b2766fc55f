"""The rest of a year under past years' weather, by hours and by months."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.series import Interval, UseSeries
from analytics.forecast.rest_of_year import RestOfYear, rest_of_year
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from tests.analytics.forecast.given import SHANGHAI, baseline, fitted, office

NEW_YEAR = date(2026, 1, 1)


@cache
def three_years() -> UseSeries:
    return office(days=3 * 365 + 1)


def expected(first: date, weather: pd.DataFrame, of: FittedBaseline | None = None) -> RestOfYear:
    found = rest_of_year(of or baseline(), weather, first, NEW_YEAR)
    assert isinstance(found, RestOfYear)
    return found


def weather_before(day: str) -> pd.DataFrame:
    frame = three_years().frame[["temperature_c"]]
    return frame[frame.index < pd.Timestamp(day, tz=SHANGHAI)]


@cache
def months() -> UseSeries:
    """The office by the month."""
    local = three_years().frame.tz_convert(SHANGHAI)
    by_month = local.groupby(pd.Grouper(freq="MS"))
    frame = pd.DataFrame(
        {"use": by_month["use"].sum(), "temperature_c": by_month["temperature_c"].mean()}
    )
    return replace(three_years(), interval=Interval.MONTH, frame=frame.tz_convert("UTC"))


def truth(first: str) -> float:
    use = three_years().frame["use"]
    start, end = (pd.Timestamp(day, tz=SHANGHAI) for day in (first, "2026-01-01"))
    return float(use[(use.index >= start) & (use.index < end)].sum())


def test_hours_to_come_under_last_years_weather() -> None:
    found = expected(date(2025, 10, 11), weather_before("2025-10-11"))
    assert found.weather_years == (2024,)
    assert found.total == pytest.approx(truth("2025-10-11"), rel=0.04)
    assert found.low < truth("2025-10-11") < found.high
    starts = pd.DatetimeIndex(found.months.index).tz_convert(SHANGHAI)
    assert [str(day.date()) for day in starts] == ["2025-10-11", "2025-11-01", "2025-12-01"]
    assert found.months["expected"].sum() == pytest.approx(found.total)


def test_more_past_years_are_a_mean_with_a_spread() -> None:
    weather = weather_before("2025-11-01")
    colder = weather[weather.index < pd.Timestamp("2025-01-01", tz=SHANGHAI)] - 4
    older = colder.set_axis(colder.index - pd.Timedelta(days=366))
    one, two = (expected(date(2025, 11, 1), w) for w in (weather, pd.concat([older, weather])))
    assert (one.weather_years, two.weather_years) == ((2024,), (2023, 2024))
    assert two.total > one.total
    assert two.high - two.low > one.high - one.low


def test_months_by_degree_days() -> None:
    series = months()
    before = series.frame[series.frame.index < pd.Timestamp("2025-10-01", tz=SHANGHAI)]
    model = fitted(replace(series, frame=before))
    assert model.interval is Interval.MONTH
    found = expected(date(2025, 10, 1), before, model)
    assert found.total == pytest.approx(truth("2025-10-01"), rel=0.06)
    assert len(found.months) == 3
    with pytest.raises(InputError, match="months to come must be whole ones, got 2025-10-02"):
        rest_of_year(model, before, date(2025, 10, 2), NEW_YEAR)


def test_the_29th_of_february_has_the_weather_of_the_day_before() -> None:
    weather = three_years().frame[["temperature_c"]]
    later = weather.set_axis(weather.index + pd.Timedelta(days=2 * 365 + 1))
    found = rest_of_year(baseline(), later, date(2028, 2, 1), date(2028, 3, 1))
    assert isinstance(found, RestOfYear)
    assert found.answered_pct == pytest.approx(100, abs=10)


@pytest.mark.parametrize("gap", ["none", "all_missing", "half_missing"])
def test_without_a_past_year_of_temperatures_it_is_a_finding(gap: str) -> None:
    weather = weather_before("2025-11-01")
    if gap == "none":
        weather = weather[weather.index > pd.Timestamp("2025-06-01", tz="UTC")]
    if gap == "all_missing":
        weather = weather * np.nan
    if gap == "half_missing":
        weather = weather[pd.DatetimeIndex(weather.index).day % 2 == 0]
    found = rest_of_year(baseline(), weather, date(2025, 11, 1), NEW_YEAR)
    assert isinstance(found, Finding)
    assert found.code == "rest_of_year_unknown"
    assert found.detail == {"first": "2025-11-01", "weather_years": 0, "answered_pct": 0.0}


def test_weather_that_the_baseline_has_never_seen_is_a_finding() -> None:
    found = rest_of_year(baseline(), weather_before("2025-11-01") + 40, date(2025, 11, 1), NEW_YEAR)
    assert isinstance(found, Finding)
    assert found.detail["weather_years"] == 1


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2024, 12, 30)])
def test_no_days_or_more_than_a_year_are_refused(first: date) -> None:
    with pytest.raises(InputError, match="the rest of a year must be 1 to 366 days"):
        rest_of_year(baseline(), weather_before("2025-11-01"), first, NEW_YEAR)
