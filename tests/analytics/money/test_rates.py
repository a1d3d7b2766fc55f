"""Prices by the hour: seasons, kinds of day, windows that cut an hour, daylight saving, agent prices."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.grid import hour_starts
from analytics.money.rates import PriceBook, Rates
from quotawatt.rulebook.loader import PackText, load_rulebook
from quotawatt.rulebook.tariffs import PERIODS
from quotawatt.spans import Span, local_midnight
from tests.analytics.money.packs import PACK, SHANGHAI


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return PriceBook(load_rulebook(texts=[PackText("test.yaml", PACK.encode())]))


def rates_of(
    book: PriceBook, tariff: str, first: date, until: date, zone: ZoneInfo = SHANGHAI
) -> Rates:
    span = Span(local_midnight(first, zone), local_midnight(until, zone))
    return book.rates(tariff, zone, hour_starts(span))


def test_seasons_and_kinds_of_day_have_their_own_windows(book: PriceBook) -> None:
    # 2024-05-10 is a Friday, 11 May a Saturday that is worked, 12 May a Sunday, 1 May a holiday.
    at_ten = {
        day: rates_of(book, "test-tou", day, date(2024, 5, day.day + 1)).total[10]
        for day in (date(2024, 5, 10), date(2024, 5, 11), date(2024, 5, 12), date(2024, 5, 1))
    }
    # Working: 10 h is peak, 0.5 * 1.5 + 0.1; else flat, 0.5 + 0.1.
    assert list(at_ten.values()) == pytest.approx([0.85, 0.85, 0.6, 0.6])
    # In summer the same hour is valley: 0.5 * 0.4 + 0.1.
    summer = rates_of(book, "test-tou", date(2024, 7, 10), date(2024, 7, 11))
    assert summer.total[10] == pytest.approx(0.3)


def test_an_hour_that_a_window_cuts_costs_the_mean_of_its_minutes(book: PriceBook) -> None:
    rates = rates_of(book, "test-tou", date(2024, 5, 10), date(2024, 5, 11))
    # 08:30-11:30 is peak: of the hour from 8 half is flat (0.6), half peak (0.85).
    assert rates.total[8] == pytest.approx((0.6 + 0.85) / 2)
    peak, flat = PERIODS.index("peak"), PERIODS.index("flat")
    assert rates.shares[[peak, flat], 8].tolist() == [0.5, 0.5]
    assert rates.shares.sum(axis=0) == pytest.approx(np.ones(24))


def test_days_of_daylight_saving_have_each_of_their_hours_priced_once(book: PriceBook) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for first, until, hours in (
        (date(2024, 3, 31), date(2024, 4, 1), 23),
        (date(2024, 10, 27), date(2024, 10, 28), 25),
    ):
        rates = rates_of(book, "test-tou", first, until, berlin)
        assert rates.shares.sum(axis=0) == pytest.approx(np.ones(hours))


def test_a_month_without_its_agent_price_has_no_price(book: PriceBook) -> None:
    rates = rates_of(book, "test-agent", date(2024, 1, 31), date(2024, 2, 2))
    assert rates.total[:24] == pytest.approx(np.full(24, 0.41 + 0.2))
    assert np.isnan(rates.total[24:]).all()


def test_versions_hold_from_their_day_and_before_the_first_there_is_no_price(
    book: PriceBook,
) -> None:
    rates = rates_of(book, "test-gas", date(2022, 12, 31), date(2023, 1, 2))
    assert np.isnan(rates.total[:24]).all()
    assert rates.total[24:] == pytest.approx(np.full(24, 3.0))
    later = rates_of(book, "test-gas", date(2024, 5, 31), date(2024, 6, 2))
    assert later.total[[0, 24]] == pytest.approx([3.0, 3.3])


def test_export_is_a_credit(book: PriceBook) -> None:
    rates = rates_of(book, "demo-export", date(2024, 1, 1), date(2024, 1, 2))
    assert rates.total == pytest.approx(np.full(24, -0.35))
    assert rates.starts[0] == datetime(2023, 12, 31, 16, tzinfo=UTC).timestamp() * 1e6
