"""What of a heating season falls to a calendar year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.yearly.seasons import days_in_year, part_of_year
from quotawatt.rulebook.indicators import Season

SEASON = Season(date(2022, 11, 15), date(2023, 3, 16), regular=True)


def test_a_season_lies_in_two_years() -> None:
    # 47 days of 2022 (16 + 31) and 74 of 2023 (31 + 28 + 15), 121 in all.
    assert [days_in_year(SEASON, year) for year in (2021, 2022, 2023, 2024)] == [0, 47, 74, 0]
    assert part_of_year(SEASON, 1210, 2022) == pytest.approx(470)


@given(
    amount=st.floats(0, 1e9),
    first=st.dates(date(2000, 7, 1), date(2090, 6, 30)),
    n=st.integers(1, 300),
)
def test_the_parts_of_both_years_add_up(amount: float, first: date, n: int) -> None:
    season = Season(first, date.fromordinal(first.toordinal() + n), regular=False)
    parts = [part_of_year(season, amount, year) for year in (first.year, first.year + 1)]
    assert sum(parts) == pytest.approx(amount)
