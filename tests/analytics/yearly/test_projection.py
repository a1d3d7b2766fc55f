"""What a year's account will come to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.yearly.projection import project_year

NAN = np.nan


def days(*runs: tuple[int, float]) -> np.ndarray:
    """One series: ``(count, value)`` after each other."""
    return np.concatenate([np.full(count, value, dtype=float) for count, value in runs])[None, :]


UNKNOWN = days((365, NAN))


def test_last_years_rest_times_the_shrunk_ratio() -> None:
    # 60 days at 12 against 10: ratio 1.2, weight 60 / (60 + 60) = 0.5, so 1.1.
    # 60 * 12 + 305 * 10 * 1.1 = 720 + 3355 = 4075
    assert project_year(days((60, 12), (305, NAN)), days((365, 10)), 60)[0] == pytest.approx(4075)


def test_the_rest_keeps_last_years_season() -> None:
    # As last year to date; the rest of last year is 200 days at 1 and 65 at 30: 200 + 1950.
    last = days((100, 20), (200, 1), (65, 30))
    assert project_year(days((100, 20), (265, NAN)), last, 100)[0] == pytest.approx(2000 + 2150)


def test_on_the_first_day_it_is_last_years_total() -> None:
    assert project_year(UNKNOWN, days((365, 10)), 0)[0] == pytest.approx(3650)


def test_without_last_year_it_says_nothing_before_ninety_days() -> None:
    assert np.isnan(project_year(days((89, 10), (276, NAN)), UNKNOWN, 89)[0])


def test_without_last_year_it_is_pro_rata_after_ninety_days() -> None:
    # 90 * 10 + 275 * 10
    assert project_year(days((90, 10), (275, NAN)), UNKNOWN, 90)[0] == pytest.approx(3650)


def test_days_not_known_are_not_zero() -> None:
    # 100 known days at 10 of 120: the mean day is 10, not 8.3; the 20 days themselves add nothing.
    projected = project_year(days((100, 10), (265, NAN)), UNKNOWN, 120)
    assert projected[0] == pytest.approx(100 * 10 + 245 * 10)


def test_too_little_of_last_year_is_no_pattern() -> None:
    last = days((291, 10), (74, NAN))  # 291 / 365 = 79.7 %
    assert np.isnan(project_year(days((30, 10), (335, NAN)), last, 30)[0])


def test_a_year_that_is_over_is_its_own_total() -> None:
    assert project_year(days((365, 2)), UNKNOWN, 365)[0] == pytest.approx(730)


def test_nothing_used_last_year_to_date_leaves_the_pattern_alone() -> None:
    # Ratio unknown, taken as 1: 10 * 5 + 355 days of which 100 at 3.
    last = days((265, 0), (100, 3))
    assert project_year(days((10, 5), (355, NAN)), last, 10)[0] == pytest.approx(50 + 300)


def test_years_far_apart_do_not_compare() -> None:
    # The building stood empty until July last year. By April 100 days at 10 against 0.01: no ratio, so
    # the mean day of this year: 100 * 10 + 265 * 10.
    last = days((181, 0.01), (184, 10))
    assert project_year(days((100, 10), (265, NAN)), last, 100)[0] == pytest.approx(3650)
    # In January it is too early for that: last year's rest stands, 151 * 0.01 + 1840.
    early = project_year(days((30, 10), (335, NAN)), last, 30)
    assert early[0] == pytest.approx(300 + 1.51 + 1840)


def test_a_factor_of_five_still_compares() -> None:
    # Weight 100 / 160 = 0.625: 1 + 0.625 * 4 = 3.5; 100 * 5 + 265 * 1 * 3.5.
    projected = project_year(days((100, 5), (265, NAN)), days((365, 1)), 100)
    assert projected[0] == pytest.approx(500 + 927.5)


def test_the_last_day_of_a_leap_year_is_that_of_last_year() -> None:
    # 365 days at 10 as last year; the 366th is like 31 December.
    last = days((364, 10), (1, 7))
    this = days((364, 10), (1, 7), (1, NAN))
    assert project_year(this, last, 365)[0] == pytest.approx(3647 + 7)


def test_days_after_today_are_not_looked_at() -> None:
    known = project_year(days((60, 12), (305, NAN)), days((365, 10)), 60)
    ahead = project_year(days((60, 12), (305, 999)), days((365, 10)), 60)
    assert known == pytest.approx(ahead)


AMOUNTS = st.floats(0, 1e6, allow_nan=False)


@given(
    this=arrays(float, (3, 365), elements=AMOUNTS),
    last=arrays(float, (3, 365), elements=AMOUNTS),
    over=st.integers(0, 365),
)
def test_never_less_than_what_is_used_and_scales_with_the_unit(
    this: np.ndarray, last: np.ndarray, over: int
) -> None:
    projected = project_year(this, last, over)
    assert (projected >= this[:, :over].sum(axis=1) * (1 - 1e-12)).all()
    np.testing.assert_allclose(
        project_year(this * 1024, last * 1024, over), projected * 1024, rtol=1e-9
    )


@given(last=arrays(float, (1, 365), elements=AMOUNTS), over=st.integers(0, 365))
def test_a_year_like_the_last_comes_to_the_same(last: np.ndarray, over: int) -> None:
    np.testing.assert_allclose(project_year(last, last, over), last.sum(axis=1), rtol=1e-9)


@given(
    this=arrays(float, (4, 365), elements=AMOUNTS),
    last=arrays(float, (4, 365), elements=AMOUNTS),
    over=st.integers(0, 365),
)
def test_series_do_not_touch_each_other(this: np.ndarray, last: np.ndarray, over: int) -> None:
    together = project_year(this, last, over)
    alone = [project_year(this[i : i + 1], last[i : i + 1], over)[0] for i in range(4)]
    np.testing.assert_allclose(together, alone, rtol=1e-12)
