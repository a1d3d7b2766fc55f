"""Working days of 2023 and 2024 are those that the General Office of the State Council announced."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from quotawatt.calendars import (
    AnnouncedYear,
    announce,
    is_weekend,
    is_working_day,
    kept,
    require_country,
    working_calendar_known,
)
from quotawatt.errors import InputError


@pytest.fixture
def _nothing_announced() -> Iterator[None]:
    announce([])
    yield
    announce([])


def _weekdays_off(year: int, country: str = "CN") -> set[str]:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [d for d in days if not is_weekend(d, country) and not is_working_day(d, country)]
    return {f"{day:%m-%d}" for day in off}


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


def test_beyond_the_announcements_the_law_is_left_lunar_holidays_included() -> None:
    days = [date(2030, 1, 1) + timedelta(days=n) for n in range(365)]
    assert not any(working_calendar_known(d) for d in days)
    # New Year's Day is 3 February 2030, a Sunday: eve to third day are the 2nd to 5th, and two days of a
    # weekend are made up for. Qingming on 5 April, Dragon Boat on 5 June, Mid-Autumn on 12 September.
    spring = {"02-04", "02-05", "02-06", "02-07"}
    moving = {"04-05", "06-05", "09-12"}
    assert (
        _weekdays_off(2030)
        == {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"} | spring | moving
    )
    assert not any(is_working_day(d) for d in days if is_weekend(d))


def test_before_the_law_of_2025_the_eve_of_spring_festival_was_worked() -> None:
    assert not working_calendar_known(date(2003, 1, 31))
    assert is_working_day(date(2003, 1, 31))
    assert not is_working_day(date(2003, 2, 3))


def test_announced_years_are_known() -> None:
    assert working_calendar_known(date(2004, 1, 1))
    assert working_calendar_known(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("country", "off"),
    [
        ("GB-ENG", {"01-02", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"}),
        ("GB", {"01-02", "04-14", "05-01", "05-29", "12-25", "12-26"}),  # in all of its parts
    ],
)
def test_bank_holidays_of_2017(country: str, off: set[str]) -> None:
    assert _weekdays_off(2017, country) == off
    assert working_calendar_known(date(2017, 1, 2), country)


def test_a_country_has_its_own_weekend() -> None:
    friday, sunday = date(2023, 3, 3), date(2023, 3, 5)
    assert not is_working_day(friday, "SA")
    assert is_working_day(sunday, "SA")
    assert is_weekend(friday, "SA")


def test_weekends_worked_elsewhere_too() -> None:
    assert is_working_day(date(2024, 8, 3), "HU")  # a Saturday, worked for 19 August
    assert not is_working_day(date(2024, 8, 19), "HU")


@pytest.mark.parametrize("country", ["ZZ", "GB-XX", "gb", "GBR", "", "Great Britain"])
def test_of_an_unknown_country_weekends_are_left_and_it_is_refused_where_asked_for(
    country: str,
) -> None:
    assert is_working_day(date(2023, 1, 2), country)
    assert not is_working_day(date(2023, 1, 1), country)
    assert not working_calendar_known(date(2023, 1, 2), country)
    with pytest.raises(InputError, match="a country must be an ISO 3166 code"):
        require_country(country)


@pytest.mark.parametrize("country", ["CN", "GB", "GB-ENG", "US-CO"])
def test_countries_that_are_known(country: str) -> None:
    assert require_country(country) == country


@pytest.mark.usefixtures("_nothing_announced")
def test_a_year_that_is_announced_counts_at_once_and_until_it_is_taken_back() -> None:
    worked, off = date(2030, 2, 9), date(2030, 2, 8)
    asked: list[date] = []

    @kept(maxsize=8)
    def answer(day: date) -> bool:
        asked.append(day)
        return is_working_day(day)

    assert (answer(worked), answer(off), answer(off)) == (False, True, True)
    year = AnnouncedYear("CN", 2030, frozenset({off}), frozenset({worked}))
    announce([year])
    assert (answer(worked), answer(off)) == (True, False)
    assert working_calendar_known(worked)
    assert is_working_day(date(2030, 1, 1))  # it says all of the year's days off
    announce([year])
    answer(off)
    assert asked == [worked, off, worked, off]
    announce([])
    assert answer(worked) is False
    assert not working_calendar_known(worked)
