"""Periods by name, the one before, the last and the next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.assessment.periods import Kind, last_of, next_of, parse_period
from quotawatt.errors import InputError

DAYS = st.dates(date(1995, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("written", "first", "until", "kind"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1), Kind.YEAR),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1), Kind.QUARTER),
        ("2024-Q4", date(2024, 10, 1), date(2025, 1, 1), Kind.QUARTER),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), Kind.MONTH),
        ("R2024-03", date(2023, 4, 1), date(2024, 4, 1), Kind.ROLLING),
        ("R2023-12", date(2023, 1, 1), date(2024, 1, 1), Kind.ROLLING),
    ],
)
def test_a_name_says_its_days(written: str, first: date, until: date, kind: Kind) -> None:
    period = parse_period(written)
    assert (period.first, period.until, period.kind) == (first, until, kind)
    assert period.of_a_year == (kind in (Kind.YEAR, Kind.ROLLING))


@pytest.mark.parametrize(
    "written", ["", "24", "2024-13", "2024-00", "2024-Q5", "R2024", "R2024-Q1", "1990", "2199"]
)
def test_what_is_no_period_is_refused_with_the_rule(written: str) -> None:
    with pytest.raises(InputError, match=r"(a period|twelve months) must .*, got "):
        parse_period(written)


def test_the_same_days_a_year_before() -> None:
    # February of a leap year has its 29th; a year before there is none.
    february = parse_period("2024-02")
    assert (february.days, february.before.days) == (29, 28)
    assert february.before.until == date(2023, 3, 1)
    cut = parse_period("2024").cut(date(2024, 2, 29))
    assert (cut.before.first, cut.before.until) == (date(2023, 1, 1), date(2023, 3, 1))


def test_a_period_that_lasts_is_cut_and_one_to_come_is_refused() -> None:
    march = parse_period("2024-03")
    assert march.cut(date(2024, 3, 10)).days == 9
    assert march.cut(date(2024, 6, 1)) == march
    with pytest.raises(InputError, match="must have begun"):
        march.cut(date(2024, 3, 1))


@given(day=DAYS, kind=st.sampled_from(Kind))
def test_the_last_is_over_and_the_next_follows_it(day: date, kind: Kind) -> None:
    last = last_of(kind, day)
    assert last.until <= day
    following = next_of(last)
    assert following.until > day
    assert parse_period(last.name) == last
    gap = following.until - last.until if kind is Kind.ROLLING else following.first - last.until
    assert timedelta(0) <= gap <= timedelta(days=31)
    if kind is not Kind.ROLLING:
        assert following.first == last.until
