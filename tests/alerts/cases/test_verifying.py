"""Cases close when the meter shows it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.cases.acts import acknowledge
from alerts.cases.model import CaseEvent, CaseState, Step
from alerts.cases.verifying import verify
from alerts.engine.repository import Alert
from alerts.engine.transition import Phase
from quotawatt.rulebook.effects import effects_between
from tests.alerts.cases.scene import HOUR, NOW, Desk, act, context_at, fired
from tests.alerts.rules import DAY


def verified(desk: Desk, at: datetime) -> Sequence[Step]:
    with desk.records.begin() as conn:
        return verify(conn, context_at(at), at)


def cleared(desk: Desk, rule: str = "over") -> Alert:
    """An alert whose case is clear since a day after it fired."""
    desk.happen(fired(rule_id=rule), "fired")
    alert = replace(fired(rule_id=rule), id=desk.case(rule_id=rule).alert)
    since = NOW + DAY
    alert = replace(alert, state=replace(alert.state, phase=Phase.RESOLVED, clear_since=since))
    desk.happen(alert, "resolved", at=since + HOUR)
    return alert


def test_it_closes_once_it_has_stayed_clear_for_long_enough(desk: Desk) -> None:
    cleared(desk)
    # Clear since the condition was, not since the alert had cooled down.
    assert verified(desk, NOW + 2 * DAY - timedelta(microseconds=1)) == []
    (step,) = verified(desk, NOW + 2 * DAY)
    assert (step.event, step.actor, step.case.state) == (
        CaseEvent.CLOSED,
        "alerts",
        CaseState.CLOSED,
    )
    assert (step.case.closed_how, step.case.closed_at) == ("telemetry", NOW + 2 * DAY)
    assert step.detail["unanswered"] is True
    assert verified(desk, NOW + 2 * DAY) == []


def test_an_answered_case_says_so(desk: Desk) -> None:
    cleared(desk)
    desk.do(acknowledge, 1, act())
    (step,) = verified(desk, NOW + 2 * DAY)
    assert step.detail["unanswered"] is False


def test_what_fires_again_in_time_stays_open(desk: Desk) -> None:
    alert = cleared(desk)
    desk.happen(alert, "fired", at=NOW + DAY + 2 * HOUR)
    assert verified(desk, NOW + 9 * DAY) == []


def test_without_data_the_clock_stops_and_begins_anew(desk: Desk) -> None:
    alert = cleared(desk)
    desk.happen(alert, "no_data", at=NOW + DAY + 2 * HOUR)
    assert verified(desk, NOW + 9 * DAY) == []
    desk.happen(alert, "data_returned", at=NOW + 9 * DAY)
    assert verified(desk, NOW + 10 * DAY - HOUR) == []
    assert len(verified(desk, NOW + 10 * DAY)) == 1


def test_what_a_manager_has_to_close_waits_for_one(desk: Desk) -> None:
    cleared(desk, rule="loss")
    assert verified(desk, NOW + 90 * DAY) == []
    assert desk.case(rule_id="loss").is_open


def test_the_closing_counts_for_the_rule(desk: Desk) -> None:
    cleared(desk)
    verified(desk, NOW + 2 * DAY)
    with desk.records.connect() as conn:
        (found,) = effects_between(conn, None, None)
    assert (found.rule, found.effects.closed) == ("over", 1)


@pytest.mark.parametrize("rule", ["gone-from-the-book"])
def test_a_rule_that_has_left_the_book_leaves_the_usual_policy(desk: Desk, rule: str) -> None:
    cleared(desk, rule=rule)
    (step,) = verified(desk, NOW + 2 * DAY)
    assert (step.case.rule, step.case.closed_how) == (rule, "telemetry")
