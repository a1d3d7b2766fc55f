"""Each pattern in an invented office: found with its beginning and size, and not found where it is not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from analytics.anomalies.event import Anomaly, Likely
from analytics.baselines.series import Interval, UseSeries
from analytics.overuse.baseload import base_load_creep, weather_independent_jump
from analytics.overuse.nights import night_running
from analytics.overuse.patterns import patterns, untold
from analytics.overuse.switching import late_switch_off, weekend_running
from quotawatt.spans import local_date, local_midnight
from tests.analytics.overuse.offices import FIRST, ZONE, expected, office, series

DAYS = 112


def first_day(found: Anomaly) -> date:
    return local_date(found.start, ZONE)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_an_ordinary_office_shows_nothing() -> None:
    use = office(DAYS)
    assert patterns(series(use.ravel()), expected(office(DAYS, seed=2))) == []
    assert patterns(series(use.ravel())) == []


def test_nights_in_which_something_runs() -> None:
    usual, use = office(DAYS, seed=2), office(DAYS)
    use[70:80, :7] += 40
    use[70:80, 19:] += 40
    (found,) = patterns(series(use.ravel()), expected(usual))
    assert found.likely is Likely.NIGHT_RUNNING
    assert (first_day(found), found.evidence["nights"], found.open) == (day(70), 10, False)
    assert found.size == pytest.approx(10 * 12 * 40, rel=0.02)
    assert found.confidence > 0.9


def test_nights_are_found_by_habit_where_nothing_is_expected() -> None:
    use = office(DAYS)
    use[100:, :7] += 40
    use[100:, 19:] += 40
    (found,) = night_running(series(use.ravel()))
    assert (first_day(found), found.open) == (day(100), True)
    assert found.size == pytest.approx(12 * 12 * 40, rel=0.02)


def test_what_rises_around_the_clock_is_a_jump_and_no_matter_of_the_night() -> None:
    usual, use = office(DAYS, seed=2), office(DAYS)
    use[60:] += 15
    (found,) = patterns(series(use.ravel()), expected(usual))
    assert (found.likely, first_day(found), found.open) == (Likely.JUMP, day(60), True)
    assert found.size == pytest.approx((DAYS - 60) * 24 * 15, rel=0.02)


def test_evenings_that_end_later() -> None:
    use = office(DAYS)
    use[70:84] = office(DAYS, closes=21)[70:84]
    (found,) = late_switch_off(series(use.ravel()))
    assert found.evidence["late_min"] == pytest.approx(180, abs=15)
    assert first_day(found) == date(2023, 5, 10)
    assert found.evidence["days"] == 10
    assert found.size == pytest.approx(10 * 3 * 40, rel=0.05)


def test_an_evening_that_was_expected_to_be_late_is_none() -> None:
    use = office(DAYS)
    use[70:84] = office(DAYS, closes=21)[70:84]
    assert late_switch_off(series(use.ravel()), expected(use)) == []


def test_weekends_that_are_run() -> None:
    use = office(DAYS)
    weekends = [n for n in range(DAYS) if day(n).weekday() >= 5]
    for n in weekends[-6:]:
        use[n, 8:18] += 30
    (found,) = weekend_running(series(use.ravel()))
    assert (found.evidence["days"], found.open) == (6, True)
    assert found.size == pytest.approx(6 * 10 * 30, rel=0.02)
    assert weekend_running(series(use.ravel()), expected(use)) == []


def test_a_base_load_that_creeps_up() -> None:
    usual, use = office(DAYS * 2, seed=2), office(DAYS * 2)
    use += np.maximum(np.arange(DAYS * 2) - 100, 0)[:, None] * 0.05
    found = base_load_creep(series(use.ravel()), expected(usual))
    assert found is not None
    assert abs((first_day(found) - day(100)).days) <= 21
    assert found.evidence["base_after_per_h"] == pytest.approx(16.2, abs=0.6)
    assert found.size == pytest.approx(24 * 0.05 * 124**2 / 2, rel=0.15)
    assert found.open


def test_a_colder_season_is_no_creep_and_no_jump() -> None:
    season = np.linspace(0, 20, DAYS)[:, None]
    use, usual = office(DAYS) + season, office(DAYS, seed=2) + season
    assert patterns(series(use.ravel()), expected(usual)) == []
    assert base_load_creep(series(use.ravel())) is not None


def test_a_step_that_temperature_explains_is_no_jump() -> None:
    mean_c = 18 - 25 / (1 + np.exp(-(np.arange(DAYS) - 60) / 8))  # a cold spell that stays
    mean_c += np.random.default_rng(2).normal(0, 2, DAYS)
    use = office(DAYS) + np.maximum(16 - mean_c, 0)[:, None]
    wrong = expected(office(DAYS, seed=2))  # expected without regard to the weather
    weather = np.repeat(mean_c, 24)
    assert weather_independent_jump(series(use.ravel(), temperature_c=weather), wrong) is None
    blind = series(use.ravel(), temperature_c=np.nan)
    found = weather_independent_jump(blind, wrong)
    assert found is not None
    assert found.confidence <= 0.6


def test_of_a_total_what_its_sub_meters_tell_is_left_out() -> None:
    use = office(DAYS)
    use[100:, :7] += 40
    (own,) = night_running(series(use.ravel(), subject="MTR-1"))
    (part,) = night_running(series(use.ravel(), subject="MTR-1-B"))
    assert untold([own], [part]) == []
    assert untold([own], []) == [own]


def of_days(use: np.ndarray) -> UseSeries:
    hourly = series(use)
    return UseSeries(
        hourly.subject, hourly.measure, hourly.unit, ZONE, "CN", Interval.DAY, hourly.frame
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: series(np.zeros(0)),
        lambda: series(np.full(60 * 24, 7.0)),
        lambda: series(np.zeros(60 * 24)),
        lambda: series(office(7).ravel()),
        lambda: series(np.full(365 * 24, np.nan)),
        lambda: series(np.full(60 * 24, np.inf)),
        lambda: series(-office(60).ravel()),
        lambda: series(office(60).ravel() * np.linspace(1, 3, 60 * 24), name="pv_generation_kwh"),
        lambda: series(np.zeros(60 * 24), name="water_m3"),
        lambda: series(np.full(365 * 24, np.nan), name="water_m3"),
        lambda: of_days(np.ones(200)),
    ],
    ids=[
        "empty",
        "constant",
        "zeros",
        "week",
        "nan",
        "inf",
        "negative",
        "pv",
        "dry",
        "dry_nan",
        "days",
    ],
)
def test_bad_input_shows_nothing(make: Callable[[], UseSeries]) -> None:
    given = make()
    assert patterns(given) == []
    nothing = pd.DataFrame({"expected": np.nan}, index=given.frame.index)
    assert patterns(given, nothing) == []
    itself = pd.DataFrame({"expected": given.frame["use"]})
    assert patterns(given, itself) == []


@pytest.mark.parametrize("first", [date(2023, 2, 20), date(2023, 9, 20)])
def test_clock_changes_make_no_pattern(first: date) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = 60
    begin = local_midnight(first, berlin)
    end = local_midnight(first + timedelta(days=days), berlin)
    index = pd.date_range(begin, end, freq="h", inclusive="left")
    local = index.tz_convert(berlin)
    is_open = np.asarray((local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 18))
    noise = np.random.default_rng(1).normal(0, 0.5, len(index))
    use = np.where(is_open, 50.0, 10.0) + noise
    found = patterns(series(use, zone=berlin, first=first, country="DE"))
    # Holidays with less use than a working day are no pattern either.
    assert [one.likely for one in found] == []


def test_times_of_an_event_are_utc() -> None:
    use = office(DAYS)
    use[100:, :7] += 40
    (found,) = night_running(series(use.ravel()))
    assert found.start == datetime.fromisoformat("2023-06-08T16:00:00+00:00")
