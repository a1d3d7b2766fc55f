"""Outings, how many vehicles are out at once, and how many would have carried all of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.outings import REST, concurrency, most_on_a_day, outings
from analytics.fleet.tripframe import trip_frame
from quotawatt.fleet.trips import DistanceBy, Trip

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2023, 5, 8, 1, tzinfo=UTC)  # 09:00 local


def trip(vehicle: str, after: timedelta, length: timedelta = timedelta(minutes=30)) -> Trip:
    return Trip(vehicle, START + after, START + after + length, 10.0, DistanceBy.ODOMETER)


def away(*trips: Trip) -> pd.DataFrame:
    return outings(trip_frame(trips))


def test_a_vehicle_that_waits_is_out_until_it_is_back() -> None:
    found = away(trip("A", timedelta(0)), trip("A", timedelta(hours=2)))
    assert len(found) == 1
    assert found["end"][0] - found["start"][0] == timedelta(hours=2, minutes=30)


def test_a_long_rest_ends_an_outing() -> None:
    found = away(trip("A", timedelta(0)), trip("A", timedelta(minutes=30) + REST))
    assert len(found) == 2


def test_who_returns_makes_room_at_once() -> None:
    after = timedelta(minutes=30)
    assert concurrency(away(trip("A", timedelta(0)), trip("B", after)), ZONE).most == 1
    before = after - timedelta(seconds=1)
    both = concurrency(away(trip("A", timedelta(0)), trip("B", before)), ZONE)
    assert (both.most, both.at) == (2, START + before)
    assert both.by_hour[9] == 2
    assert both.by_hour[8] == 0


def test_handed_out_by_whole_days_two_are_needed_where_one_would_do_at_once() -> None:
    found = away(trip("A", timedelta(0)), trip("B", timedelta(hours=4)))
    assert concurrency(found, ZONE).most == 1
    assert most_on_a_day(found, ZONE) == (2, (START + timedelta(hours=8)).date())


def test_an_outing_over_midnight_counts_on_both_days() -> None:
    long = trip("A", timedelta(0), timedelta(hours=20))
    found = away(long, trip("B", timedelta(hours=19)))
    assert most_on_a_day(found, ZONE)[0] == 2


def test_nothing_driven_needs_nobody() -> None:
    assert concurrency(away(), ZONE).most == 0
    assert most_on_a_day(away(), ZONE) == (0, None)


def coloured(intervals: list[tuple[int, int]]) -> int:
    """Vehicles needed by giving each outing to the first that is free: least by a theorem on intervals."""
    free_from: list[int] = []
    for start, end in sorted(intervals):
        free = next((i for i, until in enumerate(free_from) if until <= start), None)
        if free is None:
            free_from.append(end)
        else:
            free_from[free] = end
    return len(free_from)


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90)), min_size=1, max_size=25))
def test_the_most_at_once_is_what_a_colouring_needs(made: list[tuple[int, int]]) -> None:
    minute = timedelta(minutes=1)
    trips = [
        trip(f"V{n}", start * minute, length * minute) for n, (start, length) in enumerate(made)
    ]
    intervals = [(start, start + length) for start, length in made]
    assert concurrency(away(*trips), ZONE).most == coloured(intervals)
