"""When the yearly accounts are drawn up."""

from datetime import date, datetime, timedelta

import pytest

from analytics.jobs.yearly import YearlyAccounts, midnights
from analytics.points import Wiring
from analytics.tree import Tree
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import SHANGHAI, register

HOUR = timedelta(hours=1)
MIDNIGHT = local_midnight(date(2023, 5, 10), SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def accounts() -> YearlyAccounts:
    return YearlyAccounts(MemorySeriesStore(), Tree(Wiring(register()), SHANGHAI), Rulebook())


def test_first_time_judges_yesterday_and_today(accounts: YearlyAccounts) -> None:
    assert accounts.due(MIDNIGHT + HOUR, None) == [MIDNIGHT, MIDNIGHT + HOUR]
    assert accounts.due(MIDNIGHT, None) == [MIDNIGHT]


@pytest.mark.parametrize(
    ("now", "changed_from", "due"),
    [
        (MIDNIGHT, None, []),
        (MIDNIGHT, MIDNIGHT - HOUR, [MIDNIGHT]),
        (MIDNIGHT + HOUR, None, []),
        (MIDNIGHT + HOUR, MIDNIGHT, [MIDNIGHT + HOUR]),
        (MIDNIGHT + HOUR, MIDNIGHT - HOUR, [MIDNIGHT, MIDNIGHT + HOUR]),
        (MIDNIGHT + DAY, None, [MIDNIGHT + DAY]),
        (
            MIDNIGHT + 2 * DAY + HOUR,
            None,
            [MIDNIGHT + DAY, MIDNIGHT + 2 * DAY, MIDNIGHT + 2 * DAY + HOUR],
        ),
    ],
)
def test_after_that_new_midnights_and_changes(
    accounts: YearlyAccounts, now: datetime, changed_from: datetime | None, due: list[datetime]
) -> None:
    accounts.draw_up(MIDNIGHT)
    assert accounts.due(now, changed_from) == due


def test_daily_use_is_remembered_for_a_year(accounts: YearlyAccounts) -> None:
    assert not accounts.remembers(MIDNIGHT)
    accounts.draw_up(MIDNIGHT)
    assert accounts.remembers(local_midnight(date(2024, 1, 1), SHANGHAI))
    assert not accounts.remembers(local_midnight(date(2024, 1, 2), SHANGHAI))


def test_midnights_hold_both_ends() -> None:
    assert midnights(Span(MIDNIGHT, MIDNIGHT + DAY), SHANGHAI) == [MIDNIGHT, MIDNIGHT + DAY]
    assert midnights(Span(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR), SHANGHAI) == []
