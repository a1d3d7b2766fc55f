"""What people do to cases, and what they cannot."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from alerts.cases import acts
from alerts.cases.book import read_case
from alerts.cases.model import CaseEvent, CaseState
from alerts.engine.repository import Alert
from quotawatt.errors import InputError, StateError
from quotawatt.explanations import book
from quotawatt.explanations.values import Overrun
from quotawatt.hand.documents import MOST_BYTES, document_of, read_document
from quotawatt.storage.hand_tables import hand_documents
from tests.alerts.cases.scene import NOW, Desk, act, fired

PNG = b"\x89PNG\r\n\x1a\n"
TODAY = date(2023, 6, 5)


@pytest.fixture
def number(desk: Desk) -> int:
    """A case that fires."""
    return desk.happen(fired(), "fired")[0].case.id


def test_from_the_first_sign_to_the_closing(desk: Desk, number: int) -> None:
    taken = desk.do(acts.acknowledge, number, act("li", "on my way"))
    assert (taken.case.acknowledged_by, taken.case.acknowledged_at) == ("li", NOW)
    measure = desk.do(acts.note_measure, number, act("li", "timer replaced"))
    assert (measure.event, measure.comment) == (CaseEvent.MEASURE, "timer replaced")
    proposed = desk.do(acts.propose_closed, number, act("li", "works since noon"))
    assert (proposed.case.state, proposed.case.proposed_by) == (CaseState.PROPOSED, "li")
    back = desk.do(acts.send_back, number, act("wang", "which timer?"))
    assert (back.case.state, back.case.proposed_by) == (CaseState.ACKNOWLEDGED, None)
    desk.do(acts.propose_closed, number, act("li", "that of the hall"))
    closed = desk.do(acts.close, number, act("wang", "seen"))
    assert (closed.case.state, closed.case.closed_how) == (CaseState.CLOSED, "manager")
    assert closed.detail == {"how": "manager", "still_firing": True}


@pytest.mark.parametrize("as_who", ["li", "li/phone", "cli:li"])
def test_whoever_proposed_does_not_confirm(desk: Desk, number: int, as_who: str) -> None:
    desk.do(acts.acknowledge, number, act("wang"))
    desk.do(acts.propose_closed, number, act("li", "done"))
    with pytest.raises(StateError, match=f"somebody else than whoever proposed it, got {as_who}"):
        desk.do(acts.close, number, act(as_who, "fine"))
    assert desk.do(acts.close, number, act("wang", "fine")).case.closed_by == "wang"


def test_whoever_took_it_up_does_not_close_it_unproposed(desk: Desk, number: int) -> None:
    desk.do(acts.acknowledge, number, act("li"))
    with pytest.raises(StateError, match="whoever acknowledged it, got li"):
        desk.do(acts.close, number, act("li", "fine"))


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (acts.comment, "a comment must have"),
        (acts.note_measure, "a measure must have"),
        (acts.propose_closed, "a proposal to close must have"),
        (acts.send_back, "sent back must have"),
        (acts.close, "closed must have"),
        (acts.reopen, "reopened must have"),
    ],
)
def test_what_needs_words_is_not_done_without(
    desk: Desk, number: int, deed: object, words: str
) -> None:
    assert callable(deed)
    with pytest.raises(InputError, match=f"{words} words, got '  '"):
        desk.do(deed, number, act(comment="  "))


def test_a_due_date_is_not_past(desk: Desk, number: int) -> None:
    step = desk.do(acts.set_due, number, act(), date(2023, 6, 9), TODAY)
    assert (step.case.due_on, step.detail) == (
        date(2023, 6, 9),
        {"from": "2023-06-19", "to": "2023-06-09"},
    )
    with pytest.raises(InputError, match="must not be past, got 2023-06-04"):
        desk.do(acts.set_due, number, act(), date(2023, 6, 4), TODAY)


def test_who_was_given_it_is_on_record(desk: Desk, number: int) -> None:
    desk.do(acts.assign, number, act("wang"), "account:li")
    step = desk.do(acts.assign, number, act("wang"), "account:zhao")
    assert step.case.assignee == "account:zhao"
    assert step.detail == {"from": "account:li", "to": "account:zhao"}


def test_a_document_of_ten_megabytes_is_kept_and_read_back(desk: Desk, number: int) -> None:
    document = document_of("hall.png", PNG + bytes(MOST_BYTES - len(PNG)))
    step = desk.do(acts.add_evidence, number, act(), document)
    assert step.detail["bytes"] == 10_000_000
    with desk.records.connect() as conn:
        (row,) = acts.evidence_of(conn, number)
        assert (row["name"], row["added_by"]) == ("hall.png", "li")
        assert read_document(conn, row["sha256"]).content == document.content
    with pytest.raises(StateError, match=r"new to its case, got hall.png a second time"):
        desk.do(acts.add_evidence, number, act(), document)


def test_a_larger_or_other_file_is_no_document() -> None:
    with pytest.raises(InputError, match=r"at most 10 MB, got 10\.0 MB"):
        document_of("hall.png", PNG + bytes(MOST_BYTES))
    with pytest.raises(InputError, match=r"a JPEG, PNG or PDF, got 'hall\.png'"):
        document_of("hall.png", b"MZ")


def test_a_document_that_was_altered_is_refused(desk: Desk, number: int) -> None:
    step = desk.do(acts.add_evidence, number, act(), document_of("hall.png", PNG + b"hall"))
    with desk.records.begin() as conn:
        conn.execute(update(hand_documents).values(content=PNG + b"another"))
        with pytest.raises(InputError, match="must have the hash"):
            read_document(conn, step.detail["sha256"])


def test_a_case_has_so_many_documents_at_most(
    desk: Desk, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_EVIDENCE", 1)
    desk.do(acts.add_evidence, number, act(), document_of("p.png", PNG + b"1"))
    with pytest.raises(StateError, match="at most 1 documents, got one more"):
        desk.do(acts.add_evidence, number, act(), document_of("p.png", PNG + b"2"))


def test_an_approved_explanation_is_said_in_the_cases_of_its_account(desk: Desk) -> None:
    number = desk.happen(fired("BLD-1/area/2023"), "fired")[0].case.id
    overrun = Overrun("BLD-1", "area", 2023, "open on weekends", "timers", 1800.0, "kgce")
    with desk.records.begin() as conn:
        written = book.write(conn, overrun, act("li"))
        (step,) = acts.explain(conn, written, act("wang"))
    assert (step.event, step.case.id) == (CaseEvent.EXPLAINED, number)
    assert (step.detail["explanation"], step.detail["amount"]) == (written.id, 1800.0)


def test_a_closed_case_is_reopened_with_a_reason(desk: Desk, number: int) -> None:
    desk.do(acts.close, number, act("wang", "fine"))
    step = desk.do(acts.reopen, number, act("wang", "it is not"))
    case = step.case
    assert (case.state, case.reopened, case.closed_by) == (CaseState.OPEN, 1, None)
    with desk.records.connect() as conn:
        assert read_case(conn, number) == case


def test_a_retracted_case_is_opened_by_data_alone(desk: Desk, number: int) -> None:
    desk.happen(fired_with(desk), "retracted")
    with pytest.raises(StateError, match="opened by data alone, got 1"):
        desk.do(acts.reopen, number, act("wang", "still"))


def test_an_old_case_is_not_reopened_beside_a_newer_one(desk: Desk, number: int) -> None:
    desk.do(acts.close, number, act("wang", "fine"))
    alert = fired_with(desk)
    newer = desk.happen(alert, "fired", at=NOW.replace(year=2024))[0].case.id
    with pytest.raises(StateError, match=f"the newest case must be reopened, {newer}, got"):
        desk.do(acts.reopen, number, act("wang", "still"))


def fired_with(desk: Desk) -> Alert:
    """The alert of the case, with its number."""
    return replace(fired(), id=desk.case().alert)
