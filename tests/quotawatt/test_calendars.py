"""Working days of 2023 and 2024 are those that the General Office of the State Council announced."""

from datetime import date, timedelta

import pytest

from quotawatt.calendars import is_working_day, working_calendar_known


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2023-01-01", False),  # Sunday, New Year's Day
        ("2023-01-02", False),  # Monday off for it
        ("2023-01-03", True),
        ("2023-01-28", True),  # Saturday worked for the Spring Festival
        ("2023-01-27", False),
        ("2023-05-06", True),  # Saturday worked for Labour Day
        ("2023-09-29", False),  # Mid-Autumn
        ("2023-10-07", True),  # Saturday worked for the National Day
        ("2023-11-11", False),  # an ordinary Saturday
        ("2024-02-09", True),  # New Year's Eve was a working day in 2024
        ("2024-02-18", True),  # Sunday worked
    ],
)
def test_announced_days(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is working


def test_working_days_of_2023() -> None:
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(365)]
    # 260 weekdays − 18 of them off + 7 weekend days worked = 249 as announced for 2023
    assert sum(is_working_day(d) for d in days) == 249


@pytest.mark.parametrize("year", [2003, 2030])
def test_beyond_the_announcements_weekends_and_fixed_holidays_are_left(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert not any(working_calendar_known(d) for d in days)
    off = {(d.month, d.day) for d in days if d.weekday() < 5 and not is_working_day(d)}
    assert off <= {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    assert not any(is_working_day(d) for d in days if d.weekday() >= 5)


def test_announced_years_are_known() -> None:
    assert working_calendar_known(date(2004, 1, 1))
    assert working_calendar_known(date(2026, 12, 31))


def test_another_country_has_its_weekends_only() -> None:
    assert is_working_day(date(2023, 1, 2), "GB")
    assert not is_working_day(date(2023, 1, 1), "GB")
    assert not working_calendar_known(date(2023, 1, 2), "GB")
