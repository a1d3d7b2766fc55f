"""The contract of removing what is old, on every adapter."""

import pytest

from quotawatt.errors import StoreError
from quotawatt.readings import Grain, Quality, SeriesKey
from quotawatt.storage.port import SeriesStore
from tests.quotawatt.storage.contract import (
    ALWAYS,
    HOUR,
    KWH,
    METER,
    MINUTE,
    STRANGE,
    T0,
    everything,
    reading,
    result,
    results,
    values,
    write,
)


@pytest.fixture
def removing(store: SeriesStore, removes: bool) -> SeriesStore:
    """A store that can remove; one that cannot is shown to say so, and what to do, and the test ends."""
    if not removes:
        with pytest.raises(StoreError, match="set the retention period of its database"):
            store.drop_readings(T0)
        pytest.skip("InfluxDB 3 removes by the retention of a database only, and has said so")
    return store


def test_readings_before_an_instant_go_and_the_others_stay(removing: SeriesStore) -> None:
    other = SeriesKey("meter-2", "L1", "voltage_v")
    write(removing, *(reading(minute, minute) for minute in range(5)))
    write(removing, reading(1, 230, other), reading(3, 231, other))
    write(removing, reading(1, 7, revision=1), reading(0, 9, quality=Quality.SUSPECT, reason="x"))
    removing.drop_readings(T0 + 2 * MINUTE)
    assert values(removing.read_readings([METER], ALWAYS, context=1)) == [2, 3, 4]
    assert values(removing.read_readings([other], ALWAYS)) == [231]
    assert removing.read_values([METER, other], ALWAYS)["value"].to_pylist() == [2, 3, 4, 231]
    assert [row["count"] for row in removing.activity(ALWAYS).to_pylist()] == [3, 1]
    assert values(removing.last_readings(T0 + 2 * MINUTE)) == []


def test_what_was_removed_may_be_written_again(removing: SeriesStore) -> None:
    write(removing, reading(0, 1), reading(1, 2))
    removing.drop_readings(T0 + MINUTE)
    removing.drop_readings(T0 + MINUTE)
    assert write(removing, reading(0, 5), reading(1, 2)) == (1, 1, 0)
    assert values(removing.read_readings([METER], ALWAYS)) == [5, 2]


def test_everything_may_be_removed(removing: SeriesStore) -> None:
    removing.drop_readings(T0)
    write(removing, *(reading(0, 1, SeriesKey(name, name, KWH)) for name in STRANGE))
    removing.drop_readings(T0 + HOUR)
    assert len(removing.last_readings(T0 + HOUR)) == 0
    assert write(removing, reading(0, 1), reading(0, 1)) == (1, 1, 0)
    assert len(everything(removing)) == 1


def test_readings_of_the_instant_itself_stay_to_the_microsecond(removing: SeriesStore) -> None:
    step = 1 / 60_000_000
    write(removing, reading(-step, 1), reading(0, 2), reading(step, 3))
    removing.drop_readings(T0)
    assert values(removing.read_readings([METER], ALWAYS)) == [2, 3]


def test_results_of_one_grain_go_and_those_of_the_others_stay(removing: SeriesStore) -> None:
    rows = [result(hour, hour, subject) for subject in ("A", "B") for hour in range(4)]
    for grain in Grain:
        removing.write_results(grain, results(rows))
    removing.write_results(Grain.HOUR, results([result(0, None, withdrawn=True)]))
    removing.drop_results(Grain.HOUR, T0 + 3 * HOUR)
    left = removing.read_results(Grain.HOUR, None, [KWH], ALWAYS)
    assert [(row["subject"], row["value"]) for row in left.to_pylist()] == [("A", 3), ("B", 3)]
    sums = removing.sum_results(Grain.HOUR, None, [KWH], ALWAYS)
    assert sums["value"].to_pylist() == [3, 3]
    for grain in (Grain.DAY, Grain.MONTH):
        assert len(removing.read_results(grain, None, [KWH], ALWAYS)) == 8
    write(removing, reading(0, 1))
    removing.drop_results(Grain.DAY, T0 + 9 * HOUR)
    assert len(removing.read_results(Grain.DAY, None, [KWH], ALWAYS)) == 0
    assert len(everything(removing)) == 1


def test_results_removed_may_be_written_again(removing: SeriesStore) -> None:
    removing.write_results(Grain.DAY, results([result(0, 5), result(24, 6)]))
    removing.drop_results(Grain.DAY, T0 + HOUR)
    removing.write_results(Grain.DAY, results([result(0, None, quality=Quality.MISSING)]))
    table = removing.read_results(Grain.DAY, None, [KWH], ALWAYS)
    assert table["value"].to_pylist() == [None, 6]
