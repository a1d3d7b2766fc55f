"""Budgets of a limit: to date, by month, ahead in days, and the allowance that lands on the limit."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.yearly.budgets import (
    Matrix,
    allowance,
    budget_to_date,
    day_shares,
    days_ahead,
    month_budgets,
    month_starts,
    with_months,
    working_days,
)
from quotawatt.errors import InputError

YEAR = 2025
WORKING = working_days(date(YEAR, 1, 1), 365)
EVEN = np.full((1, 365), 1 / 365)
LIMIT = np.array([365.0])

amounts = st.floats(0, 1e9, allow_subnormal=False)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    """Two limits, and shares of their days from a random last year."""
    history = draw(arrays(np.float64, (2, 366), elements=st.floats(0, 1e6, allow_subnormal=False)))
    limits = draw(arrays(np.float64, (2,), elements=st.floats(1, 1e9)))
    return limits, day_shares(history, YEAR)


@given(accounts())
def test_months_sum_to_the_year_and_days_to_months(account: tuple[Matrix, Matrix]) -> None:
    limits, shares = account
    months = month_budgets(limits, shares, YEAR)
    assert months.sum(axis=1) == pytest.approx(limits, rel=1e-9)
    starts = [*month_starts(YEAR), 365]
    for month in range(12):
        days = limits[:, None] * shares[:, starts[month] : starts[month + 1]]
        assert months[:, month] == pytest.approx(days.sum(axis=1), rel=1e-9)


@given(accounts(), st.integers(0, 364), st.floats(0, 1))
def test_allowance_lands_exactly_on_the_limit(
    account: tuple[Matrix, Matrix], over: int, spent: float
) -> None:
    limits, shares = account
    used = limits * spent
    left = allowance(limits, used, shares, over, WORKING)
    rest = WORKING[over:]
    by_kind = (
        np.nan_to_num(left.working_day) * rest.sum()
        + np.nan_to_num(left.non_working_day) * (~rest).sum()
    )
    for n in range(2):
        if shares[n, over:].sum() > 0:
            assert used[n] + by_kind[n] == pytest.approx(limits[n], rel=1e-9)
            assert used[n] + left.per_day[n] * len(rest) == pytest.approx(limits[n], rel=1e-9)
        else:
            assert np.isnan(left.per_day[n])


@given(accounts(), st.integers(0, 365))
def test_whoever_keeps_to_the_budget_is_neither_ahead_nor_behind(
    account: tuple[Matrix, Matrix], over: int
) -> None:
    limits, shares = account
    shares = np.maximum(shares, 1e-6)
    shares = shares / shares.sum(axis=1, keepdims=True)
    used = budget_to_date(limits, shares, over)
    assert days_ahead(limits, used, shares, over) == pytest.approx([0, 0], abs=1e-6)


def test_budget_to_date_by_hand() -> None:
    # One a day: 90 days are 90, and half of the 91st is half of one.
    assert budget_to_date(LIMIT, EVEN, 90) == pytest.approx([90.0])
    assert budget_to_date(LIMIT, EVEN, 90, part=0.5) == pytest.approx([90.5])
    assert budget_to_date(LIMIT, EVEN, 365, part=0.5) == pytest.approx([365.0])


@pytest.mark.parametrize(
    ("used", "ahead"), [(100.0, 10.0), (90.5, 0.5), (60.0, -30.0), (0.0, -90.0), (1000.0, 275.0)]
)
def test_days_ahead_by_hand(used: float, ahead: float) -> None:
    assert days_ahead(LIMIT, np.array([used]), EVEN, 90) == pytest.approx([ahead])


def test_days_ahead_of_an_unknown_use_is_not_known() -> None:
    assert np.isnan(days_ahead(LIMIT, np.array([np.nan]), EVEN, 90)).all()


def test_allowance_by_hand() -> None:
    # 365 for the year, 155 used after 90 days: 210 for 275 days, and each has 210/275 of its budget.
    left = allowance(LIMIT, np.array([155.0]), EVEN, 90, WORKING)
    assert left.per_day == pytest.approx([210 / 275])
    assert left.working_day == pytest.approx([210 / 275])
    assert left.scale == pytest.approx([210 / 275])


def test_nothing_is_left_of_a_limit_that_is_used_up() -> None:
    left = allowance(LIMIT, np.array([400.0]), EVEN, 300, WORKING)
    assert (left.per_day, left.working_day, left.scale) == (0.0, 0.0, 0.0)


def test_no_day_is_left_after_the_year() -> None:
    left = allowance(LIMIT, np.array([300.0]), EVEN, 365, WORKING)
    assert np.isnan([left.per_day, left.working_day, left.non_working_day, left.scale]).all()


@given(
    accounts(),
    arrays(np.float64, (2, 12), elements=st.floats(0, 1e6, allow_subnormal=False)),
)
def test_months_that_are_set_are_the_months(account: tuple[Matrix, Matrix], months: Matrix) -> None:
    limits, shares = account
    months = months + np.eye(12)[:2]
    shaped = with_months(shares, months, YEAR)
    wanted = limits[:, None] * months / months.sum(axis=1, keepdims=True)
    assert month_budgets(limits, shaped, YEAR) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert (shaped >= 0).all()


def test_days_keep_their_pattern_within_a_month_that_is_set() -> None:
    shares = day_shares(np.full((1, 366), np.nan), YEAR)
    shaped = with_months(shares, np.array([[2.0] + [1.0] * 11]), YEAR)
    # January: 2 of 13; its days keep the ratio of their kinds.
    assert shaped[0, :31].sum() == pytest.approx(2 / 13)
    assert shaped[0, 1] / shaped[0, 0] == pytest.approx(shares[0, 1] / shares[0, 0])


def test_a_month_without_any_share_spreads_evenly() -> None:
    shares = np.zeros((1, 365))
    shares[0, :31] = 1 / 31
    shaped = with_months(shares, np.array([[1.0, 1.0] + [0.0] * 10]), YEAR)
    assert shaped[0, 31:59] == pytest.approx(0.5 / 28)


def test_no_row_of_months_leaves_the_shares_alone() -> None:
    assert with_months(EVEN, np.full((1, 12), np.nan), YEAR) == pytest.approx(EVEN)


@pytest.mark.parametrize("months", [[-1.0] + [1.0] * 11, [0.0] * 12])
def test_months_below_zero_or_without_a_sum_are_refused(months: list[float]) -> None:
    with pytest.raises(InputError, match="budgets of months must be 0 or more"):
        with_months(EVEN, np.array([months]), YEAR)
