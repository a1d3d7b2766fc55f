"""The one way of writing readings: mark what they touch, write, confirm.

So that whatever stops between two steps, the analyser finds the mark and computes what was written.
"""

from sqlalchemy import Engine

from quotawatt.readings import Reading, readings_table
from quotawatt.spans import floor_hour
from quotawatt.storage.port import SeriesStore, WriteReport
from quotawatt.storage.touched import Touched, confirm, mark


def store_readings(series: SeriesStore, records: Engine, readings: list[Reading]) -> WriteReport:
    """Store readings that come otherwise than by a collector: by hand, by file. Safe to repeat.

    Raises StoreError where a store fails.
    """
    touched = {Touched(r.device, r.channel, r.quantity, floor_hour(r.time)) for r in readings}
    with records.begin() as conn:
        generation = mark(conn, touched)
    report = series.write_readings(readings_table(readings))
    with records.begin() as conn:
        confirm(conn, touched, generation)
    return report
