"""Which hours a touched reading puts in question."""

from datetime import timedelta

from analytics.consumption.cleaning import clean
from analytics.consumption.points import Wiring
from analytics.consumption.windows import (
    CONTEXT,
    TouchedGroup,
    group_touched,
    limited,
    reach_windows,
    unread,
)
from analytics.grid import Key
from quotawatt.readings import SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.touched import Touched
from tests.analytics.builders import FAR, IMPORT, TEMPERATURE, at, binding, reading, register

POINT = Key("MTR-1", IMPORT)
SERIES = SeriesKey("dev", "", IMPORT)


def mark(device: str, hour: float, quantity: str = IMPORT) -> Touched:
    return Touched(device, "", quantity, at(hour))


def test_series_of_one_day_go_together() -> None:
    groups = group_touched([mark("a", 0), mark("a", 5), mark("b", 3), mark("c", 23)])
    assert [tuple(s.device for s in g.series) for g in groups] == [("a", "b", "c")]
    assert groups[0].span == Span(at(0), at(24))


def test_a_late_reading_does_not_pull_in_the_others() -> None:
    groups = group_touched([mark("a", 900), mark("b", 900), mark("late", 3), mark("c", 899)])
    assert [tuple(s.device for s in g.series) for g in groups] == [("late",), ("c", "a", "b")]


def test_a_series_touched_over_weeks_stands_apart() -> None:
    groups = group_touched([mark("a", 0), mark("a", 24 * 20), mark("b", 24 * 20)])
    assert [(g.series[0].device, g.span.hours) for g in groups] == [("a", 481), ("b", 1)]


def test_quantities_without_results_are_left_out() -> None:
    assert group_touched([mark("a", 0, "voltage_v")]) == []


def windows(hours: list[float], touched: Span) -> Span:
    held = clean(readings_table([reading(at(h), h) for h in hours]), FAR)
    found = reach_windows(held, Wiring(register()), TouchedGroup((SERIES,), touched))
    return found[POINT]


def test_reach_goes_to_the_readings_around() -> None:
    # Six hourly readings before the first touched one, six after the last.
    found = windows([float(h) for h in range(30)], Span(at(15), at(16)))
    assert found == Span(at(9), at(21))


def test_reach_spans_an_outage() -> None:
    hours = [*range(10), *range(100, 110)]
    found = windows([float(h) for h in hours], Span(at(102), at(103)))
    assert found == Span(at(6), at(108))


def test_reach_ends_where_the_readings_do() -> None:
    assert windows([1.5, 2.5], Span(at(2), at(3))) == Span(at(1), at(3))


def test_touched_hours_count_even_where_no_reading_is_usable() -> None:
    assert windows([], Span(at(2), at(3))) == Span(at(2), at(3))


def test_gauge_reaches_no_further_than_its_hours() -> None:
    of = register(binding("w", "SITE-1"))
    rows = readings_table([reading(at(h), 5, "w", TEMPERATURE) for h in range(9)])
    group = TouchedGroup((SeriesKey("w", "", TEMPERATURE),), Span(at(4), at(5)))
    found = reach_windows(clean(rows, FAR), Wiring(of), group)
    assert found == {Key("SITE-1", TEMPERATURE): Span(at(4), at(5))}


def test_hours_after_now_are_cut() -> None:
    cut = limited({POINT: Span(at(0), at(9)), Key("X", IMPORT): Span(at(5), at(9))}, at(4.5))
    assert cut == {POINT: Span(at(0), at(5))}
    assert limited({POINT: Span(at(5), at(9))}, at(5) - timedelta(minutes=1)) == {}


def short_of(hours: list[float], read: Span, window: Span) -> bool:
    """Whether a window is found wanting, with what a store gives for ``read``."""
    store = MemorySeriesStore()
    store.write_readings(readings_table([reading(at(h), h) for h in hours]))
    held = clean(store.read_readings([SERIES], read, CONTEXT), FAR)
    return POINT in unread(held, Wiring(register()), {POINT: window}, read)


def test_context_suffices_where_it_holds_the_whole_window() -> None:
    quarters = [k / 4 for k in range(400)]
    assert not short_of(quarters, Span(at(50), at(51)), Span(at(48), at(53)))


def test_frequent_readings_need_a_second_look() -> None:
    minutes = [k / 60 for k in range(60 * 8)]
    assert short_of(minutes, Span(at(4), at(5)), Span(at(3), at(5)))
    assert short_of(minutes, Span(at(4), at(5)), Span(at(4), at(6)))
    assert not short_of(minutes, Span(at(3), at(6)), Span(at(3), at(6)))


def test_series_without_more_readings_needs_none() -> None:
    assert not short_of([0, 0.1, 9], Span(at(8), at(9)), Span(at(0), at(12)))


def test_window_across_a_swap_needs_the_other_device() -> None:
    of = register(binding("old", valid_until=at(5)), binding("dev", valid_from=at(5)))
    held = clean(readings_table([reading(at(h), h) for h in range(5, 12)]), FAR)
    read = Span(at(8), at(9))
    assert unread(held, Wiring(of), {POINT: Span(at(5), at(12))}, read) == {}
    assert POINT in unread(held, Wiring(of), {POINT: Span(at(4), at(12))}, read)
