"""What is charged by the month on the days of a year."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.money.budgets import with_monthly

NAN = float("nan")


def test_a_months_charge_lies_on_its_known_days_that_are_over() -> None:
    daily = np.full((2, 365), NAN)
    daily[0, :31] = 10.0
    daily[0, 3] = NAN
    monthly = np.full((2, 12), NAN)
    monthly[:, 0], monthly[:, 1] = 300.0, 56.0
    found = with_monthly(daily, monthly, 2023, 45)
    # January: 300 over the 30 known days is 10 a day; the second row knows none, so 300 over 31.
    assert found[0, 0] == pytest.approx(20.0)
    assert np.isnan(found[0, 3])
    assert found[1, 3] == pytest.approx(300 / 31)
    # February: 14 of its days are over, 4 CNY each; of later days nothing is known.
    assert found[0, 44] == pytest.approx(4.0)
    assert np.isnan(found[0, 45:]).all()


@given(st.lists(st.booleans(), min_size=365, max_size=365), st.integers(1, 365))
def test_the_sum_is_exact(known: list[bool], days: int) -> None:
    daily = np.where(known, 1.0, NAN)[np.newaxis]
    daily[:, days:] = NAN
    monthly = np.arange(1.0, 13.0)[np.newaxis]
    begun = sum(
        (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)[m] < days for m in range(12)
    )
    found = with_monthly(daily, monthly, 2023, days)
    assert np.nansum(found) == pytest.approx(np.nansum(daily) + monthly[0, :begun].sum())
