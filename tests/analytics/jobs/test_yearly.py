"""When the yearly accounts are drawn up."""

from datetime import date, datetime, timedelta

import pyarrow.compute as pc
import pytest

from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key, empty_grid, hour_starts
from analytics.jobs.yearly import YearlyAccounts, midnights
from analytics.totals.rollup import day_edges
from analytics.totals.tree import Tree
from analytics.yearly.yardsticks import NOTHING_DECIDED, Decided
from quotawatt.assigned.values import AssignedTarget, Decision
from quotawatt.readings import Grain
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import Span, local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import IMPORT, SHANGHAI, register

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


def used_a_day(kwh: float, *buildings: str) -> Grid:
    """Electricity of the ten days before the midnight."""
    keys = [Key(building, IMPORT) for building in buildings]
    grid = empty_grid(keys, day_edges(Span(MIDNIGHT - 10 * DAY, MIDNIGHT), SHANGHAI)[:-1])
    grid.value[:], grid.coverage[:] = kwh, 1.0
    return grid


def test_only_what_may_have_changed_is_drawn_up_again() -> None:
    store = MemorySeriesStore()
    store.write_results(Grain.DAY, used_a_day(100, "BLD-1", "BLD-2").results())
    tree = Tree(Wiring(register(buildings=2)), SHANGHAI)
    accounts = YearlyAccounts(store, tree, load_rulebook())
    first, found = accounts.draw_up(MIDNIGHT)
    assert {s.split("/")[0] for s in first["subject"].to_pylist()} == {"BLD-1", "BLD-2"}
    again, found_again = accounts.draw_up(MIDNIGHT)
    assert (len(again), found_again) == (0, found)
    accounts.note(SHANGHAI, used_a_day(250, "BLD-2"))
    changed, found_then = accounts.draw_up(MIDNIGHT)
    assert {s.split("/")[0] for s in changed["subject"].to_pylist()} == {"BLD-2"}
    used = pc.field("measure") == "quota_used_kwh"
    assert set(changed.filter(used)["value"].to_pylist()) == {2500.0}
    assert found_then == found
    # Another day rests on the same use, and is drawn up whole.
    assert len(accounts.draw_up(MIDNIGHT + DAY)[0]) == len(first)


def test_it_goes_on_after_what_is_durable(accounts: YearlyAccounts) -> None:
    accounts.draw_up(MIDNIGHT + HOUR)
    assert accounts.last_midnight == MIDNIGHT
    accounts.resume(MIDNIGHT - DAY)
    assert accounts.due(MIDNIGHT + HOUR, None) == [MIDNIGHT, MIDNIGHT + HOUR]


def test_midnights_hold_both_ends() -> None:
    assert midnights(Span(MIDNIGHT, MIDNIGHT + DAY), SHANGHAI) == [MIDNIGHT, MIDNIGHT + DAY]
    assert midnights(Span(MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR), SHANGHAI) == []


def test_days_that_nobody_summed_up_are_summed_up_from_hours() -> None:
    by_days, by_hours = MemorySeriesStore(), MemorySeriesStore()
    by_days.write_results(Grain.DAY, used_a_day(48, "BLD-1").results())
    hours = empty_grid([Key("BLD-1", IMPORT)], hour_starts(Span(MIDNIGHT - 10 * DAY, MIDNIGHT)))
    hours.value[:], hours.coverage[:] = 2.0, 1.0
    by_hours.write_results(Grain.HOUR, hours.results())
    tree = Tree(Wiring(register(buildings=1)), SHANGHAI)
    drawn = [
        YearlyAccounts(store, tree, load_rulebook()).draw_up(MIDNIGHT)
        for store in (by_days, by_hours)
    ]
    assert drawn[0][0].num_rows > 0
    assert drawn[0][0].equals(drawn[1][0])


def test_what_authorities_decide_draws_all_up_again() -> None:
    store, decided = MemorySeriesStore(), [NOTHING_DECIDED]
    store.write_results(Grain.DAY, used_a_day(100, "BLD-1").results())
    tree = Tree(Wiring(register(buildings=1)), SHANGHAI)
    accounts = YearlyAccounts(store, tree, load_rulebook(), lambda year: decided[0])
    assert len(accounts.draw_up(MIDNIGHT)[0]) > 0
    assert len(accounts.draw_up(MIDNIGHT)[0]) == 0
    day = date(2023, 1, 1)
    decision = Decision("鲁机管〔2023〕1 号", day, "", "", "officer", MIDNIGHT)
    target = AssignedTarget(
        "BLD-1", "electricity_kwh_per_m2", 2023, 90.0, "ORG", "region", 1, day, False, decision
    )
    decided[0] = Decided([target])
    assert len(accounts.draw_up(MIDNIGHT)[0]) > 0
