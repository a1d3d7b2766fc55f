"""Lines of a bill, each formula worked by hand, and that the parts are the whole."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.grid import Floats, hour_starts
from analytics.money.bills import Metered, bill_of, billed_demand, fen, power_factor, total_cny
from analytics.money.rates import PriceBook, Rates
from quotawatt.money.bills import BillLine
from quotawatt.money.contracts import SupplyContract
from quotawatt.rulebook.loader import PackText, load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_midnight
from tests.analytics.money.packs import PACK, SHANGHAI

RULEBOOK: Rulebook = load_rulebook(texts=[PackText("test.yaml", PACK.encode())])
BOOK = PriceBook(RULEBOOK)
# 1 to 30 April 2024; 20 working days of 16 h outside the valley.
APRIL = Span(local_midnight(date(2024, 4, 1), SHANGHAI), local_midnight(date(2024, 5, 1), SHANGHAI))
WHOLE = {4: 1.0}


def rates(tariff: str, span: Span = APRIL) -> Rates:
    return BOOK.rates(tariff, SHANGHAI, hour_starts(span))


def lines_of(
    tariff: str, use: Floats | float = 0.0, span: Span = APRIL, **more: Any
) -> dict[tuple[str, str], BillLine]:
    found = rates(tariff, span)
    hours = np.full(len(found.starts), use) if np.isscalar(use) else use
    contract = {k: more.pop(k) for k in ("charge", "capacity_kva", "demand_kw") if k in more}
    table = RULEBOOK.power_factor_tables["power-factor-0.90"] if "power_factor" in more else None
    lines = bill_of(
        SupplyContract(1, "M", "x", tariff, date(2020, 1, 1), **contract),
        RULEBOOK.tariffs[tariff],
        found,
        Metered(**{"use": hours, "months": WHOLE, **more}),
        table,
    )
    return {(line.line, line.period): line for line in lines}


def test_use_is_charged_by_part_and_period() -> None:
    # 10 kW through April 2024: 22 working days (7 April, a Sunday, and 28 April are worked; 4 and 5 are off)
    # with 3 h of peak each: 66 h, 660 kWh at 0.75 = 495; valley 8 h a day: 2400 kWh at 0.2 = 480; the rest of
    # 720 h is flat: 414 h, 4140 kWh at 0.5 = 2070. Funds: 7200 kWh at 0.1 = 720. Together 3765.
    found = lines_of("test-tou", 10.0)
    assert (found["energy", "peak"].amount, found["energy", "peak"].cost_cny) == (660, 495)
    assert (found["energy", "valley"].amount, found["energy", "valley"].cost_cny) == (2400, 480)
    assert (found["energy", "flat"].amount, found["energy", "flat"].cost_cny) == (4140, 2070)
    assert (found["funds", ""].amount, found["funds", ""].cost_cny) == (7200, 720)
    assert found["total", ""].cost_cny == 3765


def test_basic_charge_by_capacity_contracted_and_highest_demand() -> None:
    # 28 * 315 kVA = 8820; contracted 100 kW and met 100: 42 * 100; highest 120: 42 * 120.
    by_capacity = lines_of("test-tou", charge="capacity", capacity_kva=315.0)
    assert by_capacity["capacity", ""].cost_cny == 8820
    contracted = lines_of("test-tou", 104.0, charge="contracted", demand_kw=100.0)
    assert contracted["demand", ""].cost_cny == 4200
    actual = lines_of("test-tou", 120.0, charge="actual")
    assert actual["demand", ""].cost_cny == 5040


def test_demand_up_to_105_percent_is_as_contracted_and_beyond_it_counts_twice() -> None:
    prices = RULEBOOK.tariffs["test-tou"].capacity
    assert prices is not None
    # 105 is the limit of 100; of 120 the 15 beyond it count again: 120 + 15.
    assert [billed_demand(prices, 100, kw) for kw in (60, 105, 120)] == [100, 100, 135]


@pytest.mark.parametrize(
    ("table", "factor", "percent"),
    [
        # Standard 0.90: each hundredth below takes 0.5 % down to 0.70, then 1 %, below 0.65 it takes 2 %;
        # above it 0.15 % are taken off for each, 0.75 % at most.
        ("power-factor-0.90", 0.90, 0.0),
        ("power-factor-0.90", 0.83, 3.5),
        ("power-factor-0.90", 0.68, 12.0),
        ("power-factor-0.90", 0.60, 25.0),
        ("power-factor-0.90", 0.93, -0.45),
        ("power-factor-0.90", 0.99, -0.75),
        ("power-factor-0.85", 0.87, -0.2),
        ("power-factor-0.85", 0.92, -0.8),
        ("power-factor-0.80", 0.75, 2.5),
        ("power-factor-0.80", 0.95, -1.3),
    ],
)
def test_power_factor_adjustment(table: str, factor: float, percent: float) -> None:
    assert RULEBOOK.power_factor_tables[table].percent(factor) == pytest.approx(percent)


def test_the_power_factor_is_charged_of_all_but_the_funds() -> None:
    # 3045 of energy and 28 * 100 kVA = 2800: 5845; 0.83 takes 3.5 %: 204.575, to fen 204.58.
    found = lines_of("test-tou", 10.0, charge="capacity", capacity_kva=100.0, power_factor=0.83)
    assert found["power_factor", ""].cost_cny == 204.58
    assert found["total", ""].cost_cny == pytest.approx(3765 + 2800 + 204.58)
    # 800 kWh and 600 kvarh are 1000 kVAh: 0.80.
    assert power_factor(800, 600) == 0.8
    assert power_factor(0, 0) is None


def test_steps_count_by_what_was_used_before() -> None:
    # Steps above 5000 (+1.5) and 8000 (+3); 4900 were used, 3600 more come: 3000 and 500 in the steps.
    found = lines_of("demo-water", 5.0, used_before=4900.0)
    assert (found["tier", "1"].amount, found["tier", "1"].cost_cny) == (3000, 4500)
    assert (found["tier", "2"].amount, found["tier", "2"].cost_cny) == (500, 1500)
    # 3600 m³ at 3.5 and 1.4.
    assert found["total", ""].cost_cny == 3600 * 4.9 + 6000


def test_heat_by_area_is_an_equal_part_of_each_month_of_the_season() -> None:
    # 28 CNY a m² over five months: of November 5.6, of 2000 m² 11,200; half of it for half the month.
    whole = lines_of("demo-heat-area", area_m2=2000.0, months={11: 1.0})
    assert whole["area", ""].cost_cny == 11200
    half = lines_of("demo-heat-area", area_m2=2000.0, months={10: 1.0, 11: 0.5})
    assert half["area", ""].cost_cny == 5600


def test_a_month_without_price_has_no_line_with_cost_and_no_zero() -> None:
    found = lines_of("test-agent", 1.0)
    assert found["energy", ""].cost_cny is None
    assert found["transmission", ""].cost_cny == 144


@given(st.integers(0, 2**32 - 1), st.integers(1, 719))
def test_parts_are_the_whole_and_time_may_be_cut_anywhere(seed: int, cut: int) -> None:
    use = np.random.default_rng(seed).uniform(0, 500, 720)
    of_april = rates("test-tou")
    whole = float((use * of_april.total).sum())
    by_part = sum(float((use * price).sum()) for price in of_april.price)
    assert by_part == pytest.approx(whole, rel=1e-12)
    pieces = [slice(0, cut), slice(cut, 720)]
    apart = 0.0
    for piece in pieces:
        priced = BOOK.rates("test-tou", SHANGHAI, of_april.starts[piece])
        apart += float((use[piece] * priced.total).sum())
    assert apart == pytest.approx(whole, rel=1e-12)
    # On the bill each of the lines is off by at most half a fen.
    total = lines_of("test-tou", use)["total", ""].cost_cny
    assert total == pytest.approx(whole, abs=0.005 * 4 + 1e-6)


@given(st.integers(0, 2**32 - 1))
def test_moving_use_within_one_period_changes_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    use, found = generator.uniform(0, 500, 720), rates("test-tou")
    uncut = np.flatnonzero(found.shares.max(axis=0) == 1)
    period = found.shares.argmax(axis=0)
    one = int(generator.choice(uncut))
    other = int(generator.choice(uncut[period[uncut] == period[one]]))
    moved = use.copy()
    moved[one], moved[other] = 0.0, use[one] + (use[other] if other != one else 0.0)
    before, after = lines_of("test-tou", use), lines_of("test-tou", moved)
    assert before["total", ""].cost_cny == pytest.approx(after["total", ""].cost_cny, abs=0.02)


def test_fen_are_rounded_half_up_and_totals_are_exact() -> None:
    assert [fen(x) for x in (0.005, 2.675, -0.005)] == [0.01, 2.68, -0.01]
    assert total_cny([BillLine("a", cost_cny=0.1), BillLine("b", cost_cny=0.2)]) == 0.3
