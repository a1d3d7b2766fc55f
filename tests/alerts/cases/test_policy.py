"""Dates of cases, in working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cases.policy import after_working_days, due_on, policy_of
from quotawatt.calendars import is_working_day
from quotawatt.errors import InputError
from quotawatt.rulebook.alert_rules import CasePolicy
from tests.alerts.cases.scene import NOW, context_at

DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


@given(day=DAYS, count=st.integers(0, 40))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    end = after_working_days(day, count)
    between = [day + timedelta(days=n + 1) for n in range((end - day).days)]
    assert sum(is_working_day(d) for d in between) == count
    assert count == 0 or is_working_day(end)


def test_a_bridge_day_that_is_worked_counts() -> None:
    # Sunday 25 June 2023 was worked for the Dragon Boat holiday of 22 to 24 June.
    assert after_working_days(date(2023, 6, 21), 1) == date(2023, 6, 25)


@pytest.mark.parametrize("count", [-1, 251])
def test_counts_that_are_none(count: int) -> None:
    with pytest.raises(InputError, match=f"must be 0 to 250, got {count}"):
        after_working_days(date(2023, 6, 5), count)


def test_the_day_is_that_of_the_assets_place() -> None:
    late = NOW.replace(hour=17)  # one o'clock in the morning of the 6th in Shanghai
    policy = CasePolicy(due_working_days=1)
    assert due_on(policy, context_at(late), "MTR-1", late) == date(2023, 6, 7)
    assert due_on(policy, context_at(late), "VEH-1", late) == date(2023, 6, 7)
    assert due_on(CasePolicy(due_working_days=None), context_at(late), "MTR-1", late) is None


def test_an_unknown_rule_has_the_usual_policy() -> None:
    assert policy_of(context_at(NOW), "finding:meter_silent") == CasePolicy()
