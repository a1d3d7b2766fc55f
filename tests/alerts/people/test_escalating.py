"""The ladder, reminders and due days of cases that nobody answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select, update

from alerts.cases.book import read_case
from alerts.cases.model import Case, CaseEvent, Step
from alerts.people.escalating import due_steps
from alerts.people.routing import tell
from quotawatt.storage.case_tables import notices
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import outbox
from tests.alerts.people.office import (
    BOOK,
    DAY,
    HOUR,
    NOW,
    case_of,
    opened,
    stepped,
    telling,
)

TELLING = telling()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def sent(conn: Connection, at: datetime) -> None:
    """All that waits goes out in one message."""
    key = f"message {conn.execute(select(func.count()).select_from(outbox)).scalar_one()}"
    row = {"key": key, "channel": "email", "body": {}, "created_at": at, "next_try_at": at}
    conn.execute(insert(outbox).values(row))
    conn.execute(
        update(notices).where(notices.c.state == "waiting").values(state="sent", message=key)
    )


def told_of(conn: Connection, at: datetime = NOW, **values: Any) -> Case:
    """A case that was opened at ``NOW`` and of which people were told at an instant."""
    step = opened(conn, case_of(**values))[0]
    tell(conn, [step], TELLING, NOW)
    sent(conn, at)
    return step.case


def due(conn: Connection, at: datetime) -> list[Step]:
    """The steps that are due, told as the service tells them."""
    steps = due_steps(conn, TELLING, at)
    tell(conn, steps, TELLING, at)
    sent(conn, at)
    return steps


def said(steps: Sequence[Step]) -> list[tuple[str, Any]]:
    return [(s.event.value, s.detail.get("to") or s.detail.get("due_on")) for s in steps]


def test_a_critical_case_climbs_the_ladder_by_its_waits(conn: Connection) -> None:
    number = told_of(conn, severity="critical").id
    seen = []
    for at in (NOW + HOUR - MINUTE, NOW + HOUR, NOW + 5 * HOUR, NOW + 29 * HOUR):
        seen.append(said(due(conn, at)))
        assert due_steps(conn, TELLING, at) == []
    assert seen == [
        [],
        [("escalated", ["deputies"])],
        [("escalated", ["supervisor"])],
        [("escalated", ["manager"])],
    ]
    assert read_case(conn, number).escalated == 3


def test_the_clock_runs_from_the_message_and_stands_while_it_is_held(conn: Connection) -> None:
    step = opened(conn, case_of(severity="critical"))[0]
    tell(conn, [step], TELLING, NOW)
    assert due_steps(conn, TELLING, NOW + DAY) == []
    sent(conn, NOW + DAY)
    assert due_steps(conn, TELLING, NOW + DAY + HOUR - MINUTE) == []
    assert said(due_steps(conn, TELLING, NOW + DAY + HOUR)) == [("escalated", ["deputies"])]


def test_where_nobody_could_be_told_the_clock_runs_from_the_opening(conn: Connection) -> None:
    opened(conn, case_of(severity="critical"))
    assert said(due_steps(conn, TELLING, NOW + HOUR)) == [("escalated", ["deputies"])]


def test_what_came_due_while_nothing_ran_is_one_step(conn: Connection) -> None:
    told_of(conn, severity="critical")
    assert said(due(conn, NOW + 2 * DAY)) == [("escalated", ["deputies", "supervisor", "manager"])]


def test_an_acknowledged_case_does_not_climb(conn: Connection) -> None:
    case = told_of(conn, severity="critical")
    stepped(conn, case, CaseEvent.ACKNOWLEDGED, "li")
    assert due(conn, NOW + 10 * DAY) == []


def test_quiet_hours_hold_a_warning_and_no_critical_case(conn: Connection) -> None:
    told_of(conn)
    told_of(conn, severity="critical", asset="MTR-2", subject="MTR-2")
    evening = NOW + 2 * DAY + 11 * HOUR  # a Thursday, 21:00 at the site
    morning = evening + 11 * HOUR
    assert [step.case.severity for step in due(conn, evening)] == ["critical"]
    assert "warning" not in [step.case.severity for step in due(conn, morning - MINUTE)]
    climbed = [s for s in due(conn, morning) if s.case.severity == "warning"]
    assert said(climbed) == [("escalated", ["deputies"])]


def test_a_reopened_case_begins_anew(conn: Connection) -> None:
    case = told_of(conn, severity="critical")
    due(conn, NOW + HOUR)
    closed = stepped(conn, read_case(conn, case.id), CaseEvent.CLOSED, at=NOW + 2 * HOUR)
    back = NOW + 10 * DAY
    again = stepped(conn, closed.case, CaseEvent.REOPENED, at=back, escalated=0, reminded_at=None)
    tell(conn, [again], TELLING, back)
    assert due_steps(conn, TELLING, back + HOUR) == []
    sent(conn, back + HOUR)
    assert said(due(conn, back + 2 * HOUR)) == [("escalated", ["deputies"])]


def test_an_unanswered_case_is_brought_up_again_at_each_repeat(conn: Connection) -> None:
    told_of(conn, severity="critical")
    due(conn, NOW + 2 * DAY)  # all of the ladder
    assert due(conn, NOW + 3 * DAY - MINUTE) == []
    reminded = due(conn, NOW + 3 * DAY)
    assert [(s.event, s.case.reminded_at) for s in reminded] == [
        (CaseEvent.REMINDED, NOW + 3 * DAY)
    ]
    assert due(conn, NOW + 4 * DAY - MINUTE) == []
    assert len(due(conn, NOW + 4 * DAY)) == 1


def test_a_due_day_that_has_passed_at_the_site_is_said_once(conn: Connection) -> None:
    case = told_of(conn, due_on=date(2026, 11, 5))
    case = stepped(conn, case, CaseEvent.ACKNOWLEDGED, "li").case
    last_moment = datetime.fromisoformat("2026-11-06T00:00:00+08:00")
    assert due(conn, last_moment - MINUTE) == []
    assert said(due(conn, last_moment)) == [("overdue", "2026-11-05")]
    assert due(conn, last_moment + HOUR) == []
    later = read_case(conn, case.id)
    stepped(conn, later, CaseEvent.DUE_SET, "sun", due_on=date(2026, 11, 10))
    assert said(due(conn, last_moment + 5 * DAY)) == [("overdue", "2026-11-10")]


def test_an_overdue_case_is_brought_up_again_though_it_was_acknowledged(conn: Connection) -> None:
    case = told_of(conn, due_on=date(2026, 11, 3))
    stepped(conn, case, CaseEvent.ACKNOWLEDGED, "li")
    overdue = NOW + DAY
    assert [s.event for s in due(conn, overdue)] == [CaseEvent.OVERDUE]
    assert [s.event for s in due(conn, overdue + 3 * DAY)] == [CaseEvent.REMINDED]


def test_a_case_that_is_over_is_left_alone(conn: Connection) -> None:
    case = told_of(conn, severity="critical", due_on=date(2026, 11, 3))
    stepped(conn, case, CaseEvent.CLOSED, closed_how="telemetry")
    assert due(conn, NOW + 30 * DAY) == []


def test_without_routes_nothing_climbs(conn: Connection) -> None:
    told_of(conn, severity="critical")
    bare = replace(TELLING, rulebook=replace(BOOK, routes={}))
    assert due_steps(conn, bare, NOW + 30 * DAY) == []


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True))
def test_the_rung_does_not_hang_on_when_it_is_looked_at(conn: Connection, looks: list[int]) -> None:
    with conn.begin_nested() as attempt:
        case = told_of(conn, severity="critical")
        for hours in sorted(looks):
            due(conn, NOW + hours * HOUR)
            expected = sum(hours >= wait for wait in (1, 5, 29))
            assert read_case(conn, case.id).escalated == expected
        attempt.rollback()


@pytest.mark.parametrize(
    ("rule", "climbs"),
    [("meter-silent", False), ("finding:stuck", False), ("quota-exhausted", True)],
)
def test_nobody_is_called_in_over_a_case_that_is_about_to_close_by_itself(
    conn: Connection, rule: str, climbs: bool
) -> None:
    told_of(conn, severity="critical", rule=rule, firing=False, clear_since=NOW + MINUTE)
    assert bool(due(conn, NOW + HOUR)) is climbs
    assert bool(due(conn, NOW + 2 * DAY)) is climbs


def test_the_ladder_is_climbed_again_where_the_condition_holds_again(conn: Connection) -> None:
    case = told_of(conn, severity="critical", firing=False, clear_since=NOW + MINUTE)
    assert due(conn, NOW + 2 * HOUR) == []
    stepped(conn, case, CaseEvent.FIRED_AGAIN, firing=True, clear_since=None)
    assert said(due(conn, NOW + 2 * HOUR)) == [("escalated", ["deputies"])]
