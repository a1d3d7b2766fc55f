"""Who gets what, against figures reckoned by hand; the baseline of custody contracts."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.savings.custody import CustodyRule, custody_baseline
from analytics.savings.option_c import savings_agreed
from analytics.savings.result import Savings
from analytics.savings.settlement import Settlement, settle, worth_of, year_of
from quotawatt.errors import InputError
from quotawatt.performance.values import ContractKind, PerformanceContract, YearTerms
from tests.analytics.savings.synthetic import daily, with_use

FIRST, UNTIL = date(2023, 1, 1), date(2024, 1, 1)
TWO_DAYS = daily(FIRST, date(2023, 1, 3))


def contract(kind: ContractKind, **terms: float) -> PerformanceContract:
    return PerformanceContract(
        1,
        kind,
        "BLD-1",
        "electricity_import_kwh",
        "Lighting",
        "Bureau",
        "Company",
        FIRST,
        date(2025, 1, 1),
        (YearTerms(**terms), YearTerms()),
        agreed_use=36_500.0,
    )


def found(use_a_day: float) -> Savings:
    """A year of 100 kWh a day agreed and so much used."""
    return savings_agreed(with_use(daily(FIRST, UNTIL), np.full(365, use_a_day)), 100.0)


def settled(one: PerformanceContract, use_a_day: float, price: float = 0.5) -> Settlement:
    saved = found(use_a_day)
    return settle(one, FIRST, UNTIL, saved, worth_of(saved, np.full(365, price)))


def test_shared_savings_are_shared() -> None:
    # 20 kWh a day at 0.5: 3,650 CNY, 60 % to the provider.
    one = settled(contract(ContractKind.SHARED, provider_share_pct=60.0), 80.0)
    assert one.provider_cny == pytest.approx(2190)
    assert one.client_cny == pytest.approx(1460)


def test_nobody_shares_what_was_not_saved() -> None:
    one = settled(contract(ContractKind.SHARED, provider_share_pct=60.0), 110.0)
    assert one.provider_cny == 0
    assert one.client_cny == pytest.approx(-1825)


def test_a_shortfall_is_made_up_for() -> None:
    # 10,000 kWh guaranteed, 7,300 saved: 2,700 short at 0.5.
    one = settled(contract(ContractKind.GUARANTEED, guaranteed_use=10_000.0), 80.0)
    assert one.shortfall_use == pytest.approx(2700)
    assert one.compensation_cny == pytest.approx(1350)
    assert one.provider_cny == pytest.approx(-1350)
    assert one.client_cny == pytest.approx(3650 + 1350)


def test_what_lies_above_a_guarantee_is_shared() -> None:
    terms = {"guaranteed_use": 5000.0, "provider_share_pct": 50.0}
    one = settled(contract(ContractKind.GUARANTEED, **terms), 80.0)
    assert one.compensation_cny == 0
    assert one.provider_cny == pytest.approx(0.5 * 2300 * 0.5)


def test_custody_is_fee_against_cost() -> None:
    # 36,500 kWh agreed at 0.5: 18,250 CNY; used 29,200 kWh: 14,600 CNY.
    one = settled(contract(ContractKind.CUSTODY, fee_cny=17_000.0), 80.0)
    assert one.fee_cny == pytest.approx(17_000)
    assert one.provider_cny == pytest.approx(2400)
    assert one.client_cny == pytest.approx(1250)


@settings(max_examples=40)
@given(
    kind=st.sampled_from(ContractKind),
    use=st.floats(1, 300),
    share=st.floats(0, 100),
    guaranteed=st.floats(0, 1e5),
)
def test_both_sides_together_have_the_worth(
    kind: ContractKind, use: float, share: float, guaranteed: float
) -> None:
    terms = {"provider_share_pct": share, "guaranteed_use": guaranteed, "fee_cny": guaranteed / 2}
    until = date(2023, 1, 3)
    saved = savings_agreed(with_use(TWO_DAYS, np.full(2, use)), 100.0)
    worth = worth_of(saved, np.full(2, 0.5))
    one = settle(contract(kind, **terms), FIRST, until, saved, worth)
    assert one.worth is not None
    assert one.provider_cny is not None
    assert one.client_cny is not None
    assert one.provider_cny + one.client_cny == pytest.approx(one.worth.saved, abs=1e-6)


def test_terms_of_part_of_a_year_count_by_its_days() -> None:
    one = contract(ContractKind.CUSTODY, fee_cny=3650.0)
    january = savings_agreed(daily(FIRST, date(2023, 2, 1)), 100.0)
    assert settle(one, FIRST, date(2023, 2, 1), january, None).fee_cny == pytest.approx(310)


def test_without_a_price_no_money_is_made_up() -> None:
    price = np.full(365, 0.5)
    price[7] = np.nan
    saved = found(80.0)
    worth = worth_of(saved, price)
    assert worth is None
    one = settle(contract(ContractKind.SHARED, provider_share_pct=60.0), FIRST, UNTIL, saved, worth)
    assert (one.provider_cny, one.client_cny, one.compensation_cny) == (None, None, None)


def test_days_lie_within_one_year_of_the_contract() -> None:
    one = contract(ContractKind.SHARED)
    assert year_of(one, date(2024, 2, 1), date(2024, 3, 1)) == (one.terms[1], 366)
    with pytest.raises(InputError, match="within one year"):
        year_of(one, date(2023, 12, 1), date(2024, 2, 1))
    with pytest.raises(InputError, match="within the contract"):
        year_of(one, date(2022, 12, 1), date(2023, 2, 1))


@pytest.mark.parametrize(
    ("uses", "use", "rule"),
    [
        ((120.0, 110.0, 95.0), 95.0, CustodyRule.LAST_YEAR),
        ((100.0, 99.0, 98.0), 98.0, CustodyRule.LAST_YEAR),
        ((100.0, 108.0, 101.0), 103.0, CustodyRule.MEAN),
        ((100.0, 130.0, 90.0), None, None),
        ((80.0, 100.0, 120.0), None, None),
    ],
    ids=["falling", "falling a little", "steady", "up and down", "rising"],
)
def test_the_custody_baseline(
    uses: tuple[float, float, float], use: float | None, rule: CustodyRule | None
) -> None:
    given_years = dict(zip((2021, 2022, 2023), uses, strict=True))
    found = custody_baseline("BLD-1", given_years)
    assert (found.use, found.rule) == (use, rule)
    assert (found.finding is None) is (use is not None)


def test_a_custody_baseline_takes_three_years_in_a_row() -> None:
    with pytest.raises(InputError, match="3 in a row"):
        custody_baseline("BLD-1", {2020: 1.0, 2022: 1.0, 2023: 1.0})
    with pytest.raises(InputError, match="above 0"):
        custody_baseline("BLD-1", {2021: 1.0, 2022: 0.0, 2023: 1.0})
