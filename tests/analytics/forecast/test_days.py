"""Hours as tables of local days, on days on which the clock is set too."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.forecast.days import clock_hours, day_table, hours_of
from tests.analytics.forecast.given import LONDON, SHANGHAI, cut, office, with_frame


@pytest.mark.parametrize(
    ("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("2024-06-01", 24)]
)
def test_hours_of_a_day(day: str, hours: int) -> None:
    starts = hours_of(date.fromisoformat(day), office(zone=LONDON, country="GB-ENG"))
    assert len(starts) == hours
    assert set(starts.tz_convert(LONDON).date) == {date.fromisoformat(day)}


@given(st.dates(date(2001, 1, 1), date(2037, 1, 1)), st.sampled_from([LONDON, SHANGHAI]))
def test_days_follow_each_other_without_a_gap(day: date, zone: ZoneInfo) -> None:
    series = office(days=2, zone=zone)
    starts, after = hours_of(day, series), hours_of(day + timedelta(days=1), series)
    assert after[0] - starts[-1] == pd.Timedelta("1h")


def test_a_table_has_a_row_a_day_and_knows_when_nobody_works() -> None:
    series = cut(office(), 7)
    use = series.frame["use"]
    table = day_table(series, use, use)
    assert table.use.shape == (7, 24)
    assert table.use.ravel().tolist() == use.tolist()
    # New Year's Day 2024 is a Monday; the 6th and 7th are a weekend.
    assert table.off.tolist() == [True, False, False, False, False, True, True]
    assert table.row(date(2024, 1, 3)) == 2


def test_an_hour_that_is_struck_twice_holds_the_mean_and_one_left_out_nothing() -> None:
    series = office(zone=LONDON, country="GB-ENG")
    ones = pd.Series(np.arange(len(series.frame), dtype=float), index=series.frame.index)
    table = day_table(series, ones, ones)
    spring, autumn = table.row(date(2024, 3, 31)), table.row(date(2024, 10, 27))
    assert np.flatnonzero(np.isnan(table.expected[spring])).tolist() == [1]
    twice = ones[clock_hours(ones.index, series) == 1]
    both = twice[pd.DatetimeIndex(twice.index).tz_convert(LONDON).date == date(2024, 10, 27)]
    assert len(both) == 2
    assert table.expected[autumn, 1] == both.mean()


def test_infinities_are_not_known() -> None:
    series = cut(office(), 2)
    frame = series.frame.copy()
    frame.iloc[3, 0] = np.inf
    table = day_table(with_frame(series, frame), frame["use"], frame["use"])
    assert np.flatnonzero(np.isnan(table.use.ravel())).tolist() == [3]
