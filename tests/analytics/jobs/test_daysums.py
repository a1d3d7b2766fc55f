"""Days summed up from hours in the store."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from analytics.grid import Key, empty_grid, hour_starts
from analytics.jobs.daysums import day_sums
from quotawatt.readings import Grain
from quotawatt.spans import HOUR, Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.analytics.builders import day_span

LONDON = ZoneInfo("Europe/London")
DAYS = [day_span(date(2025, 3, day), LONDON) for day in (29, 30, 31)]


def store_of(span: Span) -> MemorySeriesStore:
    grid = empty_grid([Key("B-1", "gas_m3")], hour_starts(span))
    grid.value[:], grid.coverage[:] = 2.0, 1.0
    store = MemorySeriesStore()
    store.write_results(Grain.HOUR, grid.results())
    return store


def test_local_days_with_the_hour_that_the_clock_skips() -> None:
    store = store_of(Span(DAYS[0].start, DAYS[2].end - 12 * HOUR))
    found = [t.to_pylist()[0] for t in day_sums(store, ["B-1"], ["gas_m3"], DAYS)]
    assert [row["value"] for row in found] == [48, 46, 24]
    assert [row["coverage"] for row in found] == pytest.approx([1, 1, 0.5])
    assert [row["start"] for row in found] == [day.start for day in DAYS]


def test_where_there_are_no_hours_there_are_no_days() -> None:
    store = store_of(Span(DAYS[0].start, DAYS[0].end))
    assert list(day_sums(store, ["B-1"], ["gas_m3"], DAYS[1:])) == []
    assert list(day_sums(store, ["B-2"], ["gas_m3"], DAYS)) == []
