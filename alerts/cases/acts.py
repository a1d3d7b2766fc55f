"""What people do to cases. Each act is one step, in one transaction: ``conn`` comes from ``engine.begin()``.

All raise NotFoundError for an unknown number, StateError where the act does not fit the case's state
(``alerts.cases.states``), and InputError for words that are missing or too long. Who may do what over which
organisations is asked before, by the api.

Four eyes: whoever proposed the closing does not confirm it, and where nobody proposed it, whoever took the
case up does not close it. Telemetry needs no second pair.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from alerts.cases.book import latest_of, read_case
from alerts.cases.model import Act, Case, CaseEvent, Step
from alerts.cases.opening import reopened
from alerts.cases.policy import MANAGER, RETRACTED
from alerts.cases.taking import take_step
from quotawatt.errors import InputError, StateError
from quotawatt.explanations.values import Explanation
from quotawatt.hand.documents import Document, keep_document
from quotawatt.rulebook.proposal import person_of
from quotawatt.storage.case_tables import case_evidence, cases

MOST_EVIDENCE = 50
"""Documents of one case."""


def acknowledge(conn: Connection, number: int, act: Act) -> Step:
    """Take a case up."""
    changes = {"acknowledged_at": act.at, "acknowledged_by": act.actor}
    return _take(conn, number, CaseEvent.ACKNOWLEDGED, act, changes=changes)


def assign(conn: Connection, number: int, act: Act, assignee: str) -> Step:
    """Give it to whoever goes by this key; ``alerts.cases.assigning`` says who can be given it."""
    case = read_case(conn, number, lock=True)
    detail = {"from": case.assignee, "to": assignee}
    return take_step(conn, case, CaseEvent.ASSIGNED, act, detail, {"assignee": assignee})


def comment(conn: Connection, number: int, act: Act) -> Step:
    """Say something of it; also of one that is over."""
    _require_words(act, "a comment")
    return _take(conn, number, CaseEvent.COMMENTED, act)


def note_measure(conn: Connection, number: int, act: Act) -> Step:
    """Say what is done about it: the comment is the measure."""
    _require_words(act, "a measure")
    return _take(conn, number, CaseEvent.MEASURE, act)


def set_due(conn: Connection, number: int, act: Act, day: date, today: date) -> Step:
    """Name the day until whose end it has to be put right, ``today`` or later (both local)."""
    if day < today:
        raise InputError(f"a due date must not be past, got {day.isoformat()}")
    case = read_case(conn, number, lock=True)
    before = None if case.due_on is None else case.due_on.isoformat()
    detail = {"from": before, "to": day.isoformat()}
    return take_step(conn, case, CaseEvent.DUE_SET, act, detail, {"due_on": day})


def add_evidence(conn: Connection, number: int, act: Act, document: Document) -> Step:
    """Add a document, which is kept under its hash; also to a case that is over.

    Raises StateError for one that the case has already, and for more than ``MOST_EVIDENCE``.
    """
    case = read_case(conn, number, lock=True)
    known = evidence_of(conn, number)
    if document.sha256 in {row["sha256"] for row in known}:
        raise StateError(f"a document must be new to its case, got {document.name} a second time")
    if len(known) >= MOST_EVIDENCE:
        raise StateError(f"a case must have at most {MOST_EVIDENCE} documents, got one more")
    keep_document(conn, document, act.actor, act.at)
    row = {
        "case": number,
        "sha256": document.sha256,
        "name": document.name,
        "added_by": act.actor,
        "added_at": act.at,
    }
    conn.execute(insert(case_evidence).values(row))
    detail = {"sha256": document.sha256, "name": document.name, "bytes": len(document.content)}
    return take_step(conn, case, CaseEvent.EVIDENCE_ADDED, act, detail)


def evidence_of(conn: Connection, number: int) -> list[dict[str, Any]]:
    """The documents of a case in the order in which they came: hash, name, by whom, when."""
    t = case_evidence.c
    query = select(t.id, t.sha256, t.name, t.added_by, t.added_at).where(t.case == number)
    return [dict(row) for row in conn.execute(query.order_by(t.id)).mappings()]


def explain(conn: Connection, explanation: Explanation, act: Act) -> list[Step]:
    """Note that an overrun's explanation was approved, in the newest case of each rule on its account."""
    overrun = explanation.overrun
    subject = f"{overrun.asset}/{overrun.quota}/{overrun.year}"
    rules = conn.execute(select(cases.c.rule).where(cases.c.subject == subject).distinct())
    found = latest_of(conn, [(rule, subject) for rule in rules.scalars()], lock=True)
    detail = {
        "explanation": explanation.id,
        "amount": overrun.amount,
        "unit": overrun.unit,
        "reason": overrun.reason,
    }
    return [
        take_step(conn, case, CaseEvent.EXPLAINED, act, detail) for _, case in sorted(found.items())
    ]


def propose_closed(conn: Connection, number: int, act: Act) -> Step:
    """Say that it has been put right, and how."""
    _require_words(act, "a proposal to close")
    changes = {"proposed_at": act.at, "proposed_by": act.actor}
    return _take(conn, number, CaseEvent.PROPOSED, act, changes=changes)


def send_back(conn: Connection, number: int, act: Act) -> Step:
    """Turn a proposal to close down, and say why."""
    _require_words(act, "a case that is sent back")
    changes = {"proposed_at": None, "proposed_by": None}
    return _take(conn, number, CaseEvent.SENT_BACK, act, changes=changes)


def close(conn: Connection, number: int, act: Act) -> Step:
    """Close it as a manager, and say why; also one whose condition still holds, which the step says then.

    Raises StateError where four eyes are asked for and these are the same.
    """
    _require_words(act, "a case that is closed")
    case = read_case(conn, number, lock=True)
    _require_four_eyes(case, act)
    changes = {"closed_at": act.at, "closed_by": act.actor, "closed_how": MANAGER}
    detail = {"how": MANAGER, "still_firing": case.firing}
    return take_step(conn, case, CaseEvent.CLOSED, act, detail, changes)


def reopen(conn: Connection, number: int, act: Act) -> Step:
    """Open a closed case again, and say why. What was retracted is opened by data alone.

    Raises StateError where a newer case of its rule and subject exists.
    """
    _require_words(act, "a case that is reopened")
    case = read_case(conn, number, lock=True)
    newest = latest_of(conn, [(case.rule, case.subject)])[case.rule, case.subject]
    if newest.id != case.id:
        raise StateError(f"the newest case must be reopened, {newest.id}, got {case.id}")
    if case.closed_how == RETRACTED:
        raise StateError(f"a retracted case must be opened by data alone, got {case.id}")
    # Where it is clear the time to verify begins anew.
    changes = {**reopened(case), "clear_since": case.clear_since and act.at}
    return take_step(conn, case, CaseEvent.REOPENED, act, {"why": "by_hand"}, changes)


def _take(
    conn: Connection,
    number: int,
    event: CaseEvent,
    act: Act,
    changes: dict[str, Any] | None = None,
) -> Step:
    return take_step(conn, read_case(conn, number, lock=True), event, act, {}, changes or {})


def _require_words(act: Act, what: str) -> None:
    if not act.comment.strip():
        raise InputError(f"{what} must have words, got {act.comment!r}")


def _require_four_eyes(case: Case, act: Act) -> None:
    before = case.proposed_by or case.acknowledged_by
    if before is not None and person_of(before) == person_of(act.actor):
        did = "proposed" if case.proposed_by else "acknowledged"
        raise StateError(
            f"a case must be closed by somebody else than whoever {did} it, got {act.actor}"
        )
