"""Marks of what results do not reflect yet: nothing that was written is ever forgotten."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from quotawatt.storage.touched import Touched, clear, confirm, mark, take


def key(hour: int, device: str = "meter") -> Touched:
    return Touched(device, "", "electricity_import_kwh", datetime(2023, 5, 1, hour, tzinfo=UTC))


def marked(records: Engine, *keys: Touched) -> int:
    with records.begin() as conn:
        return mark(conn, keys)


def taken(records: Engine, until: datetime | None = None) -> tuple[int, list[Touched]]:
    with records.begin() as conn:
        return take(conn, until)


def cleared(records: Engine, generation: int, until: datetime | None = None) -> int:
    with records.begin() as conn:
        return clear(conn, generation, until)


def test_taken_marks_are_sorted_and_unique(records: Engine) -> None:
    marked(records, key(3), key(1), key(3, "a"))
    marked(records, key(3))
    assert taken(records)[1] == [key(3, "a"), key(1), key(3)]


def test_marks_stay_until_cleared(records: Engine) -> None:
    marked(records, key(1))
    first, _ = taken(records)
    assert taken(records)[1] == [key(1)]
    assert cleared(records, first) == 1
    assert taken(records)[1] == []


def test_what_is_touched_again_after_the_taking_survives_the_clearing(records: Engine) -> None:
    marked(records, key(1), key(2))
    generation, _ = taken(records)
    marked(records, key(2), key(4))
    cleared(records, generation)
    assert taken(records)[1] == [key(2), key(4)]


def test_generations_grow(records: Engine) -> None:
    numbers = [marked(records, key(1)), taken(records)[0], marked(records, key(1))]
    assert numbers == sorted(set(numbers))


def test_until_leaves_later_hours_alone(records: Engine) -> None:
    marked(records, key(1), key(2), key(3))
    until = key(2).hour
    generation, rows = taken(records, until)
    assert rows == [key(1)]
    assert cleared(records, generation, until) == 1
    assert taken(records)[1] == [key(2), key(3)]


def test_a_mark_overtaken_before_its_reading_was_written_is_made_again(records: Engine) -> None:
    generation = marked(records, key(1))
    analysed, _ = taken(records)
    cleared(records, analysed)  # computed from a store that did not hold the reading yet
    with records.begin() as conn:
        confirm(conn, [key(1)], generation)
    assert taken(records)[1] == [key(1)]


def test_a_mark_not_overtaken_is_not_made_again(records: Engine) -> None:
    marked(records, key(9))
    generation, _ = taken(records)
    cleared(records, generation)
    later = marked(records, key(1))
    with records.begin() as conn:
        confirm(conn, [key(1)], later)
    assert cleared(records, later) == 1


def test_an_aborted_transaction_marks_nothing(records: Engine) -> None:
    with pytest.raises(RuntimeError), records.begin() as conn:  # noqa: PT012
        mark(conn, [key(1)])
        raise RuntimeError
    assert taken(records)[1] == []


def test_hours_come_back_as_utc_instants(records: Engine) -> None:
    marked(records, key(5))
    (row,) = taken(records)[1]
    assert row.hour == datetime(2023, 5, 1, 5, tzinfo=UTC)
    assert row.hour.tzinfo is UTC
