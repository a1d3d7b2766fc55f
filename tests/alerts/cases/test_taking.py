"""Steps: the case, the step's row and the ledger's entry together, in the version that was read."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from alerts.cases.book import list_cases, read_case, steps_of
from alerts.cases.model import CaseEvent
from alerts.cases.taking import LONGEST_COMMENT, Deed, take_step, take_steps
from quotawatt.errors import InputError, NotFoundError, StateError
from quotawatt.ledger import Ledger
from quotawatt.ledger.selection import Selection
from tests.alerts.cases.scene import Desk, act, fired


def test_a_step_is_kept_with_its_entry(desk: Desk) -> None:
    case = desk.happen(fired(), "fired")[0].case
    with desk.records.begin() as conn:
        step = take_step(conn, case, CaseEvent.ACKNOWLEDGED, act("li", " on it "), {"by": "phone"})
        assert steps_of(conn, step.case)[1] == step
        assert read_case(conn, case.id) == step.case
    assert (step.comment, step.detail, step.case.version) == ("on it", {"by": "phone"}, 2)
    ledger = Ledger(desk.records)
    entry = ledger.entries(after=1)[0]
    assert (entry.actor, entry.action, entry.subject) == ("li", "case_acknowledged", "cases/1")
    said = json.loads(entry.detail)
    assert said["before"] == {"state": "open"}
    assert said["after"] == {"state": "acknowledged"}
    assert (said["rule"], said["mentions"], said["comment"]) == ("over", ["MTR-1"], "on it")
    assert ledger.find(Selection(subject="MTR-1"))[-1] == entry


def test_steps_are_numbered_under_the_ledgers_lock(desk: Desk) -> None:
    """So that whoever follows the numbers never sees a smaller one after a larger one."""
    case = desk.happen(fired(), "fired")[0].case
    asked: list[str] = []
    event.listen(desk.records, "before_cursor_execute", lambda *a: asked.append(a[2].lower()))
    with desk.records.begin() as conn:
        take_step(conn, case, CaseEvent.COMMENTED, act(comment="seen"))
    locked = next(n for n, one in enumerate(asked) if "from ledger_head" in one)
    numbered = next(n for n, one in enumerate(asked) if one.startswith("insert into case_steps"))
    assert locked < numbered


def test_a_case_that_has_changed_since_is_left_alone(records: Engine) -> None:
    desk = Desk(records)
    case = desk.happen(fired(), "fired")[0].case
    with records.begin() as conn:
        take_step(conn, case, CaseEvent.COMMENTED, act(comment="first"))
    with (
        pytest.raises(StateError, match=r"as it was read, version 1, got 1 in version 2"),
        records.begin() as conn,
    ):
        take_step(conn, case, CaseEvent.COMMENTED, act(comment="second"))
    with records.connect() as conn:
        assert [step.comment for step in steps_of(conn, case)] == ["", "first"]


def test_a_second_open_case_of_a_pair_is_refused_and_nothing_stays(records: Engine) -> None:
    desk = Desk(records)
    case = desk.happen(fired(), "fired")[0].case
    twin = Deed(replace(case, id=0), CaseEvent.OPENED, act())
    with (
        pytest.raises(StateError, match=r"one open case at most, got another of over\|MTR-1"),
        records.begin() as conn,
    ):
        take_steps(conn, [twin])
    with records.connect() as conn:
        assert list_cases(conn, [], [], 10) == (1, [case])
    assert len(Ledger(records).entries()) == 1


def test_several_steps_of_one_case_follow_each_other(desk: Desk) -> None:
    case = desk.happen(fired(), "fired")[0].case
    deeds = [
        Deed(case, CaseEvent.ACKNOWLEDGED, act()),
        Deed(case, CaseEvent.PROPOSED, act(comment="done"), {}, {"proposed_by": "li"}),
        Deed(case, CaseEvent.CLOSED, act("wang", "seen"), {}, {"closed_by": "wang"}),
    ]
    with desk.records.begin() as conn:
        steps = take_steps(conn, deeds)
        assert [step.case.version for step in steps] == [2, 3, 4]
        assert read_case(conn, case.id) == steps[-1].case
    assert (steps[-1].case.proposed_by, steps[-1].case.closed_by) == ("li", "wang")
    assert Ledger(desk.records).verify() == []


def test_words_that_are_too_long_are_refused(desk: Desk) -> None:
    case = desk.happen(fired(), "fired")[0].case
    with (
        pytest.raises(InputError, match="at most 2000 characters, got 2001"),
        desk.records.begin() as conn,
    ):
        take_step(conn, case, CaseEvent.COMMENTED, act(comment="x" * (LONGEST_COMMENT + 1)))


def test_an_unknown_number_is_named(desk: Desk) -> None:
    with desk.records.connect() as conn, pytest.raises(NotFoundError, match="number, got 9"):
        read_case(conn, 9)


def test_no_deeds_are_no_steps(desk: Desk) -> None:
    with desk.records.begin() as conn:
        assert take_steps(conn, []) == []
