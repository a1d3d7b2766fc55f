"""The excess of a total is that of its parts and the rest, in each class of hours and in money."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.overuse.classes import HourClass
from analytics.overuse.explaining import REST, Explanation, Judged, explain
from analytics.overuse.worth import Worth, prices_of
from tests.analytics.overuse.offices import ZONE, expected, office, series, starts

_HOURS = 72


def some_use(seed: int) -> np.ndarray:
    """Hours of any size, some of them not known."""
    draws = np.random.default_rng(seed)
    use = draws.exponential(10.0 ** draws.integers(0, 5), _HOURS)
    return np.where(draws.random(_HOURS) < draws.choice([0.0, 0.1, 0.9]), np.nan, use)


def judged(values: np.ndarray, usual: np.ndarray, subject: str = "MTR-1") -> Judged:
    return Judged(series(values.ravel(), subject=subject), expected(usual))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 4), st.booleans())
def test_parts_and_rest_add_up(seed: int, priced: bool) -> None:
    total, one, two = (some_use(seed + n) for n in range(3))
    usual = np.full(_HOURS, 100.0)
    prices = np.linspace(0.3, 1.2, _HOURS) if priced else None
    worth = Worth(prices, 0.5, 1e6)
    parts = [judged(one, usual, "MTR-A"), judged(two, usual, "MTR-B")]
    found = explain(judged(total, usual), parts, worth)
    assert {part.subject for part in found.parts} == {"MTR-A", "MTR-B", REST}
    for name in HourClass:
        amounts = [part.classes[name].amount for part in found.parts]
        assert sum(amounts) == pytest.approx(found.classes[name].amount, abs=1e-6)
    assert sum(p.whole.use for p in found.parts) == pytest.approx(found.whole.use, abs=1e-6)
    if priced:
        money = sum(part.whole.cny or 0.0 for part in found.parts)
        assert money == pytest.approx(found.whole.cny, abs=1e-5)
    assert found.whole.hours + found.unknown_hours == _HOURS


def night_of_the_cooling() -> Explanation:
    """An office of 28 days whose air conditioning of 4 kWh an hour ran through one night."""
    whole, cooling = office(28), np.full((28, 24), 4.0)
    more_whole, more_cooling = whole.copy(), cooling.copy()
    more_whole[7, :5] += 8.0
    more_cooling[7, :5] += 8.0
    price = np.full(28 * 24, 0.5)
    return explain(
        judged(more_whole, whole),
        [judged(more_cooling, cooling, "MTR-B")],
        Worth(price, 0.6, 4000.0),
    )


def test_where_and_when_it_arose_and_what_it_is_worth() -> None:
    found = night_of_the_cooling()
    top = found.ranking[0]
    assert (top.subject, top.hour_class) == ("MTR-B", HourClass.NIGHT)
    assert top.excess.amount == pytest.approx(40.0)
    assert top.excess.cny == pytest.approx(20.0)
    assert top.excess.kgco2 == pytest.approx(24.0)
    assert top.excess.quota_share == pytest.approx(0.01)
    assert len(found.ranking) == 1


def test_the_ranking_goes_by_cost_not_by_amount() -> None:
    usual = office(28)
    more = usual.copy()
    more[5, 2], more[5, 12] = usual[5, 2] + 10, usual[5, 12] + 8  # 6 March, a Monday
    price = np.full((28, 24), 0.3)
    price[:, 8:20] = 1.0
    found = explain(judged(more, usual), [], Worth(price.ravel()))
    assert [place.hour_class for place in found.ranking] == [HourClass.WORKING, HourClass.NIGHT]
    assert found.parts == ()


def test_without_prices_factors_and_quota_nothing_is_said_of_them() -> None:
    usual = office(7)
    whole = explain(judged(usual + 1, usual), [], Worth()).whole
    assert (whole.cny, whole.kgco2, whole.quota_share) == (None, None, None)


def test_an_hour_that_a_sub_meter_lacks_is_in_the_rest() -> None:
    usual = np.full((3, 24), 10.0)
    part = usual.copy() + 1
    part[0] = np.nan
    found = explain(judged(usual + 1, usual), [judged(part, usual, "MTR-A")], Worth())
    by_name = {one.subject: one for one in found.parts}
    assert by_name["MTR-A"].unknown_hours == 24
    assert by_name["MTR-A"].whole.amount == pytest.approx(48.0)
    assert by_name[REST].whole.amount == pytest.approx(24.0)


def test_a_year_of_nan_has_no_excess() -> None:
    nothing = np.full(365 * 24, np.nan)
    found = explain(judged(nothing, np.ones(365 * 24)), [], Worth())
    assert (found.whole.hours, found.whole.amount, found.ranking) == (0, 0.0, ())


def test_prices_come_from_what_hours_cost() -> None:
    index = starts(2)
    use, cost = np.ones(48) * 2, np.ones(48)
    use[5], cost[30] = 0.0, np.nan
    found = prices_of(index, use, cost, ZONE)
    assert found is not None
    # What took nothing, or has no cost, has the price of its local hour.
    assert found == pytest.approx(np.full(48, 0.5))
    assert prices_of(index, np.zeros(48), cost, ZONE) is None
