"""Days of two years in memory."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from analytics.grid import Grid, Key, empty_grid
from analytics.totals.rollup import day_edges
from analytics.yearly.dailycache import DailyCache
from analytics.yearly.dailyuse import DailyUse
from quotawatt.register.model import Register
from quotawatt.spans import DAY, Span, local_midnight

ZONE, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
SPAN = Span(local_midnight(date(2024, 1, 1), ZONE), local_midnight(date(2026, 1, 1), ZONE))
PAIR = ("O-1", "gas_m3")


def used(value: float, first: date, days: int, *subjects: str, zone: ZoneInfo = ZONE) -> Grid:
    span = Span(local_midnight(first, zone), local_midnight(first + days * DAY, zone))
    grid = empty_grid([Key(s, "gas_m3") for s in subjects], day_edges(span, zone)[:-1])
    grid.value[:], grid.coverage[:] = value, 1.0
    return grid


def use_of(cache: DailyCache) -> DailyUse:
    return DailyUse(cache.blocks(), Register(), ZONE)


def test_stored_results_are_found_on_their_days() -> None:
    cache = DailyCache(SPAN, [ZONE])
    cache.place(ZONE, used(3, date(2025, 3, 1), 2, "O-1").results())
    values, coverage = use_of(cache).days([PAIR, ("O-2", "gas_m3")], 2025)
    assert values[0, 59:61].tolist() == [3, 3]
    assert np.isnan(values).sum() == 2 * 365 - 2
    assert coverage.sum() == 2


def test_results_outside_the_span_are_left_out() -> None:
    cache = DailyCache(SPAN, [ZONE])
    cache.place(ZONE, used(3, date(2023, 12, 31), 2, "O-1").results())
    cache.place(ZONE, used(5, date(2026, 1, 1), 2, "O-1").results())
    values, _ = use_of(cache).days([PAIR], 2024)
    assert np.nansum(values) == 3
    cache.update(ZONE, used(7, date(2025, 12, 31), 2, "O-1"))
    values, _ = use_of(cache).days([PAIR], 2025)
    assert np.nansum(values) == 7


def test_newer_days_replace_and_withdraw() -> None:
    cache = DailyCache(SPAN, [ZONE])
    cache.place(ZONE, used(3, date(2025, 3, 1), 3, "O-1").results())
    cache.update(ZONE, used(np.nan, date(2025, 3, 2), 1, "O-1"))
    cache.update(ZONE, used(9, date(2025, 3, 3), 1, "O-1", "O-2"))
    values, _ = use_of(cache).days([PAIR, ("O-2", "gas_m3")], 2025)
    np.testing.assert_array_equal(values[:, 59:62], [[3, np.nan, 9], [np.nan, np.nan, 9]])


def test_zones_stand_side_by_side() -> None:
    cache = DailyCache(SPAN, [ZONE, LONDON])
    cache.place(ZONE, used(3, date(2025, 3, 30), 1, "O-1").results())
    cache.place(LONDON, used(4, date(2025, 3, 30), 1, "B-1", zone=LONDON).results())
    values, _ = use_of(cache).days([PAIR, ("B-1", "gas_m3")], 2025)
    assert values[:, 88].tolist() == [3, 4]


def test_days_of_which_nothing_is_known_by_months() -> None:
    cache = DailyCache(SPAN, [ZONE])
    cache.place(ZONE, used(3, date(2025, 1, 30), 1, "O-1").results())
    within = Span(
        local_midnight(date(2025, 1, 29), ZONE), local_midnight(date(2025, 2, 3), ZONE) - DAY / 2
    )
    months = cache.unknown_days(ZONE, within)
    starts = [[day.start for day in month] for month in months]
    assert starts == [
        [local_midnight(date(2025, 1, d), ZONE) for d in (29, 31)],
        [local_midnight(date(2025, 2, 1), ZONE)],
    ]


def test_many_series_get_their_rows() -> None:
    cache = DailyCache(SPAN, [ZONE])
    for n in range(40):
        cache.place(ZONE, used(n, date(2025, 3, 1), 1, f"O-{n}", f"P-{n}").results())
    values, _ = use_of(cache).days([(f"P-{n}", "gas_m3") for n in range(40)], 2025)
    assert values[:, 59] == pytest.approx(np.arange(40))
