"""Every hour has one class, and the classes add up to the whole."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.baselines.series import Interval, UseSeries
from analytics.overuse.classes import CLASSES, classes_of, excess_by_class
from tests.analytics.overuse.offices import ZONE, expected, office, series, starts


def named(first: date, days: int, zone: ZoneInfo = ZONE, country: str = "CN") -> list[str]:
    found = classes_of(starts(days, zone, first), zone, country)
    return [str(CLASSES[n]) for n in found]


def test_a_working_day_has_a_night_on_both_sides() -> None:
    assert named(date(2023, 3, 1), 1) == ["night"] * 7 + ["working"] * 12 + ["night"] * 5


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2023, 3, 4), "weekend"),
        (date(2023, 5, 2), "holiday"),  # a Tuesday off
        (date(2023, 4, 29), "weekend"),  # a Saturday of the holiday
    ],
)
def test_days_off_are_of_one_class_with_their_nights(day: date, kind: str) -> None:
    assert set(named(day, 1)) == {kind}


def test_a_weekend_that_is_worked_is_a_day_like_any_other() -> None:
    assert "working" in named(date(2023, 5, 6), 1)


def test_a_day_of_clock_change_has_its_own_number_of_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert len(named(date(2023, 3, 26), 1, berlin, "DE")) == 23
    assert named(date(2023, 10, 29), 1, berlin, "DE") == ["weekend"] * 25


def test_use_and_expectation_by_class() -> None:
    usual = office(28)
    more = usual.copy()
    more[:, 0] += 5.0  # the first hour of each day
    found = excess_by_class(series(more.ravel()), expected(usual))
    assert list(found.index) == ["working", "night", "weekend", "holiday"]
    assert found.loc["night", "excess"] == pytest.approx(20 * 5.0)
    assert found.loc["weekend", "excess"] == pytest.approx(8 * 5.0)
    assert found.loc["working", "excess"] == pytest.approx(0.0)
    assert found["hours"].sum() == 28 * 24


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=48, max_size=48))
def test_classes_add_up_to_what_is_known(values: list[float]) -> None:
    use = np.array(values)
    found = excess_by_class(series(use), expected(np.full(48, 3.0)))
    known = use[np.isfinite(use)]
    assert found["hours"].sum() == len(known)
    assert found["hours"].sum() + found["unknown_hours"].sum() == 48
    assert found["excess"].sum() == pytest.approx((known - 3.0).sum(), abs=1e-6)
    assert found["use"].sum() - found["expected"].sum() == pytest.approx(
        found["excess"].sum(), abs=1e-6
    )


def test_days_and_nothing_have_no_classes() -> None:
    hourly = series(np.ones(24))
    empty = UseSeries("A", "water_m3", "m³", ZONE, "CN", Interval.HOUR, hourly.frame.iloc[:0])
    daily = UseSeries("A", "water_m3", "m³", ZONE, "CN", Interval.DAY, hourly.frame)
    nothing = pd.DataFrame({"expected": []}, index=hourly.frame.index[:0])
    assert excess_by_class(empty, nothing)["hours"].sum() == 0
    assert excess_by_class(daily, expected(np.ones(24)))["hours"].sum() == 0
