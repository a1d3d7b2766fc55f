"""Points cut into partitions: the same use, however they are cut."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import clean
from analytics.consumption.hourly import hourly_use
from analytics.consumption.partition import BySeries, Partition, cut, feeding, use_of_partition
from analytics.consumption.points import Wiring
from analytics.grid import Grid, Key, stack
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.register.model import Register
from quotawatt.spans import Span
from quotawatt.storage.values import values_of
from tests.analytics.builders import FAR, IMPORT, T0, at, binding, meter, reading, register

HOURS = Span(T0, at(12))
POINTS = tuple(Key(f"M-{n}", IMPORT) for n in range(5))
BILL = Amount(POINTS[4], at(1), at(9), 40.0)


def house() -> Register:
    """Four meters, of which one device went from the first to the second; a fifth without any."""
    moved = at(6)
    return register(
        binding("dev-0", "M-0", valid_until=moved),
        binding("dev-0", "M-1", valid_from=moved),
        binding("dev-2", "M-2", multiplier=40.0),
        binding("dev-3", "M-3"),
        meters=[meter(f"M-{n}") for n in range(5)],
    )


def counted(device: str, steps: Sequence[float]) -> list[Reading]:
    """A reading every 40 minutes from an hour before the hours on."""
    total, found = 100.0, []
    for n, step in enumerate(steps):
        total += step
        found.append(reading(at(-1) + n * timedelta(minutes=40), total, device))
    return found


def partition(points: Sequence[Key], wiring: Wiring, readings: pa.Table) -> Partition:
    series = tuple(feeding(points, wiring))
    passed = tuple(a for a in (BILL,) if a.point in points)
    values = values_of(readings, series)
    return Partition(series, values, wiring, tuple(points), HOURS, passed, FAR)


def assert_equal(one: Grid, other: Grid) -> None:
    assert one.keys == other.keys
    assert one.results().equals(other.results())


steps = st.lists(st.floats(0, 30), min_size=20, max_size=20)


@given(st.lists(steps, min_size=3, max_size=3), st.sets(st.integers(1, 4)))
def test_use_does_not_depend_on_the_partitions(used: list[list[float]], edges: set[int]) -> None:
    wiring = Wiring(house())
    devices = zip(("dev-0", "dev-2", "dev-3"), used, strict=True)
    readings = readings_table([r for device, own in devices for r in counted(device, own)])
    whole, found = hourly_use(clean(readings, FAR), wiring, POINTS, HOURS, [BILL])
    ends = [0, *sorted(edges), len(POINTS)]
    parts = [
        use_of_partition(partition(POINTS[low:high], wiring, readings))
        for low, high in pairwise(ends)
    ]
    assert_equal(stack([grid for grid, _ in parts]), whole)
    assert sorted(str(f) for _, own in parts for f in own) == sorted(map(str, found))


def test_readings_later_than_until_are_not_looked_at() -> None:
    wiring = Wiring(house())
    readings = readings_table(counted("dev-3", [5.0] * 20))
    early = partition(POINTS[3:4], wiring, readings)
    until = replace(early, until=at(3))
    known, _ = use_of_partition(until)
    assert known.known().sum() == 3
    assert use_of_partition(early)[0].known().sum() == 12


def test_partitions_hold_about_as_many_readings_as_they_may() -> None:
    wiring = Wiring(house())
    rows = {SeriesKey(f"dev-{n}", "", IMPORT): 60 for n in (0, 2, 3)}
    assert [len(group) for group in cut(POINTS, rows, wiring, 100)] == [1, 1, 1, 2]
    assert [len(group) for group in cut(POINTS, rows, wiring, 1000)] == [5]
    assert list(cut([], rows, wiring, 100)) == []


def test_quantities_of_one_asset_stay_together() -> None:
    wiring = Wiring(register(binding("dev", "MTR-1")))
    both = [Key("MTR-1", IMPORT), Key("MTR-1", "electricity_export_kwh")]
    rows = {SeriesKey("dev", "", key.measure): 80 for key in both}
    assert list(cut(both, rows, wiring, 100)) == [tuple(sorted(both))]


def test_series_are_taken_by_name() -> None:
    keys = [SeriesKey(device, "", IMPORT) for device in "abc"]
    readings = [reading(at(hour), 10.0 * hour, device) for device in "ac" for hour in range(2)]
    by_series = BySeries(keys, values_of(readings_table(readings), keys))
    taken = by_series.of([keys[2], keys[1], keys[0]])
    assert taken["series"].to_pylist() == [0, 0, 2, 2]
    assert taken["value"].to_pylist() == [0, 10, 0, 10]
    assert by_series.of([]).num_rows == 0
    with pytest.raises(KeyError):
        by_series.of([SeriesKey("d", "", IMPORT)])


def test_only_what_feeds_in_a_span_is_asked_for() -> None:
    wiring = Wiring(house())
    before, after = Span(T0, at(5)), Span(at(7), at(8))

    def devices(span: Span | None) -> set[str]:
        return {s.device for s in feeding(POINTS[:1], wiring, span)}

    assert "dev-0" in devices(before) & devices(None)
    assert "dev-0" not in devices(after)
