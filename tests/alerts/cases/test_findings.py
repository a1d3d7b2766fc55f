"""Cases that people make of findings."""

from datetime import datetime, timedelta

import pytest

from alerts.cases.acts import acknowledge, propose_closed
from alerts.cases.findings import open_from_finding
from alerts.cases.model import Case, CaseEvent, CaseState, Step
from alerts.cases.verifying import verify
from quotawatt.errors import NotFoundError, StateError
from quotawatt.findings import Finding
from quotawatt.register.findings_book import note_findings, report_findings
from quotawatt.register.findings_decisions import accept
from tests.alerts.cases.scene import HOUR, NOW, REGISTER, Desk, act, context_at
from tests.alerts.rules import DAY

STUCK = Finding("meter_silent", "MTR-1", {"hours": 30})


def found(desk: Desk, at: datetime = NOW) -> int:
    """The number of the finding, as of an instant."""
    with desk.records.begin() as conn:
        note_findings(conn, "register", [STUCK], REGISTER, at)
    return 1


def gone(desk: Desk, at: datetime) -> None:
    with desk.records.begin() as conn:
        report_findings(conn, "register", [], REGISTER, at)


def made(desk: Desk, at: datetime = NOW) -> Case:
    number = found(desk, NOW - DAY)
    with desk.records.begin() as conn:
        return open_from_finding(conn, number, act(at=at), context_at(at)).case


def verified(desk: Desk, at: datetime) -> list[Step]:
    with desk.records.begin() as conn:
        return verify(conn, context_at(at), at)


def test_a_case_says_which_finding_it_is_of(desk: Desk) -> None:
    case = made(desk)
    assert (case.rule, case.subject, case.source) == ("finding:meter_silent", "MTR-1", "findings")
    assert (case.organisation, case.site, case.alert) == ("ORG-2", "SITE-1", None)
    assert (case.began_at, case.opened_at) == (NOW - DAY, NOW)
    assert case.figures == {"hours": 30, "finding": 1}
    assert case.state is CaseState.OPEN


def test_it_is_verified_when_the_finding_is_gone(desk: Desk) -> None:
    made(desk)
    assert verified(desk, NOW + HOUR) == []
    gone(desk, NOW + 2 * HOUR)
    (cleared,) = verified(desk, NOW + 3 * HOUR)
    assert (cleared.event, cleared.case.clear_since) == (CaseEvent.CLEARED, NOW + 2 * HOUR)
    assert verified(desk, NOW + 3 * HOUR) == []
    (closed,) = verified(desk, NOW + 2 * HOUR + DAY)
    assert (closed.event, closed.case.closed_how) == (CaseEvent.CLOSED, "telemetry")


def test_an_accepted_finding_is_clear_too(desk: Desk) -> None:
    made(desk)
    accept(desk.records, 1, "li", "a meter of the works next door", NOW + HOUR)
    (cleared,) = verified(desk, NOW + 2 * HOUR)
    assert (cleared.detail, cleared.case.clear_since) == ({"finding": "accepted"}, NOW + HOUR)


def test_found_again_it_fires_again_and_a_proposal_is_sent_back(desk: Desk) -> None:
    case = made(desk)
    desk.do(acknowledge, case.id, act())
    desk.do(propose_closed, case.id, act(comment="cable replaced"))
    gone(desk, NOW + HOUR)
    verified(desk, NOW + 2 * HOUR)
    found(desk, NOW + 3 * HOUR)
    again, back = verified(desk, NOW + 4 * HOUR)
    assert (again.event, back.event) == (CaseEvent.FIRED_AGAIN, CaseEvent.SENT_BACK)
    assert (back.case.state, back.case.firing) == (CaseState.ACKNOWLEDGED, True)
    assert verified(desk, NOW + 30 * DAY) == []


def test_one_open_case_of_an_open_finding(desk: Desk) -> None:
    made(desk)
    with (
        pytest.raises(StateError, match="one open case at most, got 1 in 1"),
        desk.records.begin() as conn,
    ):
        open_from_finding(conn, 1, act(), context_at(NOW))
    gone(desk, NOW + timedelta(minutes=1))
    with (
        pytest.raises(StateError, match="of an open finding, got 1: cleared"),
        desk.records.begin() as conn,
    ):
        open_from_finding(conn, 1, act(), context_at(NOW))


def test_an_unknown_finding(desk: Desk) -> None:
    with desk.records.begin() as conn, pytest.raises(NotFoundError, match="got 7"):
        open_from_finding(conn, 7, act(), context_at(NOW))
