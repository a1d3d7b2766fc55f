"""The contract of ``read_values`` and ``known_series``: what analytics reads, on every adapter."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotawatt.readings import Quality, SeriesKey, readings_table
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.values import VALUES
from tests.quotawatt.storage.contract import (
    ALWAYS,
    KWH,
    METER,
    MINUTE,
    STRANGE,
    T0,
    StoreFactory,
    minutes,
    reading,
    write,
)

Row = tuple[int, float, float]
WRONG = {"quality": Quality.SUSPECT, "reason": "out_of_range"}


def rows(
    store: SeriesStore, keys: list[SeriesKey], first: float, last: float, context: int = 0
) -> list[Row]:
    """Series, minute and value of what is read."""
    table = store.read_values(keys, minutes(first, last), context)
    assert table.schema.equals(VALUES)
    return [(row["series"], (row["time"] - T0) / MINUTE, row["value"]) for row in table.to_pylist()]


def test_values_name_their_series_by_its_place_in_the_question(store: SeriesStore) -> None:
    keys = [
        SeriesKey(f"meter-{number}", channel, KWH) for number in range(3) for channel in ("", "2")
    ]
    write(store, *(reading(m, 10 * n + m, key) for m in (2, 1) for n, key in enumerate(keys)))
    asked = [keys[4], SeriesKey("unknown", "", KWH), keys[0]]
    assert rows(store, asked, 0, 9) == [(0, 1, 41), (0, 2, 42), (2, 1, 1), (2, 2, 2)]
    assert rows(store, asked, 2, 2) == []
    assert rows(store, [], 0, 9) == []


def test_values_are_the_winners_that_are_not_suspect(store: SeriesStore) -> None:
    write(store, reading(0, 1), reading(1, 2), reading(2, 900, **WRONG), reading(3, 4))  # type: ignore[arg-type]
    write(store, reading(1, 2.5, revision=1), reading(3, -9, revision=1, **WRONG))  # type: ignore[arg-type]
    assert rows(store, [METER], 0, 9) == [(0, 0, 1), (0, 1, 2.5)]


def test_values_of_the_context_are_the_nearest_sound_ones(store: SeriesStore) -> None:
    write(store, *(reading(minute, minute) for minute in range(0, 100, 10)))
    write(store, reading(35, 1, **WRONG), reading(60, 9, revision=1, **WRONG))  # type: ignore[arg-type]
    assert [row[1] for row in rows(store, [METER], 40, 50, 1)] == [30, 40, 50]
    assert [row[1] for row in rows(store, [METER], 40, 60, 2)] == [20, 30, 40, 50, 70, 80]
    assert [row[1] for row in rows(store, [METER], 41, 42, 99)] == [
        0,
        10,
        20,
        30,
        40,
        50,
        70,
        80,
        90,
    ]


def test_values_of_the_context_are_found_however_far_away(store: SeriesStore) -> None:
    far = 400 * 24 * 60
    write(store, reading(0, 1), reading(far, 2), reading(2 * far, 3))
    assert [row[2] for row in rows(store, [METER], far, far + 1, 1)] == [1, 2, 3]
    assert rows(store, [METER], far + 5, far + 6) == []


def test_values_keep_their_digits_and_their_microseconds(store: SeriesStore) -> None:
    exact = [1e12 - 0.001, 123456789.123456, 5e-324, 0.1 + 0.2, 0.0]
    write(store, *(reading(n / 60_000_000, value) for n, value in enumerate(exact)))
    table = store.read_values([METER], ALWAYS)
    assert table["value"].to_pylist() == exact
    expected = [T0 + n * timedelta(microseconds=1) for n in range(len(exact))]
    assert table["time"].to_pylist() == expected


def test_values_of_strange_names(store: SeriesStore) -> None:
    keys = [SeriesKey(name, other, KWH) for name in STRANGE for other in ("", STRANGE[0])]
    write(store, *(reading(0, number, key) for number, key in enumerate(keys)))
    assert rows(store, keys, 0, 1) == [(number, 0, number) for number in range(len(keys))]


_READINGS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 6), st.integers(0, 1), st.booleans(), st.integers(0, 3)
    ),
    max_size=20,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batch=_READINGS, context=st.integers(0, 3))
def test_values_agree_with_readings(
    new_store: StoreFactory, batch: list[tuple[int, int, int, bool, int]], context: int
) -> None:
    store = new_store()
    keys = [SeriesKey(f"meter-{number}", "", KWH) for number in range(3)]
    store.write_readings(
        readings_table(
            reading(m, v, keys[k], r, Quality.MEASURED if sound else Quality.SUSPECT)
            for k, m, r, sound, v in batch
        )
    )
    found = store.read_readings(keys, minutes(2, 5), context).to_pylist()
    expected = [
        (
            keys.index(SeriesKey(row["device"], row["channel"], row["quantity"])),
            row["time"],
            row["value"],
        )
        for row in found
        if row["quality"] != Quality.SUSPECT
    ]
    table = store.read_values(keys, minutes(2, 5), context)
    assert [tuple(row.values()) for row in table.to_pylist()] == expected


@pytest.mark.parametrize("count", [0, 450])
def test_every_series_that_has_readings_is_known(store: SeriesStore, count: int) -> None:
    keys = [SeriesKey(f"meter-{n:03}", "L1" if n % 2 else "", KWH) for n in range(count)]
    write(store, *(reading(0, n, key) for n, key in enumerate(keys)))
    if count:
        keys.append(SeriesKey("zz", "", "heat_gj"))
        write(store, reading(0, 1, keys[-1], **WRONG))  # type: ignore[arg-type]
    assert store.known_series() == sorted(keys)
