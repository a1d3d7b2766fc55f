"""The contract of thinning old positions, on every adapter."""

from datetime import timedelta
from pathlib import Path

import pytest

from quotawatt.readings import Quality, SeriesKey
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from tests.quotawatt.storage.contract import (
    ALWAYS,
    METER,
    MINUTE,
    T0,
    everything,
    minutes,
    reading,
    values,
    write,
)

NORTH = SeriesKey("car", "", "latitude_deg")
EAST = SeriesKey("car", "", "longitude_deg")
EVERY = timedelta(minutes=15)


def told(store: SeriesStore, key: SeriesKey) -> set[tuple[int, float]]:
    """Every quarter of an hour since the first instant, with each value that is told of it."""
    rows = store.read_readings([key], ALWAYS).to_pylist()
    return {((row["time"] - T0) // EVERY, row["value"]) for row in rows}


def test_of_each_quarter_the_first_value_is_left(store: SeriesStore) -> None:
    write(store, *(reading(m, 30 + m / 100, NORTH) for m in range(2, 60)))
    write(store, *(reading(m, 110 + m / 100, EAST) for m in range(2, 60)))
    store.thin_readings([NORTH, EAST], minutes(0, 45), EVERY)
    for key, base in ((NORTH, 30), (EAST, 110)):
        first = {(0, base + 0.02), (1, base + 0.15), (2, base + 0.3)}
        after = {(3, base + m / 100) for m in range(45, 60)}
        assert told(store, key) == first | after
    times = [row["time"] for row in everything(store, NORTH)]
    assert {T0 + m * MINUTE for m in (2, 15, 30, 59)} <= set(times)


def test_others_stay_and_it_may_be_done_again(store: SeriesStore) -> None:
    odometer = SeriesKey("car", "", "odometer_km")
    write(store, *(reading(m, m, METER) for m in range(5)))
    write(store, *(reading(m, 30 + m, NORTH) for m in range(5)))
    write(store, *(reading(m, 1000 + m, odometer) for m in range(5)))
    for _ in range(2):
        store.thin_readings([NORTH, SeriesKey("nobody", "", "latitude_deg")], minutes(1, 60), EVERY)
    assert told(store, NORTH) == {(0, 30.0), (0, 31.0)}
    assert values(store.read_readings([METER], ALWAYS)) == [0, 1, 2, 3, 4]
    assert values(store.read_readings([odometer], ALWAYS)) == [1000, 1001, 1002, 1003, 1004]
    assert write(store, reading(59, 33, NORTH)) == (1, 0, 0)
    assert told(store, NORTH) == {(0, 30.0), (0, 31.0), (3, 33.0)}


def test_a_suspect_value_gives_way_and_a_corrected_one_is_gone(store: SeriesStore) -> None:
    write(store, reading(0, 0, NORTH, quality=Quality.SUSPECT, reason="range"))
    write(store, reading(1, 31, NORTH), reading(1, 32, NORTH, revision=1), reading(2, 33, NORTH))
    store.thin_readings([NORTH], minutes(0, 60), EVERY)
    assert told(store, NORTH) == {(0, 32.0)}
    assert values(store.last_readings(T0 + 60 * MINUTE))[-1] == 32.0


@pytest.mark.parametrize("kind", ["memory", "duckdb"])
def test_where_a_store_can_remove_single_readings_they_are_gone(kind: str, tmp_path: Path) -> None:
    store: SeriesStore = (
        MemorySeriesStore() if kind == "memory" else DuckDbSeriesStore(tmp_path / "s.duckdb")
    )
    write(store, *(reading(m, 30 + m, NORTH) for m in range(60)))
    store.thin_readings([NORTH], minutes(0, 60), EVERY)
    assert values(store.read_readings([NORTH], ALWAYS)) == [30, 45, 60, 75]
    assert [row["count"] for row in store.activity(ALWAYS).to_pylist()] == [4]
    store.close()


def test_nothing_is_thinned_where_there_is_nothing(store: SeriesStore) -> None:
    store.thin_readings([NORTH], ALWAYS, EVERY)
    store.thin_readings([], ALWAYS, EVERY)
    assert everything(store, NORTH) == []
