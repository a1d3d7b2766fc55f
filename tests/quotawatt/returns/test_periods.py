"""Years and quarters, their days, months and due dates."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotawatt.errors import InputError
from quotawatt.returns.periods import Period, month_days, parse_period
from tests.quotawatt.returns.forms import form

PERIODS = st.builds(Period, st.integers(2011, 2198), st.integers(0, 4))


@given(PERIODS)
def test_a_period_reads_back_and_is_its_months(period: Period) -> None:
    assert parse_period(str(period)) == period
    spans = [month_days(month) for month in period.months]
    assert spans[0][0] == period.first
    assert spans[-1][1] == period.until == period.last + timedelta(days=1)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(spans))


@given(st.integers(2011, 2198))
def test_the_quarters_are_the_year(year: int) -> None:
    quarters = Period(year).quarters
    assert quarters[0].first == Period(year).first
    assert quarters[3].until == Period(year).until
    assert [m for q in quarters for m in q.months] == list(Period(year).months)


@pytest.mark.parametrize("text", ["", "24", "2024Q1", "2024-Q5", "2024-Q0", "1999", "2024-01"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="a period must be YYYY or YYYY-Qn"):
        parse_period(text)


def test_a_quarter_is_due_after_its_days_a_year_on_its_day() -> None:
    assert Period(2024, 1).due(form()) == date(2024, 4, 15)
    assert Period(2024, 4).due(form()) == date(2025, 1, 15)
    assert Period(2024).due(form()) == date(2025, 3, 31)
    assert Period(2024, 2).year_before == Period(2023, 2)
