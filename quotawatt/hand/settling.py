"""Readings by hand on their way to the series store, where they stand like a device's."""

from sqlalchemy import Engine

from quotawatt.hand import book
from quotawatt.hand.entries import BY_HAND, Stored
from quotawatt.readings import Quality, Reading
from quotawatt.storage.intake import store_readings
from quotawatt.storage.port import SeriesStore

WITHDRAWN = "withdrawn"
"""Why the series store's reading of a withdrawn entry is suspect."""


def settle(series: SeriesStore, records: Engine) -> int:
    """Write the readings that the series store may lack; how many there were. Safe to repeat."""
    with records.connect() as conn:
        rows = book.unwritten(conn)
    if rows:
        store_readings(series, records, [_reading(stored, stands) for _, stored, stands in rows])
        with records.begin() as conn:
            book.note_written(conn, rows)
    return len(rows)


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
