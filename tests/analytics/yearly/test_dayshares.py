"""The model of days: shares that sum to 1, kinds of day and season from history."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.yearly.dayshares import (
    NON_WORKING_WEIGHT,
    Matrix,
    day_shares,
    has_history,
    has_kinds,
    span_shares,
    working_days,
)
from quotawatt.errors import InputError

YEAR = 2025
"""2024, the year before, is a leap year."""

uses = arrays(
    np.float64,
    (2, 366),
    elements=st.one_of(st.just(np.nan), st.floats(-10, 1e9, allow_subnormal=False)),
)


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def flat(working_use: float, other_use: float, year: int) -> Matrix:
    working = working_days(date(year, 1, 1), len(days(year)))
    return np.where(working, working_use, other_use)[None, :]


@given(uses)
def test_shares_are_at_least_nothing_and_sum_to_the_year(history: Matrix) -> None:
    shares = day_shares(history, YEAR)
    assert shares.shape == (2, 365)
    assert (shares >= 0).all()
    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0], rel=1e-12)


@given(uses)
@settings(max_examples=20)
def test_days_of_one_kind_and_week_weigh_alike(history: Matrix) -> None:
    shares = day_shares(history, YEAR)
    working = working_days(date(YEAR, 1, 1), 365)
    weeks = [day.isocalendar()[:2] for day in days(YEAR)]
    for kind in (True, False):
        for week in set(weeks):
            mine = [w == week and k == kind for w, k in zip(weeks, working, strict=True)]
            for row in shares[:, mine]:
                assert row == pytest.approx(row[:1].repeat(len(row)), rel=1e-12)


def test_history_gives_the_kinds_their_ratio() -> None:
    # Last year's working days took 40, the others 10: so 4 to 1 this year, in every week.
    shares = day_shares(flat(40.0, 10.0, YEAR - 1), YEAR)[0]
    working = working_days(date(YEAR, 1, 1), 365)
    # By hand: 2025 has 248 working days and 117 others; 248 × 40 + 117 × 10 = 11,090.
    assert (int(working.sum()), int((~working).sum())) == (248, 117)
    assert shares[working] == pytest.approx(40 / 11_090)
    assert shares[~working] == pytest.approx(10 / 11_090)


def test_a_weekend_that_is_worked_is_a_working_day() -> None:
    # 26 January 2025 was a Sunday that was worked for Spring Festival; 2 February, a Sunday, was not.
    shares = day_shares(flat(40.0, 10.0, YEAR - 1), YEAR)[0]
    assert shares[25] == pytest.approx(4 * shares[32])


def test_season_follows_last_year() -> None:
    use = np.where([d.month in (6, 7, 8) for d in days(YEAR - 1)], 30.0, 10.0)[None, :]
    shares = day_shares(use, YEAR)[0]
    july, march = date(YEAR, 7, 15), date(YEAR, 3, 18)
    place = {day: n for n, day in enumerate(days(YEAR))}
    assert shares[place[july]] == pytest.approx(3 * shares[place[march]])
    # Five weeks around mid-August have only summer days, those around 1 September some of both.
    assert shares[place[march]] < shares[place[date(YEAR, 9, 2)]] < shares[place[july]]


def test_bills_tell_the_season_and_nothing_of_the_kinds() -> None:
    # A bill a month, spread over its days: 620 in January, 280 in February, 310 in each other month.
    bills = {1: 620.0 / 31, 2: 280.0 / 29}
    use = np.array([[bills.get(d.month, 310.0 / 31) for d in days(YEAR - 1)]])
    first = date(YEAR - 1, 1, 1)
    assert not has_kinds(use, first)[0]
    shares = day_shares(use, YEAR)[0]
    place = {day: n for n, day in enumerate(days(YEAR))}
    friday, saturday = (shares[place[date(YEAR, 6, day)]] for day in (20, 21))
    assert friday == pytest.approx(2 * saturday)  # assumed, as where nothing is known
    assert shares[place[date(YEAR, 1, 10)]] > 1.5 * friday
    measured = use * np.where(working_days(first, 366), 1.0, 0.9)
    assert has_kinds(measured, first)[0]
    friday, saturday = (
        day_shares(measured, YEAR)[0][place[date(YEAR, 6, day)]] for day in (20, 21)
    )
    assert saturday == pytest.approx(0.9 * friday)


def test_days_without_use_are_no_bills() -> None:
    use = flat(40.0, 10.0, YEAR - 1)
    use[0, 30:] = 0.0
    assert has_kinds(use, date(YEAR - 1, 1, 1))[0]
    assert has_kinds(np.full((1, 366), np.nan), date(YEAR - 1, 1, 1))[0]


def test_without_history_non_working_days_weigh_half_of_the_others() -> None:
    nothing = np.full((1, 366), np.nan)
    assert not has_history(nothing)[0]
    shares = day_shares(nothing, YEAR)[0]
    working = working_days(date(YEAR, 1, 1), 365)
    # By hand: 248 + 117 / 2 = 306.5 working days' worth.
    assert NON_WORKING_WEIGHT == 0.5
    assert shares[working] == pytest.approx(1 / 306.5)
    assert shares[~working] == pytest.approx(0.5 / 306.5)


def test_few_gaps_are_bridged_and_many_are_no_history() -> None:
    gap = flat(40.0, 10.0, YEAR - 1)
    whole = day_shares(gap, YEAR)
    gap[0, 100:160] = np.nan
    assert day_shares(gap, YEAR) == pytest.approx(whole)
    gap[0, :200] = np.nan
    assert not has_history(gap)[0]
    assert day_shares(gap, YEAR) == pytest.approx(day_shares(np.full((1, 366), np.nan), YEAR))


def test_a_year_without_any_use_is_no_history() -> None:
    nothing = np.zeros((1, 366))
    assert not has_history(nothing)[0]
    assert day_shares(nothing, YEAR)[0].min() > 0


def test_a_leap_year_has_366_shares() -> None:
    shares = day_shares(flat(40.0, 10.0, 2023), 2024)
    assert shares.shape == (1, 366)
    assert shares.sum() == pytest.approx(1.0)


def test_heating_has_its_budget_in_its_season() -> None:
    season = np.array([d < date(YEAR, 3, 16) or d >= date(YEAR, 11, 15) for d in days(YEAR)])
    shares = day_shares(np.full((1, 366), 7.0), YEAR, heating=season)[0]
    working = working_days(date(YEAR, 1, 1), 365)
    assert (shares[~season] == 0).all()
    weight = 1 / (season[working].sum() + season[~working].sum() / 2)
    assert shares[season & working] == pytest.approx(weight)
    assert shares[season & ~working] == pytest.approx(weight / 2)


def test_a_season_across_new_year() -> None:
    # The season before: 15 November 2023 to 15 March 2024, 20 GJ a day until New Year, then 40.
    first = date(2023, 11, 15)
    use = np.array([[20.0] * 47 + [40.0] * 75])
    shares = span_shares(use, first, date(2024, 11, 15), date(2025, 3, 16))[0]
    assert len(shares) == 121
    assert shares.sum() == pytest.approx(1.0)
    assert shares[20] < shares[90]


@pytest.mark.parametrize(
    ("history", "heating"),
    [
        (np.zeros((1, 367)), None),
        (np.zeros((1, 366)), np.zeros(365, dtype=bool)),
        (np.zeros((1, 366)), np.ones(366, dtype=bool)),
    ],
)
def test_days_that_do_not_fit_are_refused(history: Matrix, heating: object) -> None:
    with pytest.raises(InputError, match="must"):
        day_shares(history, YEAR, heating=heating)  # type: ignore[arg-type]
