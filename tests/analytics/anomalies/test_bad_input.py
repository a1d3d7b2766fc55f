"""Series that bear nothing: honest answers, no crash."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from analytics.anomalies.event import Anomaly
from analytics.anomalies.finding import find_anomalies
from analytics.anomalies.habit import expect_by_habit
from analytics.baselines.series import Interval, UseSeries
from quotawatt.errors import InputError
from tests.analytics.anomalies.courses import expectation, office, with_use


def _by_habit(series: UseSeries) -> list[Anomaly]:
    return find_anomalies(series, expect_by_habit(series))


@pytest.mark.parametrize("value", [0.0, 7.5, -3.0, np.nan, np.inf])
def test_a_series_that_never_changes_has_no_anomaly_against_its_habit(value: float) -> None:
    series = office(days=60)
    events = _by_habit(with_use(series, value))
    assert [e for e in events if e.likely != "stuck"] == []
    assert len(events) <= 1  # that it repeats one value all the time is all that may be said


def test_zeros_for_weeks_where_use_was_expected_are_one_register_that_stands_still() -> None:
    series = office(days=60)
    (event,) = find_anomalies(with_use(series, 0.0), expectation(series))
    assert (event.likely, event.open) == ("stuck", True)
    assert event.size == pytest.approx(-event.expected)


def test_a_year_without_a_value_and_an_empty_series_have_none() -> None:
    series = office(days=365)
    assert find_anomalies(with_use(series, np.nan), expectation(series)) == []
    empty = replace(series, frame=series.frame.iloc[:0])
    assert find_anomalies(empty, expectation(series)) == []
    assert expect_by_habit(empty).empty
    assert find_anomalies(empty, expect_by_habit(empty)) == []


def test_an_expectation_that_knows_nothing_finds_nothing() -> None:
    series = office(days=60)
    unknown = pd.DataFrame(np.nan, index=series.frame.index, columns=["expected", "low", "high"])
    assert find_anomalies(series, unknown) == []


def test_one_week_says_nothing_by_habit() -> None:
    series = office(days=7)
    assert _by_habit(series) == []


def test_infinities_are_not_known() -> None:
    series = office(days=60)
    use = series.frame["use"].copy()
    use.iloc[[100, 500]] = np.inf, -np.inf
    assert find_anomalies(with_use(series, use), expectation(series)) == []


def test_generation_below_zero_is_looked_at_as_it_is() -> None:
    series = office(days=90)
    negative = with_use(series, -series.frame["use"])
    assert _by_habit(negative) == []


def test_days_of_23_and_25_hours_are_days() -> None:
    berlin = replace(office(days=300), zone=ZoneInfo("Europe/Berlin"))
    local = pd.DatetimeIndex(berlin.frame.index).tz_convert(berlin.zone)
    working = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18)
    noise = np.random.default_rng(2).normal(0, 3, len(local))
    assert _by_habit(with_use(berlin, np.where(working, 100.0, 20.0) + noise)) == []


@pytest.mark.parametrize(("interval", "freq"), [(Interval.DAY, "D"), (Interval.MONTH, "MS")])
def test_longer_intervals_have_steps_too(interval: Interval, freq: str) -> None:
    local = pd.date_range("2015-01-01", periods=200, freq=freq, tz="Asia/Shanghai")
    use = 1000 + np.random.default_rng(3).normal(0, 20, 200)
    use[120:150] += 300
    frame = pd.DataFrame({"use": use, "temperature_c": np.nan}, index=local.tz_convert("UTC"))
    series = replace(office(days=1), interval=interval, frame=frame)
    expected = pd.DataFrame({"expected": 1000.0, "low": 960.0, "high": 1040.0}, index=frame.index)
    (event,) = find_anomalies(series, expected)
    assert (event.start, event.end) == (frame.index[120], frame.index[150])
    assert event.size == pytest.approx(9000, rel=0.05)


def test_frames_must_have_their_columns_and_a_zone() -> None:
    series = office(days=7)
    with pytest.raises(InputError, match="lacks low"):
        find_anomalies(series, expectation(series)[["expected", "high"]])
    bare = replace(series, frame=series.frame.tz_localize(None))
    with pytest.raises(InputError, match="instants with a time zone"):
        find_anomalies(bare, expectation(series))
