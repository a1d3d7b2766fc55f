"""The distribution of year-ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.yearly.projection import YearEnds
from tests.analytics.yearly.projection.days import NAN, days


def ends(used: float, rest: float, scale: float, days_left: int = 10) -> YearEnds:
    each = np.full((1, days_left), rest / days_left)
    return YearEnds(np.array([[used]]), each, np.array([scale]))


def test_the_interval_lies_around_the_median() -> None:
    # Scale 0.1: 9^0.1 = 1.24573; 100 + 50 / 1.24573 = 140.137, 100 + 50 * 1.24573 = 162.287.
    found = ends(100, 50, 0.1)
    assert found.median[0] == pytest.approx(150)
    assert found.low[0] == pytest.approx(140.137, abs=1e-3)
    assert found.high[0] == pytest.approx(162.287, abs=1e-3)


def test_the_ends_of_the_interval_are_passed_in_nine_of_ten_cases_and_in_one() -> None:
    found = ends(100, 50, 0.1)
    assert found.probability_above(found.low)[0] == pytest.approx(0.9)
    assert found.probability_above(found.median)[0] == pytest.approx(0.5)
    assert found.probability_above(found.high)[0] == pytest.approx(0.1)


def test_a_limit_that_is_passed_already_is_passed_for_certain() -> None:
    found = ends(100, 50, 0.1)
    assert found.probability_above(np.array([100.0]))[0] == 1
    assert found.probability_above(np.array([99.0]))[0] == 1


def test_a_year_that_is_over_is_known() -> None:
    over = YearEnds(days((365, 2)), np.empty((1, 0)), np.zeros(1))
    assert over.low[0] == over.median[0] == over.high[0] == 730
    assert over.probability_above(np.array([729.0]))[0] == 1
    assert over.probability_above(np.array([730.0]))[0] == 0  # a value equal to a tier is within it


def test_a_rest_without_doubt_is_over_or_not() -> None:
    found = ends(100, 50, 0.0)
    assert found.probability_above(np.array([149.0]))[0] == 1
    assert found.probability_above(np.array([151.0]))[0] == 0


def test_too_early_to_say_says_nothing() -> None:
    found = ends(100, NAN, NAN)
    assert np.isnan(found.median[0])
    assert np.isnan(found.low[0])
    assert np.isnan(found.probability_above(np.array([120.0]))[0])
    assert np.isnan(found.exhaustion_day(np.array([120.0]))[0])


def test_without_a_limit_there_is_no_probability() -> None:
    assert np.isnan(ends(100, 50, 0.1).probability_above(np.array([NAN]))[0])


def test_the_day_of_exhaustion_is_counted_from_new_year() -> None:
    # 60 days at 10 are 600; then 5 a day: 700 are reached, not passed, on day 80; passed on day 81.
    found = YearEnds(days((60, 10)), days((305, 5)), np.array([0.1]))
    assert found.exhaustion_day(np.array([700.0]))[0] == 81
    assert found.exhaustion_day(np.array([95.0]))[0] == 10  # long since
    assert np.isnan(found.exhaustion_day(np.array([1e6]))[0])


def test_a_limit_passed_already_has_its_day_even_where_the_rest_is_not_known() -> None:
    found = YearEnds(days((60, 10)), days((305, NAN)), np.array([NAN]))
    assert found.exhaustion_day(np.array([95.0]))[0] == 10


def test_exclusions_beyond_the_use_turn_the_interval_round() -> None:
    found = ends(100, -20, 0.1)
    assert found.low[0] < found.median[0] == 80 < found.high[0] < 100
    assert found.probability_above(found.low)[0] == pytest.approx(0.9)
    assert found.probability_above(np.array([101.0]))[0] == 0


@given(
    used=st.floats(0, 1e9),
    rest=st.floats(0, 1e9),
    scale=st.floats(0, 3),
    limits=st.lists(st.floats(0, 1e10), min_size=2, max_size=6),
)
def test_in_order(used: float, rest: float, scale: float, limits: list[float]) -> None:
    found = ends(used, rest, scale)
    assert used <= found.low[0] * (1 + 1e-12)
    assert found.low[0] <= found.median[0] * (1 + 1e-12)
    assert found.median[0] <= found.high[0] * (1 + 1e-12)
    above = [found.probability_above(np.array([limit]))[0] for limit in sorted(limits)]
    assert all(0 <= p <= 1 for p in above)
    assert above == sorted(above, reverse=True)
