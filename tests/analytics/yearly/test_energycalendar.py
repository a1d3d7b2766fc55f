"""The energy calendar: colours, unknown days, and months."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.yearly.energycalendar import AccountDays, Colour, calendar_days, month_lines
from quotawatt.errors import InputError

UNKNOWN = np.full(365, np.nan)


def account(*used: float) -> AccountDays:
    """365 for 2025, 1 a day; the first days used so much, the others are still to come."""
    days = UNKNOWN.copy()
    days[: len(used)] = used
    shares, expected = np.full(365, 1 / 365), np.full(365, 2.0)
    return AccountDays(date(2025, 1, 1), 365.0, shares, days, expected, len(used))


def test_a_day_has_the_colour_of_its_use_beside_its_budget() -> None:
    days = calendar_days(account(1.0, 1.1, 1.2, np.nan))
    colours = [day.colour for day in days[:5]]
    assert colours == [Colour.GREEN, Colour.AMBER, Colour.RED, Colour.UNKNOWN, Colour.AHEAD]
    assert len(days) == 365
    assert days[3].used is None
    assert (days[0].day, days[0].working) == (date(2025, 1, 1), False)
    assert (days[1].working, days[1].announced) == (True, True)


def test_a_year_whose_calendar_is_not_announced_says_so() -> None:
    # chinesecalendar has the announcements up to 2026.
    assert not any(
        day.announced for day in calendar_days(replace(account(), first=date(2039, 1, 1)))
    )


def test_months_by_hand() -> None:
    # 31 days of January at 1.5 and four of February at 0.5; the rest is expected at 2 a day.
    months = month_lines(account(*[1.5] * 31, *[0.5] * 4))
    january, february, march = months[:3]
    assert (january.budget, january.used, january.difference) == pytest.approx((31, 46.5, 15.5))
    assert january.projected == pytest.approx(46.5)
    assert (february.days, february.budget_to_date, february.used) == pytest.approx((4, 4, 2))
    assert february.projected == pytest.approx(2 + 24 * 2)
    assert (march.days, march.known_days, march.used) == (0, 0, None)
    assert (january.month, january.known_days) == (date(2025, 1, 1), 31)
    assert sum(month.budget for month in months) == pytest.approx(365)


def test_a_month_without_a_known_day_has_no_use_and_is_not_behind() -> None:
    months = month_lines(account(*[1.5] * 31, *[np.nan] * 28, np.nan, 1.0))
    february, march = months[1:3]
    assert (february.days, february.known_days) == (28, 0)
    assert february.budget_to_date == pytest.approx(28)
    assert (february.used, february.difference, february.projected) == (None, None, None)
    assert (march.days, march.known_days, march.used) == (2, 1, 1.0)


def test_what_is_not_expected_is_not_projected() -> None:
    months = month_lines(replace(account(1.0), expected=UNKNOWN))
    assert months[0].projected is None


def test_a_heating_season_has_its_own_months() -> None:
    # 15 November to 15 March: 121 days, the first month has 16 of them.
    season = AccountDays(
        date(2024, 11, 15), 121.0, np.full(121, 1 / 121), np.ones(121), np.ones(121), 121
    )
    months = month_lines(season)
    assert [line.month.month for line in months] == [11, 12, 1, 2, 3]
    assert (months[0].days, months[0].budget) == (16, pytest.approx(16.0))


def test_days_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="the days of an account must be alike"):
        replace(account(), used=np.ones(366))
    with pytest.raises(InputError, match=r"got .* and 366"):
        replace(account(), complete_days=366)
