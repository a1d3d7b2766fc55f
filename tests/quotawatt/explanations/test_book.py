"""Explanations from draft to decision: who may do what when, and every step kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.explanations import book
from quotawatt.explanations.states import MOVES, STATES, moved
from quotawatt.explanations.values import Act, Explanation, Overrun
from quotawatt.ledger import Ledger

AT = datetime(2026, 7, 1, 1, tzinfo=UTC)
OVERRUN = Overrun("B-1", "q-1", 2026, "open on weekends", "timers since June", 18_000.0, "kWh")


def act(actor: str, comment: str = "") -> Act:
    return Act(actor, AT, comment)


def written(records: Engine, actor: str = "li") -> int:
    with records.begin() as conn:
        return book.write(conn, OVERRUN, act(actor)).id


def submitted(records: Engine) -> int:
    number = written(records)
    with records.begin() as conn:
        book.submit(conn, number, act("li"))
    return number


def decided(records: Engine, number: int, action: str, by: Act) -> Explanation:
    with records.begin() as conn:
        return book.decide(conn, number, action, by)


def test_from_draft_over_return_to_approval(records: Engine) -> None:
    number = submitted(records)
    assert decided(records, number, "return", act("wang", "which days?")).state == "returned"
    better = replace(OVERRUN, reason="open on 12 weekends from May on ")
    with records.begin() as conn:
        assert book.change(conn, number, better, act("li")).state == "returned"
        assert book.attach(conn, number, "ab" * 32, act("li")).document == "ab" * 32
        assert book.submit(conn, number, act("li")).state == "submitted"
    done = decided(records, number, "approve", act("wang"))
    assert (done.state, done.decided_by, done.decided_at) == ("approved", "wang", AT)
    assert done.overrun.reason == "open on 12 weekends from May on"
    steps = [(step.actor, step.action) for step in done.steps]
    assert steps == [
        ("li", "write"),
        ("li", "submit"),
        ("wang", "return"),
        ("li", "change"),
        ("li", "change"),
        ("li", "submit"),
        ("wang", "approve"),
    ]
    entries = Ledger(records).entries()
    assert [entry.action for entry in entries] == [f"explanation_{name}" for _, name in steps]
    assert {entry.subject for entry in entries} == {"B-1"}
    assert Ledger(records).detail_of(entries[2])["comment"] == "which days?"


@pytest.mark.parametrize("actor", ["li", "cli:li", "li/token"])
def test_nobody_decides_what_they_wrote(records: Engine, actor: str) -> None:
    number = submitted(records)
    with pytest.raises(StateError, match="decided by somebody who did not write it"):
        decided(records, number, "approve", act(actor))


def test_nor_what_they_handed_in_for_another(records: Engine) -> None:
    number = written(records)
    with records.begin() as conn:
        book.submit(conn, number, act("wang"))
    with pytest.raises(StateError, match="got wang"):
        decided(records, number, "approve", act("wang"))


@pytest.mark.parametrize("action", ["return", "reject"])
def test_to_turn_one_down_takes_a_comment(records: Engine, action: str) -> None:
    with pytest.raises(InputError, match="with a comment"):
        decided(records, submitted(records), action, act("wang", " "))


def test_a_decision_is_one_of_three(records: Engine) -> None:
    with pytest.raises(InputError, match="one of approve, return, reject, got 'change'"):
        decided(records, submitted(records), "change", act("wang"))


def test_what_was_not_handed_in_is_not_decided(records: Engine) -> None:
    with pytest.raises(StateError, match="must be submitted for 'approve', got draft"):
        decided(records, written(records), "approve", act("wang"))


def test_what_is_decided_stays(records: Engine) -> None:
    number = submitted(records)
    decided(records, number, "approve", act("wang"))
    with records.begin() as conn, pytest.raises(StateError, match="got approved"):
        book.change(conn, number, OVERRUN, act("li"))
    with records.begin() as conn, pytest.raises(StateError, match="got approved"):
        book.withdraw(conn, number, act("li"))


def test_the_account_stays(records: Engine) -> None:
    number = written(records)
    with records.begin() as conn, pytest.raises(InputError, match="must stay B-1/q-1 of 2026"):
        book.change(conn, number, replace(OVERRUN, year=2025), act("li"))


def test_those_of_a_year_are_listed(records: Engine) -> None:
    decided(records, submitted(records), "approve", act("wang"))
    written(records)
    with records.connect() as conn:
        assert len(book.explanations_of(conn, 2026, STATES)) == 2
        assert book.explanations_of(conn, 2025, STATES) == []


def test_an_unknown_number(records: Engine) -> None:
    with records.connect() as conn, pytest.raises(NotFoundError, match="by its number, got 7"):
        book.read(conn, 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": " "},
        {"measures": ""},
        {"reason": "x" * 2001},
        {"amount": 0.0},
        {"amount": float("nan")},
        {"amount": float("inf")},
        {"year": 1999},
    ],
)
def test_what_says_nothing_is_refused(records: Engine, changes: dict[str, object]) -> None:
    wrong = replace(OVERRUN, **changes)  # type: ignore[arg-type]
    with records.begin() as conn, pytest.raises(InputError, match="must be"):
        book.write(conn, wrong, act("li"))
    assert Ledger(records).entries() == []


def test_the_table_has_every_state() -> None:
    assert {*MOVES.values(), *(before for before, _ in MOVES)} == set(STATES)
    final = set(STATES) - {before for before, _ in MOVES}
    assert final == {"approved", "rejected", "withdrawn"}
    with pytest.raises(StateError, match="draft or returned for 'submit', got approved"):
        moved("approved", "submit")
