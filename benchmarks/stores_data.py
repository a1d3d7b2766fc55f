"""What the stores are filled with, made by a rule, so that what comes back can be held against it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from quotawatt.readings import READINGS, RESULTS, TIME, SeriesKey
from quotawatt.storage.frames import Ints

START = datetime(2025, 1, 1, tzinfo=UTC)
ENERGY = "electricity_import_kwh"
QUANTITIES = (ENERGY, "electricity_power_kw", "voltage_v", "current_a", "frequency_hz")
_HOUR_US = 3_600_000_000
_START_US = int(START.timestamp()) * 1_000_000


def subject(number: int) -> str:
    """Code of a meter or building."""
    return f"MTR-{number:04}"


def results(subjects: int, first: int, count: int, step: timedelta) -> pa.Table:
    """Energy of intervals ``first`` to ``first + count`` since START of each subject: value is its number.

    Ordered by time, as the analyser writes them.
    """
    size = subjects * count
    number = np.tile(np.arange(subjects), count)
    start = _START_US + (first + np.arange(size) // subjects) * (step // timedelta(microseconds=1))
    names = [subject(n) for n in range(subjects)]
    columns = {
        "subject": _each(names, number),
        "measure": _all(ENERGY, size),
        "start": pa.array(start).cast(TIME),
        "value": pa.array(number.astype(np.float64)),
        "quality": _all("measured", size),
        "coverage": pa.array(np.ones(size)),
        "revision": pa.array(np.zeros(size, dtype=np.int32)),
        "withdrawn": pa.array(np.zeros(size, dtype=np.bool_)),
    }
    return pa.table({field.name: columns[field.name] for field in RESULTS}, schema=RESULTS)


def in_chunks(total: int, size: int) -> Iterator[tuple[int, int]]:
    """First and number of each chunk of at most ``size`` of so many."""
    for first in range(0, total, size):
        yield first, min(size, total - first)


def readings(devices: int, minute: int, count: int) -> pa.Table:
    """Messages of five quantities of each device, of minutes ``minute`` to ``minute + count`` since START.

    The value of a reading is its minute.
    """
    size = devices * count * len(QUANTITIES)
    row = np.arange(size)
    device = row // len(QUANTITIES) % devices
    since = minute + row // (len(QUANTITIES) * devices)
    at = pa.array(_START_US + since * (_HOUR_US // 60)).cast(TIME)
    names = [device_name(n) for n in range(devices)]
    columns = {
        "device": _each(names, device),
        "channel": _all("", size),
        "quantity": _each(list(QUANTITIES), row % len(QUANTITIES)),
        "time": at,
        "value": pa.array(since.astype(np.float64)),
        "arrived": at,
        "revision": pa.array(np.zeros(size, dtype=np.int32)),
        "quality": _all("measured", size),
        "reason": _all("", size),
        "timed_by_server": pa.array(np.zeros(size, dtype=np.bool_)),
    }
    return pa.table({field.name: columns[field.name] for field in READINGS}, schema=READINGS)


def device_name(number: int) -> str:
    """Name of a device."""
    return f"dev-{number:04}"


def series(devices: int) -> list[SeriesKey]:
    """Every series that ``readings`` of so many devices has."""
    return [SeriesKey(device_name(n), "", name) for n in range(devices) for name in QUANTITIES]


def _all(word: str, size: int) -> Any:
    return _each([word], np.zeros(size, dtype=np.int64))


def _each(words: list[str], place: Ints) -> Any:
    """For each row the word at its place."""
    places: Any = pa.array(place)
    return pa.array(words).take(places)
