"""The contract under load: large batches, several writers and readers at once, on every adapter."""

import threading
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from quotawatt.readings import READINGS, TIME, Grain, SeriesKey
from quotawatt.spans import Span
from quotawatt.storage.frames import micros
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from tests.quotawatt.storage.contract import (
    ALWAYS,
    HOUR,
    KWH,
    T0,
    minutes,
    reading,
    result,
    results,
    values,
    write,
)

METERS = 100
QUANTITIES = (
    "electricity_import_kwh",
    "electricity_power_kw",
    "voltage_v",
    "current_a",
    "frequency_hz",
)


def large_batch(instants: int) -> pa.Table:
    """Readings of five quantities of each meter, minute by minute: value is the row's number."""
    size = instants * METERS * len(QUANTITIES)
    number = np.arange(size)
    quantity = np.array(QUANTITIES)[number % len(QUANTITIES)]
    meter = number // len(QUANTITIES) % METERS
    time = micros(T0) + number // (len(QUANTITIES) * METERS) * 60_000_000
    texts = {"channel": "", "quality": "measured", "reason": ""}
    columns = {
        "device": pa.array([f"meter-{one:03}" for one in meter.tolist()]),
        "quantity": pa.array(quantity),
        "time": pa.array(time).cast(TIME),
        "value": pa.array(number.astype(np.float64)),
        "arrived": pa.array(time).cast(TIME),
        "revision": pa.array(np.zeros(size, dtype=np.int32)),
        "timed_by_server": pa.array(np.zeros(size, dtype=np.bool_)),
        **{name: pa.array([text] * size) for name, text in texts.items()},
    }
    return pa.table({field.name: columns[field.name] for field in READINGS}, schema=READINGS)


def test_a_large_batch_is_written_whole_and_once(store: SeriesStore) -> None:
    # The store in memory is for tests: it takes a row at a time.
    batch = large_batch(20 if isinstance(store, MemorySeriesStore) else 200)
    first = store.write_readings(batch)
    assert (first.written, first.duplicates, first.conflicts) == (len(batch), 0, ())
    again = store.write_readings(batch.slice(0, 5000))
    assert (again.written, again.duplicates) == (0, 5000)
    keys = [
        SeriesKey(f"meter-{n:03}", "", quantity) for n in range(METERS) for quantity in QUANTITIES
    ]
    found = store.read_values(keys, ALWAYS)
    assert len(found) == len(batch)
    assert sorted(found["value"].to_pylist()) == list(range(len(batch)))


def test_many_results_are_written_and_summed(store: SeriesStore) -> None:
    rows = [result(hour, 1, f"BLD-{n:03}") for n in range(250) for hour in range(48)]
    store.write_results(Grain.HOUR, results(rows))
    subjects = [f"BLD-{n:03}" for n in range(250)]
    span = Span(T0 + HOUR, T0 + 25 * HOUR)
    assert store.sum_results(Grain.HOUR, subjects, [KWH], span)["value"].to_pylist() == [24] * 250
    assert len(store.read_results(Grain.HOUR, subjects, [KWH], span)) == 24 * 250


def together(*jobs: Callable[[], None]) -> None:
    """Run the jobs at once; raises what one of them raised."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_several_readers_see_whole_batches_while_others_write(store: SeriesStore) -> None:
    keys = [SeriesKey(f"meter-{n}", "", KWH) for n in range(2)]
    written = threading.Event()
    partly: list[int] = []

    def writer(key: SeriesKey) -> Callable[[], None]:
        def run() -> None:
            for batch in range(10):
                write(store, *(reading(60 * batch + m, 1, key) for m in range(50)))

        return run

    def reader() -> None:
        while not written.is_set():
            for key in keys:
                size = len(store.read_values([key], ALWAYS, context=1))
                partly.extend([size] if size % 50 else [])
            store.activity(minutes(0, 60))
            store.known_series()

    def all_writers() -> None:
        try:
            together(*(writer(key) for key in keys))
        finally:
            written.set()

    together(all_writers, reader, reader)
    assert partly == []
    assert len(store.read_values(keys, ALWAYS)) == 2 * 500


def test_writers_of_one_series_lose_nothing_and_agree_on_the_winner(store: SeriesStore) -> None:
    key = SeriesKey("meter-1", "", KWH)

    def writer(value: float) -> Callable[[], None]:
        def run() -> None:
            for minute in range(30):
                write(store, reading(minute, value, key))

        return run

    together(*(writer(value) for value in (3.0, 1.0, 2.0)))
    assert values(store.read_readings([key], ALWAYS)) == [3.0] * 30


def test_results_are_read_whole_while_they_are_overwritten(store: SeriesStore) -> None:
    span = Span(T0, T0 + 50 * HOUR)
    store.write_results(Grain.HOUR, results([result(hour, 0) for hour in range(50)]))
    done = threading.Event()
    sizes: set[int] = set()

    def overwrite() -> None:
        try:
            for turn in range(1, 11):
                store.write_results(Grain.HOUR, results([result(h, turn) for h in range(50)]))
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            sizes.add(len(store.read_results(Grain.HOUR, None, [KWH], span)))

    together(overwrite, read)
    assert sizes <= {50}
    assert values(store.read_results(Grain.HOUR, None, [KWH], span)) == [10.0] * 50
