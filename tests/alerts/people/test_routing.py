"""From steps of cases to notices."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from alerts.cases.book import read_case, steps_of
from alerts.cases.model import CaseEvent, CaseState
from alerts.people.routing import tell
from alerts.people.telling import Telling
from quotawatt.storage.case_tables import notices
from quotawatt.storage.records import open_records
from tests.alerts.people.office import (
    CHANNELS,
    DEPUTY,
    DUTIES,
    EMAIL,
    INBOX,
    LOG,
    NOW,
    OWNER,
    SUPERVISOR,
    WEBHOOK,
    case_of,
    opened,
    register,
    stepped,
    telling,
    told,
)

LEFT = replace(OWNER, valid_until=date(2026, 1, 1))
OWNERS = [("account:li", "email"), ("account:li", "inbox"), ("channel:log", "log")]


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def sent(conn: Connection) -> None:
    """All that waits has gone out."""
    conn.execute(update(notices).values(state="sent", message="m"))


def missing(conn: Connection, number: int) -> list[Any]:
    case = read_case(conn, number)
    return [s.detail for s in steps_of(conn, case) if s.event is CaseEvent.OWNER_MISSING]


def test_the_owner_hears_of_an_opened_case_by_all_their_channels(conn: Connection) -> None:
    assert tell(conn, opened(conn, case_of()), telling(), NOW) == 3
    assert told(conn) == OWNERS
    row = conn.execute(select(notices).where(notices.c.channel == "email")).one()
    assert (row.route, row.site, row.rule, row.at_once) == (
        "warnings",
        "SITE-1",
        "meter-silent",
        True,
    )
    systems = conn.execute(select(notices.c.route).where(notices.c.channel == "log"))
    assert systems.scalar_one() == "systems"


def test_channels_that_are_not_set_up_are_skipped(conn: Connection) -> None:
    office = telling(channels=[INBOX, LOG, WEBHOOK])
    tell(conn, opened(conn, case_of()), office, NOW)
    assert told(conn) == [
        ("account:li", "inbox"),
        ("channel:log", "log"),
        ("channel:webhook", "webhook"),
    ]


def test_a_channel_of_another_name_is_found_by_its_kind(conn: Connection) -> None:
    office = telling(channels=[INBOX, replace(EMAIL, name="bureau-mail"), LOG])
    tell(conn, opened(conn, case_of()), office, NOW)
    assert ("account:li", "bureau-mail") in told(conn)


def test_a_severity_raised_takes_the_route_of_the_new_severity(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    raised = stepped(conn, step.case, CaseEvent.SEVERITY_RAISED, severity="critical")
    tell(conn, [raised], telling(), NOW)
    routes = conn.execute(select(notices.c.route, notices.c.severity).distinct()).all()
    assert sorted(tuple(row) for row in routes) == [
        ("critical", "critical"),
        ("systems", "critical"),
    ]


def test_a_comment_is_told_to_nobody(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    assert tell(conn, [stepped(conn, step.case, CaseEvent.COMMENTED)], telling(), NOW) == 0


def test_who_was_told_hears_of_the_end_with_the_next_digest(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling(), NOW)
    sent(conn)
    tell(conn, [stepped(conn, step.case, CaseEvent.CLEARED, firing=False)], telling(), NOW)
    assert told(conn, "cleared") == OWNERS
    waiting = conn.execute(select(notices.c.at_once).where(notices.c.event == "cleared"))
    assert set(waiting.scalars()) == {False}


@pytest.mark.parametrize(
    ("later", "hear"),
    [
        (telling(blocked=["li"]), [("channel:log", "log")]),
        # Whoever has left keeps the account, and no address of the duty.
        (telling((LEFT, *DUTIES[1:])), [("account:li", "inbox"), ("channel:log", "log")]),
    ],
    ids=["blocked", "left"],
)
def test_who_was_told_and_has_left_is_not_sent_what_cannot_arrive(
    conn: Connection, later: Telling, hear: list[tuple[str, str]]
) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling(), NOW)
    sent(conn)
    tell(conn, [stepped(conn, step.case, CaseEvent.CLEARED, firing=False)], later, NOW)
    assert told(conn, "cleared") == hear


def test_what_nobody_was_told_is_dropped_with_the_retraction(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling(), NOW)
    tell(conn, [stepped(conn, step.case, CaseEvent.RETRACTED)], telling(), NOW)
    rows = {(row.event, row.state, row.reason) for row in conn.execute(select(notices))}
    assert rows == {("opened", "dropped", "superseded")}


def test_a_retraction_goes_to_those_who_were_told_and_to_nobody_else(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling(), NOW)
    went = notices.c.channel == "email"
    conn.execute(update(notices).where(went).values(state="sent", message="m"))
    tell(conn, [stepped(conn, step.case, CaseEvent.RETRACTED)], telling(), NOW)
    assert told(conn, "retracted") == [("account:li", "email")]
    assert told(conn) == []


def test_the_assignee_hears_of_it_unless_they_took_it_themselves(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    assigned = stepped(conn, step.case, CaseEvent.ASSIGNED, "guo", assignee="account:zhao")
    tell(conn, [assigned], telling(), NOW)
    assert told(conn, "assigned") == [("account:zhao", "inbox"), ("channel:log", "log")]
    again = stepped(conn, assigned.case, CaseEvent.ASSIGNED, "cli:li", assignee="account:li")
    tell(conn, [again], telling(), NOW)
    assert ("account:li", "inbox") not in told(conn, "assigned")


def test_what_is_sent_back_goes_to_the_assignee_else_to_the_owner(conn: Connection) -> None:
    begun = opened(conn, case_of("MTR-1"), case_of("MTR-2"))
    one, other = (stepped(conn, step.case, CaseEvent.ACKNOWLEDGED, "li") for step in begun)
    proposed = [
        stepped(conn, one.case, CaseEvent.PROPOSED, "li", assignee="account:zhao"),
        stepped(conn, other.case, CaseEvent.PROPOSED, "li"),
    ]
    tell(conn, proposed, telling(), NOW)
    assert ("account:sun", "inbox") in told(conn, "proposed_closed")
    back = [stepped(conn, step.case, CaseEvent.SENT_BACK, "sun") for step in proposed]
    tell(conn, back[:1], telling(), NOW)
    assert told(conn, "sent_back") == [("account:zhao", "inbox"), ("channel:log", "log")]
    tell(conn, back[1:], telling(), NOW)
    assert ("account:li", "email") in told(conn, "sent_back")


def test_an_escalation_goes_to_the_offices_that_it_names(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    escalated = stepped(conn, step.case, CaseEvent.ESCALATED, escalated=1)
    detail = {"route": "warnings", "rung": 1, "to": ["deputies"]}
    tell(conn, [replace(escalated, detail=detail)], telling(), NOW)
    assert told(conn, "escalated") == [("channel:log", "log"), ("contact:ORG-1/deputy/1", "email")]


def test_an_owner_who_left_is_said_once_and_the_deputy_and_manager_hear_of_it(
    conn: Connection,
) -> None:
    office = telling([LEFT, *DUTIES[1:]])
    step = opened(conn, case_of())[0]
    tell(conn, [step], office, NOW)
    assert ("contact:ORG-1/deputy/1", "email") in told(conn)
    assert ("account:sun", "inbox") in told(conn, "owner_missing")
    gone = {
        "key": "account:li",
        "name_zh": "楼管",
        "name_en": "楼管",
        "duty": "owner",
        "why": "left",
    }
    assert missing(conn, step.case.id) == [{"gone": [gone], "instead": ["contact:ORG-1/deputy/1"]}]
    case = read_case(conn, step.case.id)
    tell(conn, [stepped(conn, case, CaseEvent.REMINDED)], office, NOW)
    assert len(missing(conn, step.case.id)) == 1


@pytest.mark.parametrize(
    ("office", "reason"),
    [
        (telling(blocked=["li"]), "blocked"),
        (telling([replace(OWNER, account="none"), *DUTIES[1:]]), "unknown_account"),
        (telling([replace(OWNER, account="", email=""), *DUTIES[1:]]), "no_address"),
        (telling([DEPUTY, SUPERVISOR]), "nobody"),
    ],
    ids=["blocked", "unknown", "no address", "nobody"],
)
def test_every_reason_for_which_an_owner_is_missing_is_said(
    conn: Connection, office: Any, reason: str
) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], office, NOW)
    assert [g["why"] for detail in missing(conn, step.case.id) for g in detail["gone"]] == [reason]
    assert ("contact:ORG-1/deputy/1", "email") in told(conn)


def test_a_post_that_the_organisation_names_is_not_missing(conn: Connection) -> None:
    office = telling([], register=register([], owner_zh="办公室主任"))
    step = opened(conn, case_of())[0]
    tell(conn, [step], office, NOW)
    assert missing(conn, step.case.id) == []
    assert told(conn) == [("account:guo", "inbox"), ("account:he", "inbox"), ("channel:log", "log")]


def test_where_only_the_inbox_is_set_up_no_address_is_nobodys_fault(conn: Connection) -> None:
    plain = replace(OWNER, account="")
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling([plain], channels=[INBOX, LOG]), NOW)
    assert missing(conn, step.case.id) == []
    assert told(conn) == [("account:guo", "inbox"), ("account:he", "inbox"), ("channel:log", "log")]


def test_with_nobody_at_all_the_channels_of_last_resort_are_told(conn: Connection) -> None:
    own = {"own": replace(telling().rulebook.routes["warnings"], id="own")}
    office = telling(
        [],
        users={},
        channels=[INBOX, LOG, WEBHOOK],
        rulebook=replace(telling().rulebook, routes=own),
    )
    step = opened(conn, case_of())[0]
    tell(conn, [step], office, NOW)
    assert told(conn) == [("channel:log", "log"), ("channel:webhook", "webhook")]
    assert [detail["instead"] for detail in missing(conn, step.case.id)] == [[]]


def test_a_case_that_no_route_fits_is_told_to_the_manager_and_the_log(conn: Connection) -> None:
    office = telling(rulebook=replace(telling().rulebook, routes={}))
    tell(conn, opened(conn, case_of()), office, NOW)
    assert told(conn) == [("account:sun", "inbox"), ("channel:log", "log")]


def test_what_could_not_be_delivered_goes_to_the_next_in_the_ladder(conn: Connection) -> None:
    step = opened(conn, case_of())[0]
    tell(conn, [step], telling(), NOW)
    given_up = stepped(conn, step.case, CaseEvent.UNDELIVERED)
    detail = {"channel": "email", "recipient": "account:li", "message": "m", "reason": "refused"}
    tell(conn, [replace(given_up, detail=detail)], telling(), NOW)
    assert told(conn, "undelivered") == [
        ("channel:log", "log"),
        ("contact:ORG-1/deputy/1", "email"),
    ]


def test_a_closed_case_says_nothing_of_missing_owners(conn: Connection) -> None:
    office = telling([LEFT])
    step = opened(conn, case_of())[0]
    closed = stepped(conn, step.case, CaseEvent.CLOSED, closed_how="telemetry")
    tell(conn, [step, closed], office, NOW)
    assert closed.case.state is CaseState.CLOSED
    assert missing(conn, step.case.id) == []


def test_many_cases_are_told_in_one_go(conn: Connection) -> None:
    cases = [case_of("MTR-1", subject=f"MTR-1/q/{n}") for n in range(500)]
    assert tell(conn, opened(conn, *cases), telling(channels=CHANNELS), NOW) == 1500
