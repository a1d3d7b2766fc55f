"""Claims, back-off, giving up; on both databases where SQL differs."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from alerts.delivery import outbox
from alerts.delivery.outbox import (
    FIRST_RETRY,
    GIVEN_UP_AFTER,
    LEASE,
    LEAST_TRIES,
    LONGEST_RETRY,
    claim,
    due_channels,
    note_delivered,
    note_failure,
    release,
    wait_after,
)
from quotawatt.storage.records import open_records
from tests.alerts.delivery.post import START, final, passing, put, rows


@pytest.fixture
def sqlite(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


def test_what_one_holds_no_other_gets_until_the_claim_runs_out(records: Engine) -> None:
    put(records, "a", "b", "c")
    with records.begin() as conn:
        first = claim(conn, "hook", "w1", START, limit=2)
    with records.begin() as conn:
        second = claim(conn, "hook", "w2", START)
    assert [item.key for item in first] == ["a", "b"]
    assert [item.key for item in second] == ["c"]
    with records.begin() as conn:
        assert claim(conn, "hook", "w2", START + LEASE - timedelta(seconds=1)) == []
        assert due_channels(conn, START) == []
        again = claim(conn, "hook", "w2", START + LEASE)
    assert [item.key for item in again] == ["a", "b", "c"]


@pytest.mark.postgres
def test_two_at_once_never_get_the_same(postgres: str, tmp_path: Path) -> None:
    records = open_records(postgres, tmp_path)
    put(records, *"abcd")
    with records.begin() as one, records.begin() as other:
        mine = claim(one, "hook", "w1", START, limit=2)
        theirs = claim(other, "hook", "w2", START, limit=4)
    assert [item.key for item in mine] == ["a", "b"]
    assert [item.key for item in theirs] == ["c", "d"]


def test_the_same_key_is_one_message(sqlite: Engine) -> None:
    put(sqlite, "a")
    put(sqlite, "a", "b", at=START + LEASE)
    assert [(row.key, row.created_at) for row in rows(sqlite)] == [
        ("a", START), ("b", START + LEASE),
    ]  # fmt: skip


def test_what_was_let_go_of_is_free_at_once(sqlite: Engine) -> None:
    put(sqlite, "a", "b")
    with sqlite.begin() as conn:
        held = claim(conn, "hook", "w1", START)
        release(conn, held[1:])
        assert [item.key for item in claim(conn, "hook", "w2", START)] == ["b"]


def test_a_delivery_is_noted_once(sqlite: Engine) -> None:
    put(sqlite, "a")
    with sqlite.begin() as conn:
        (item,) = claim(conn, "hook", "w1", START)
        assert note_delivered(conn, item, START)
        assert not note_delivered(conn, item, START + LEASE)
        assert claim(conn, "hook", "w1", START + LEASE) == []
    assert rows(sqlite)[0].delivered_at == START


def test_a_refusal_is_final_and_keeps_its_reason(sqlite: Engine) -> None:
    put(sqlite, "a")
    with sqlite.begin() as conn:
        (item,) = claim(conn, "hook", "w1", START)
        assert note_failure(conn, item, final(), START, START)
    (row,) = rows(sqlite)
    assert (row.failed_at, row.last_error) == (START, "a recipient must be known, got none")


@pytest.mark.parametrize(
    ("tries", "age", "given_up"),
    [
        (LEAST_TRIES - 1, GIVEN_UP_AFTER, True),
        (LEAST_TRIES - 2, GIVEN_UP_AFTER, False),
        (LEAST_TRIES - 1, GIVEN_UP_AFTER - timedelta(seconds=1), False),
        (1000, timedelta(hours=35), False),
    ],
)
def test_it_takes_many_tries_and_a_long_time_to_give_up(
    sqlite: Engine, tries: int, age: timedelta, given_up: bool
) -> None:
    put(sqlite, "a")
    now = START + age
    with sqlite.begin() as conn:
        conn.execute(outbox.outbox.update().values(tries=tries))
        (item,) = claim(conn, "hook", "w1", now)
        assert note_failure(conn, item, passing(), now, now + LEASE) is given_up
    (row,) = rows(sqlite)
    assert row.tries == tries + 1
    assert (row.failed_at is not None) is given_up
    assert given_up or row.next_try_at == now + LEASE


@given(st.integers(1, 200), st.text(max_size=20))
def test_waits_double_up_to_the_longest_less_up_to_a_quarter(tries: int, key: str) -> None:
    whole = min(FIRST_RETRY * 2 ** min(tries - 1, 20), LONGEST_RETRY)
    wait = wait_after(tries, key)
    assert whole * 0.75 <= wait <= whole
    assert wait == wait_after(tries, key)


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {wait_after(5, f"k{number}") for number in range(50)}
    assert len(waits) == 50
