"""The stream of steps: nothing lost, nothing twice, one look for all."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert
from starlette.exceptions import HTTPException

from api.casestream import LOOK_EVERY_S, CaseStream
from quotawatt.storage.case_tables import case_steps
from quotawatt.storage.records import open_records
from tests.api.case_world import keep_case
from tests.api.scene import NOW


class Seconds:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def add_step(records: Engine, number: int, case: int) -> None:
    row = {
        "id": number,
        "case": case,
        "at": NOW + timedelta(seconds=number),
        "actor": "wang",
        "action": "commented",
        "comment": "",
        "detail": {},
    }
    with records.begin() as conn:
        conn.execute(insert(case_steps).values(row))


@pytest.fixture
def records(tmp_path: Path) -> Engine:
    return open_records(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path)


def numbers(stream: CaseStream, after: int, case: int | None = None) -> list[int]:
    return [one.id for one in stream.after(after, case)[0]]


def test_whoever_begins_hears_what_comes_and_whoever_comes_back_all_since(records: Engine) -> None:
    clock = Seconds()
    keep_case(records)
    stream = CaseStream(records, clock)
    assert stream.newest() == 1
    second = keep_case(records)
    assert stream.after(1) == ([], 1)
    clock.now += LOOK_EVERY_S
    news, position = stream.after(1)
    assert ([(n.id, n.case, n.event) for n in news], position) == ([(2, second, "opened")], 2)
    assert stream.after(position) == ([], 2)
    assert numbers(stream, 0) == [1, 2]
    assert (numbers(stream, 0, case=second), numbers(stream, 1, case=1)) == ([2], [])


def test_however_many_listen_the_store_is_looked_at_once(records: Engine) -> None:
    clock = Seconds()
    stream = CaseStream(records, clock)
    asked: list[str] = []
    event.listen(
        records,
        "before_cursor_execute",
        lambda *a: asked.append(a[2]) if "case_steps" in a[2] else None,
    )
    for _ in range(50):
        stream.after(0)
    assert len(asked) == 1
    clock.now += LOOK_EVERY_S
    for _ in range(50):
        stream.after(0)
    assert len(asked) == 2


def test_a_number_that_never_came_is_passed_over(records: Engine) -> None:
    """Its transaction was given up."""
    clock = Seconds()
    case = keep_case(records)
    stream = CaseStream(records, clock)
    stream.newest()
    add_step(records, 4, case)
    clock.now += LOOK_EVERY_S
    assert numbers(stream, 1) == [4]


def test_a_number_beyond_the_newest_is_taken_for_it(records: Engine) -> None:
    keep_case(records)
    assert CaseStream(records, Seconds()).after(99) == ([], 1)


def test_there_are_no_more_listeners_than_there_may_be(records: Engine) -> None:
    stream = CaseStream(records, Seconds(), most_listeners=1)
    with stream.listening():
        with pytest.raises(HTTPException, match="at most 1 connections") as refused:
            stream.listening().__enter__()
        assert refused.value.status_code == 429
    with stream.listening():
        pass
