"""Air conditioning left on from one working day to the next is one event: its hours, its kind, its end."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.anomalies.course import Course, course_of
from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.anomalies.finding import find_anomalies
from analytics.anomalies.found import Found
from analytics.anomalies.stretches import is_so, merged
from analytics.baselines.series import UseSeries
from tests.analytics.anomalies.courses import day, expectation, office, with_use

_DAYS = 105


def _cooling() -> tuple[UseSeries, pd.DataFrame]:
    """A sub-meter that uses 100 in working hours and 3 at other times, and what is expected of it."""
    series = office(days=_DAYS, noise=0.5)
    expected = expectation(series, sd=0.5)
    idle = np.where(expected["expected"] > 50, 0.0, 17.0)
    use = series.frame["use"] - idle
    return with_use(series, use), expected.sub(idle, axis=0)


def _left_on(first: int, until: int, more: float = 40.0) -> list[Anomaly]:
    """What is found where it runs on, through nights and days off, from one day to another."""
    series, expected = _cooling()
    starts = pd.DatetimeIndex(series.frame.index)
    idle = expected["expected"] < 50
    within = idle & (starts >= day(first)) & (starts < day(until))
    return find_anomalies(with_use(series, series.frame["use"] + more * within), expected)


@pytest.mark.parametrize(("first", "until"), [(70, 98), (77, _DAYS), (91, 98), (21, 49)])
def test_it_is_one_event_of_the_night_with_its_first_and_last_day(first: int, until: int) -> None:
    (event,) = _left_on(first, until)
    assert event.likely is Likely.NIGHT_RUNNING
    assert abs(event.start - day(first)) <= timedelta(days=1)
    assert abs(event.end - day(until)) <= timedelta(days=1)
    assert event.open == (until == _DAYS)
    assert event.size == pytest.approx(40.0 * event.hours, rel=0.05)


def test_ten_times_the_use_at_night_is_something_that_runs() -> None:
    found = _left_on(50, 52, more=27.0)
    assert Likely.UNIT_MISTAKE not in {event.likely for event in found}
    assert found[0].start == day(50)


def test_what_comes_and_goes_with_the_hours_is_in_no_other_unit() -> None:
    found = _left_on(50, 71, more=120.0)  # more than it ever uses
    assert {event.likely for event in found} == {Likely.NIGHT_RUNNING}


@pytest.mark.parametrize(("days", "likely"), [(2, Likely.OUTAGE), (6, Likely.STUCK)])
def test_zeros_for_days_are_a_register_that_stands_still(days: int, likely: Likely) -> None:
    series = office()
    use = series.frame["use"].copy()
    use.iloc[50 * 24 : (50 + days) * 24] = 0.0
    (event,) = find_anomalies(with_use(series, use), expectation(series))
    assert (event.likely, event.start, event.end) == (likely, day(50), day(50 + days))


def _stretch(first_h: int, until_h: int, mean: float) -> Found:
    return Found(Shape.DAY, Likely.HIGH_USE, np.arange(first_h, until_h), 2.0, mean)


def _ordinary(days: int = 60) -> Course:
    series = office(days=days)
    return course_of(series, expectation(series))


def test_what_is_far_weaker_does_not_lengthen_an_event() -> None:
    strong, course = _stretch(480, 960, 50.0), _ordinary()
    (one,) = merged([strong, _stretch(700, 1100, 5.0)], course)
    assert (one.hours[0], one.hours[-1]) == (480, 959)
    (one,) = merged([strong, _stretch(700, 1100, 40.0)], course)
    assert (one.hours[0], one.hours[-1]) == (480, 1099)


@pytest.mark.parametrize("count", ["days", "nights"])
def test_the_days_of_an_event_are_those_of_all_its_stretches(count: str) -> None:
    days_off = replace(_stretch(480, 528, 50.0), evidence={count: 2, "share": 0.3})
    nights = replace(_stretch(528, 600, 26.0), evidence={"nights": 3})
    (one,) = merged([days_off, nights], _ordinary())
    assert one.evidence == {count: 5, "share": 0.3}


def test_what_lies_on_the_other_side_of_the_expectation_is_not_so() -> None:
    course = _ordinary(days=10)
    above = replace(course, use=course.expected + 1.0)
    less = _stretch(0, 24, -3.0)
    assert not is_so(less, above)
    assert is_so(replace(less, mean=3.0), above)
