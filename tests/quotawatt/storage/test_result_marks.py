"""Marks of changed results: none is lost, and each says since when."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from sqlalchemy import Engine

from quotawatt.readings import RESULTS, Grain
from quotawatt.spans import Span
from quotawatt.storage.frames import CODED_RESULTS
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.result_marks import MarkingSeriesStore, clear, mark, take

DAY = timedelta(days=1)
START = datetime(2023, 6, 1, 16, tzinfo=UTC)


def marks_of(records: Engine) -> tuple[int, dict[str, datetime]]:
    with records.begin() as conn:
        return take(conn)


def test_the_earliest_start_stays_until_it_is_cleared(records: Engine) -> None:
    for since in ({"A": START, "B": START}, {"A": START - DAY}, {"A": START + DAY}):
        with records.begin() as conn:
            mark(conn, since)
    generation, found = marks_of(records)
    assert found == {"A": START - DAY, "B": START}
    with records.begin() as conn:
        clear(conn, generation)
    assert marks_of(records)[1] == {}


def test_what_is_marked_after_the_taking_stays(records: Engine) -> None:
    with records.begin() as conn:
        mark(conn, {"A": START, "B": START})
    generation, _ = marks_of(records)
    with records.begin() as conn:
        mark(conn, {"B": START + DAY, "C": START})
        clear(conn, generation)
    assert marks_of(records)[1] == {"B": START, "C": START}


def results(*rows: tuple[str, datetime]) -> pa.Table:
    lines = [
        {
            "subject": subject,
            "measure": "electricity_import_kwh",
            "start": start,
            "value": 1.0,
            "quality": "measured",
            "coverage": 1.0,
            "revision": 0,
            "withdrawn": False,
        }
        for subject, start in rows
    ]
    return pa.Table.from_pylist(lines, schema=RESULTS)


def test_writing_results_marks_their_subjects(records: Engine) -> None:
    plain = MemorySeriesStore()
    store = MarkingSeriesStore(plain, records)
    store.write_results(Grain.DAY, results(("A", START), ("A", START - DAY), ("B", START)))
    store.write_results(Grain.HOUR, results(("C", START)).cast(CODED_RESULTS))
    store.write_results(Grain.DAY, results())
    assert marks_of(records)[1] == {"A": START - DAY, "B": START, "C": START}
    span = Span(START, START + DAY)
    found = store.read_results(Grain.DAY, None, ["electricity_import_kwh"], span)
    assert found["subject"].to_pylist() == ["A", "B"]


def test_months_are_written_with_their_days(records: Engine) -> None:
    store = MarkingSeriesStore(MemorySeriesStore(), records)
    store.write_results(Grain.MONTH, results(("A", START)))
    assert marks_of(records)[1] == {}
