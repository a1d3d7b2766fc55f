"""What would have cost less, worked by hand, and what may never happen to energy."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.grid import hour_starts
from analytics.money.rates import PriceBook
from analytics.money.whatif import basic_choice, hours_between, save, shift
from quotawatt.rulebook.loader import PackText, load_rulebook
from quotawatt.rulebook.tariffs import CapacityCharge
from quotawatt.spans import Span, local_midnight
from tests.analytics.money.packs import PACK, SHANGHAI

BOOK = PriceBook(load_rulebook(texts=[PackText("test.yaml", PACK.encode())]))
WEEK = Span(local_midnight(date(2024, 4, 8), SHANGHAI), local_midnight(date(2024, 4, 15), SHANGHAI))
DAY = Span(WEEK.start, local_midnight(date(2024, 4, 9), SHANGHAI))


def test_shifting_moves_peak_hours_to_the_valley_of_the_day() -> None:
    rates = BOOK.rates("test-tou", SHANGHAI, hour_starts(DAY))
    # 10 kW; 4 kW of 3 h of peak move: 12 kWh, from 0.85 to 0.30 CNY: 6.60 less; spread over 8 h: 1.5 kW more.
    after, effect = shift(rates, np.full(24, 10.0), 4.0, SHANGHAI)
    assert (effect.moved, effect.less_cny) == (pytest.approx(12), pytest.approx(6.6))
    assert after[[0, 9, 12]] == pytest.approx([11.5, 6.0, 10.0])
    assert effect.highest_after_kw == pytest.approx(11.5)
    # What is said of the cost is what the hours after it cost, where no window cuts an hour that was changed.
    assert effect.cost_before_cny - effect.less_cny == pytest.approx(effect.cost_after_cny)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1000))
def test_shifting_conserves_the_energy_of_each_day_and_never_costs_more(
    seed: int, kw: float
) -> None:
    rates = BOOK.rates("test-tou", SHANGHAI, hour_starts(WEEK))
    use = np.random.default_rng(seed).uniform(0, 500, 168)
    after, effect = shift(rates, use, kw, SHANGHAI)
    assert after.reshape(7, 24).sum(axis=1) == pytest.approx(use.reshape(7, 24).sum(axis=1))
    assert (after >= -1e-9).all()
    assert effect.less_cny >= -1e-9
    # At the weekend there is no peak, so nothing moves.
    assert after[120:] == pytest.approx(use[120:])


def test_saving_at_night() -> None:
    rates = BOOK.rates("test-tou", SHANGHAI, hour_starts(DAY))
    night = np.flatnonzero(hours_between(22, 6)).tolist()
    assert night == [0, 1, 2, 3, 4, 5, 22, 23]
    # 20 % of 10 kW in 7 h of valley (0.30) and one of flat (0.60): 2 * (7 * 0.3 + 0.6) = 5.40.
    _, effect = save(rates, np.full(24, 10.0), 20.0, SHANGHAI, night)
    assert (effect.saved, effect.less_cny) == (pytest.approx(16), pytest.approx(5.4))


def test_basic_charge_by_each_way_of_reckoning() -> None:
    prices = CapacityCharge(28, 42, 1.05, 2)
    # By 200 kVA: 3 * 5600 = 16,800. Highest 80, 90 and 126 kW: 42 * 296 = 12,432. Contracted 100: 100 + 100 +
    # (126 + 21) = 347: 14,574.
    found = basic_choice(prices, [80.0, 90.0, 126.0], 200.0, 100.0)
    assert found.by_capacity_cny == 16800
    assert (found.by_actual_cny, found.by_contracted_cny) == (
        pytest.approx(12432),
        pytest.approx(14574),
    )
    # The best is found among the months' own: at 120 (126 / 1.05) all three are charged 120, 360 in all; at
    # 90 it is 90 + 90 + (126 + 31.5) = 337.5; at 85.71 (90 / 1.05) 85.71 * 2 + 126 + 36 = 333.4; at
    # 80 it is 80 + (90 + 6) + (126 + 42) = 344.
    assert found.best_contracted_kw == pytest.approx(90 / 1.05)
    assert found.best_contracted_cny == pytest.approx(42 * (2 * 90 / 1.05 + 126 + 36))


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=12), st.floats(1, 1200))
def test_no_contracted_demand_is_cheaper_than_the_best(monthly: list[float], other: float) -> None:
    found = basic_choice(CapacityCharge(28, 42, 1.05, 2), monthly, None, other)
    assert found.by_contracted_cny is not None
    assert found.best_contracted_cny <= found.by_contracted_cny + 1e-6
