"""What a year's account will come to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.yearly.projection import Courses, YearEnds, year_ends
from analytics.yearly.projection.daykinds import WORKING, day_kinds
from quotawatt.errors import InputError
from tests.analytics.yearly.projection.days import NAN, days, with_rest

YEAR = 2025
UNKNOWN = days((365, NAN))


def ends(this: np.ndarray, last: np.ndarray, over: int) -> YearEnds:
    last = with_rest(last, 366) if last.shape[1] < 366 else last
    return year_ends(Courses(with_rest(this), last, YEAR, over))


def even(value: float) -> np.ndarray:
    return days((366, value))


def test_a_year_like_the_last_comes_to_the_same() -> None:
    found = ends(days((100, 10)), even(10), 100)
    assert found.median[0] == pytest.approx(3650)
    assert found.low[0] < 3650 < found.high[0]


def test_on_the_first_day_it_is_last_years() -> None:
    assert ends(days((1, NAN)), even(10), 0).median[0] == pytest.approx(3650)


def test_the_recent_level_counts_more_than_the_year_so_far() -> None:
    # As much as last year until May, then a fifth more: the naive ratio of the years to date on 1 July
    # is (150 * 10 + 31 * 12) / 1810 = 1.034; the rest will rather be like June.
    found = ends(days((150, 10), (31, 12)), even(10), 181)
    naive = 1872 + 184 * 10 * 1872 / 1810
    assert found.median[0] > naive
    assert found.median[0] < 1872 + 184 * 12


def test_it_keeps_last_years_season() -> None:
    # Heating until day 100 and from day 300 on; as last year, so 200 * 1 and 65 * 30 are to come.
    last = days((100, 20), (200, 1), (66, 30))
    found = ends(days((100, 20)), last, 100)
    assert found.median[0] == pytest.approx(2000 + 200 + 65 * 30, rel=0.03)


def test_kinds_of_days_are_this_years_and_not_last_years() -> None:
    # By the State Council's calendar 248 days of 2025 are worked; use 10 on those, 2 on the others.
    last = np.where(day_kinds(2024) == WORKING, 10.0, 2.0)[None, :]
    this = np.where(day_kinds(2025) == WORKING, 10.0, 2.0)[None, :]
    assert (this == 10).sum() == 248
    for over in (59, 181, 334):
        assert ends(this, last, over).median[0] == pytest.approx(this.sum(), rel=0.01)


def test_without_last_year_it_says_nothing_before_ninety_known_days() -> None:
    assert np.isnan(ends(days((89, 10), (30, NAN)), UNKNOWN, 119).median[0])
    assert not np.isnan(ends(days((90, 10), (30, NAN)), UNKNOWN, 120).median[0])


def test_without_last_year_it_is_pro_rata_and_wider() -> None:
    alone = ends(days((120, 10)), UNKNOWN, 120)
    led = ends(days((120, 10)), even(10), 120)
    assert alone.median[0] == pytest.approx(3650)
    assert alone.high[0] - alone.low[0] > 3 * (led.high[0] - led.low[0])


def test_days_not_known_are_not_zero() -> None:
    # 20 of 120 days are not known: the level is not lower, and they themselves add nothing.
    found = ends(days((100, 10), (20, NAN)), even(10), 120)
    assert found.median[0] == pytest.approx(100 * 10 + 245 * 10)


def test_less_than_half_of_last_year_is_no_pattern() -> None:
    last = days((182, 10), (184, NAN))
    assert np.isnan(ends(days((30, 10)), last, 30).median[0])
    assert not np.isnan(ends(days((30, 10)), days((183, 10), (183, NAN)), 30).median[0])


def test_a_meter_that_came_in_last_years_may_is_not_taken_for_an_empty_winter() -> None:
    last = days((140, 0), (226, 10))
    found = ends(days((60, 10)), last, 60)
    assert found.median[0] == pytest.approx(3650, rel=0.01)


def test_a_building_that_stands_mostly_empty_is_followed() -> None:
    # The level of a break counts but for the ordinary difference of two years, which fades.
    found = ends(days((90, 3)), even(10), 90)
    assert found.median[0] == pytest.approx(365 * 3, rel=0.25)


def test_another_unit_since_new_year_is_followed() -> None:
    # A counter that was read in another unit last year: a fortieth.
    found = ends(days((90, 0.25)), even(10), 90)
    assert found.median[0] == pytest.approx(365 * 0.25, rel=0.25)


def test_one_absurd_day_does_not_carry_the_year_away() -> None:
    this = days((50, 10), (1, 500), (49, 10))
    found = ends(this, even(10), 100)
    assert found.median[0] - found.used[0] == pytest.approx(265 * 10, rel=0.06)


def test_a_summer_without_heat_says_nothing_about_winter() -> None:
    last = days((75, 20), (240, 0), (51, 20))
    found = ends(days((75, 20), (200, 0)), last, 275)
    assert found.median[0] == pytest.approx(75 * 20 + 50 * 20, rel=0.1)


def test_the_29th_of_february_and_a_leap_years_last_day() -> None:
    this, last = days((365, 10), (1, NAN)), days((364, 10), (1, 7))
    found = year_ends(Courses(this, last, 2024, 365))
    assert found.rest.shape == (1, 1)
    assert 7 <= found.rest[0, 0] <= 11
    found = year_ends(Courses(this, days((365, 10)), 2024, 59))
    assert found.median[0] == pytest.approx(3660)


def test_what_is_bought_now_and_then_is_used_in_between() -> None:
    # Coal for a month on every 30th day, nothing between: 10 a day.
    lumps = np.zeros((1, 366))
    lumps[0, 15::30] = 300.0
    found = ends(lumps[:, :365], lumps, 181)
    assert found.used[0] == 6 * 300
    assert found.median[0] == pytest.approx(6 * 300 + 184 * 10, rel=0.05)


def test_nothing_used_in_two_years_comes_to_nothing() -> None:
    found = ends(days((100, 0)), even(0), 100)
    assert found.median[0] == found.low[0] == found.high[0] == 0
    assert found.probability_above(np.zeros(1))[0] == 0


def test_the_interval_narrows_with_the_year() -> None:
    rng = np.random.default_rng(6)
    last = 10 * rng.lognormal(0, 0.1, (1, 366))
    this = 10 * rng.lognormal(0, 0.1, (1, 365))
    widths = [
        float((found.high - found.low)[0])
        for found in (ends(this, last, over) for over in (31, 120, 212, 304, 357, 365))
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] == 0


def test_steady_use_is_surer_than_fitful_use() -> None:
    rng = np.random.default_rng(6)
    last = even(10)
    steady = ends(10 * rng.lognormal(0, 0.02, (1, 365)), last, 181)
    weeks = np.repeat(rng.lognormal(0, 0.4, (1, 53)), 7, axis=1)[:, :365]
    fitful = ends(10 * weeks, last, 181)
    assert (fitful.high - fitful.low)[0] > 2 * (steady.high - steady.low)[0]


@pytest.mark.parametrize(
    ("this", "last", "over"),
    [((1, 364), (1, 366), 10), ((1, 365), (1, 365), 10), ((1, 365), (2, 366), 10)],
)
def test_shapes_that_do_not_belong_together(
    this: tuple[int, int], last: tuple[int, int], over: int
) -> None:
    with pytest.raises(InputError, match="must have a row a series and a column a day"):
        Courses(np.zeros(this), np.zeros(last), YEAR, over)


def test_more_days_than_the_year_has() -> None:
    with pytest.raises(InputError, match="complete_days must be from 0 to 365, got 366"):
        Courses(np.zeros((1, 365)), np.zeros((1, 366)), YEAR, 366)


AMOUNTS = st.one_of(st.just(NAN), st.just(0.0), st.floats(1e-6, 1e6))
THIS = arrays(float, (3, 365), elements=AMOUNTS, fill=st.floats(0, 100))
LAST = arrays(float, (3, 366), elements=AMOUNTS, fill=st.floats(0, 100))


@settings(max_examples=40, deadline=None)
@given(this=THIS, last=LAST, over=st.integers(0, 365), seed=st.integers(0, 99))
def test_days_to_come_are_not_looked_at(
    this: np.ndarray, last: np.ndarray, over: int, seed: int
) -> None:
    shuffled = this.copy()
    np.random.default_rng(seed).shuffle(shuffled[:, over:], axis=1)
    one = year_ends(Courses(this, last, YEAR, over))
    other = year_ends(Courses(shuffled, last, YEAR, over))
    np.testing.assert_array_equal(one.median, other.median)
    np.testing.assert_array_equal(one.scale, other.scale)


@settings(max_examples=40, deadline=None)
@given(this=THIS, last=LAST)
def test_a_year_that_is_over_is_its_own_total(this: np.ndarray, last: np.ndarray) -> None:
    found = year_ends(Courses(this, last, YEAR, 365))
    for end in (found.low, found.median, found.high):
        np.testing.assert_array_equal(end, np.nansum(this, axis=1))


@settings(max_examples=40, deadline=None)
@given(this=THIS, last=LAST, over=st.integers(0, 365))
def test_ordered_finite_and_scaled_with_the_unit(
    this: np.ndarray, last: np.ndarray, over: int
) -> None:
    one = year_ends(Courses(this, last, YEAR, over))
    known = ~np.isnan(one.median)
    assert (one.used[known] <= one.low[known] * (1 + 1e-9)).all()
    assert (one.low[known] <= one.median[known] * (1 + 1e-9)).all()
    assert (one.median[known] <= one.high[known] * (1 + 1e-9)).all()
    assert np.isfinite(one.high[known]).all()
    double = year_ends(Courses(this * 2, last * 2, YEAR, over))
    for a, b in ((one.low, double.low), (one.median, double.median), (one.high, double.high)):
        np.testing.assert_allclose(a * 2, b, rtol=1e-6)


@settings(max_examples=20, deadline=None)
@given(this=THIS, last=LAST, over=st.integers(0, 365))
def test_series_do_not_touch_each_other(this: np.ndarray, last: np.ndarray, over: int) -> None:
    together = year_ends(Courses(this, last, YEAR, over))
    for row in range(3):
        alone = year_ends(Courses(this[[row]], last[[row]], YEAR, over))
        np.testing.assert_allclose(together.median[row], alone.median[0], rtol=1e-9)
        np.testing.assert_allclose(together.high[row], alone.high[0], rtol=1e-9)
