"""A marker leaves out what stands marked, and never what an analyser may have taken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from quotawatt.storage.marker import Marker
from quotawatt.storage.records import open_records
from quotawatt.storage.touched import Touched, clear, take

HOUR = datetime(2023, 7, 1, 12, tzinfo=UTC)


def key(number: int) -> Touched:
    return Touched("d", "", "water_m3", HOUR + timedelta(hours=number))


def analyse(records: Engine) -> list[Touched]:
    """Take all marks and clear them, as an analyser does whose results are durable."""
    with records.begin() as conn:
        generation, found = take(conn)
    with records.begin() as conn:
        clear(conn, generation)
    return found


def batch(records: Engine, marker: Marker, *numbers: int, overtaken: bool = False) -> None:
    """What a batch does; ``overtaken``: an analyser comes between mark and write."""
    keys = {key(number) for number in numbers}
    generation = marker.mark(keys)
    if overtaken:
        analyse(records)
    with records.begin() as conn:
        marker.confirm(conn, keys, generation)


def test_what_stands_marked_costs_no_write(records: Engine) -> None:
    marker = Marker(records)
    batch(records, marker, 1, 2)
    written: list[str] = []
    event.listen(
        records, "before_cursor_execute", lambda c, u, statement, *_: written.append(statement)
    )
    marker.mark({key(1), key(2)})
    assert [s for s in written if not s.startswith(("SELECT", "BEGIN"))] == []
    marker.mark({key(2), key(3)})
    assert any(s.startswith("INSERT INTO touched") for s in written)
    assert analyse(records) == [key(1), key(2), key(3)]


def test_after_a_taking_all_is_marked_again(records: Engine) -> None:
    marker = Marker(records)
    batch(records, marker, 1, 2)
    analyse(records)
    batch(records, marker, 1)
    assert analyse(records) == [key(1)]


def test_a_taking_between_mark_and_write_is_made_good(records: Engine) -> None:
    marker = Marker(records)
    batch(records, marker, 1)
    batch(records, marker, 1, 2, overtaken=True)
    assert analyse(records) == [key(1), key(2)]
    batch(records, marker, 1)
    assert analyse(records) == [key(1)]


def test_nothing_touched_marks_nothing(records: Engine) -> None:
    marker = Marker(records)
    batch(records, marker)
    assert analyse(records) == []


@given(st.lists(st.tuples(st.sets(st.integers(0, 4)), st.booleans(), st.booleans()), max_size=12))
def test_no_reading_is_ever_without_a_mark_or_a_later_taking(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[set[int], bool, bool]]
) -> None:
    records = open_records("sqlite", tmp_path_factory.mktemp("marker"))
    marker, unseen = Marker(records), set[Touched]()
    for numbers, overtaken, then_analyse in turns:
        batch(records, marker, *numbers, overtaken=overtaken)
        if overtaken:
            unseen.clear()
        unseen |= {key(number) for number in numbers}
        if then_analyse:
            assert unseen <= set(analyse(records))
            unseen.clear()
    assert unseen <= set(analyse(records))
    records.dispose()
