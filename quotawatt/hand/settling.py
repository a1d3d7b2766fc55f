"""Readings by hand on their way to the series store, where they stand like a device's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from quotawatt.hand import book
from quotawatt.hand.entries import BY_HAND, Stored
from quotawatt.readings import Quality, Reading, SeriesKey
from quotawatt.spans import INSTANT, Span
from quotawatt.storage.intake import store_readings
from quotawatt.storage.port import SeriesStore

WITHDRAWN = "withdrawn"
"""Why the series store's reading of a withdrawn entry is suspect."""


def settle(series: SeriesStore, records: Engine) -> int:
    """Write the readings that the series store may lack; how many there were. Safe to repeat."""
    with records.connect() as conn:
        rows = book.unwritten(conn)
    if rows:
        readings = [_reading(stored, stands) for _, stored, stands in rows]
        store_readings(series, records, _above_others(series, readings))
        with records.begin() as conn:
            book.note_written(conn, rows)
    return len(rows)


def _above_others(series: SeriesStore, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, each of a revision above that of whatever else an import left at its time."""
    keys = sorted({_key(one) for one in readings})
    span = Span(min(one.time for one in readings), max(one.time for one in readings) + INSTANT)
    held = {
        (SeriesKey(row["device"], row["channel"], row["quantity"]), row["time"]): row
        for row in series.read_readings(keys, span).to_pylist()
    }
    return [_above(one, held.get((_key(one), one.time))) for one in readings]


def _above(reading: Reading, held: Mapping[str, Any] | None) -> Reading:
    if held is None or held["revision"] < reading.revision:
        return reading
    if (held["value"], held["quality"]) == (reading.value, reading.quality):
        return reading
    return replace(reading, revision=held["revision"] + reading.revision)


def _key(reading: Reading) -> SeriesKey:
    return SeriesKey(reading.device, reading.channel, reading.quantity)


def _reading(stored: Stored, stands: bool) -> Reading:
    """The reading of a row; one that does not stand leaves nothing at its time."""
    entry = stored.entry
    assert entry.value is not None
    return Reading(
        device=f"{BY_HAND}{stored.subject}",
        channel="",
        quantity=entry.quantity,
        time=entry.start,
        value=entry.value,
        arrived=stored.entered_at,
        revision=stored.series_revision,
        quality=Quality.MEASURED if stands else Quality.SUSPECT,
        reason="" if stands else WITHDRAWN,
    )
