"""Taking an alert's case up, and what a list of alerts shows of it."""

from dataclasses import replace

import pytest

from alerts.cases.acts import close
from alerts.cases.model import Act, CaseState, Step
from alerts.cases.of_alerts import (
    acknowledge_alert,
    acknowledgement_of,
    cases_of_alerts,
    said_on_acknowledging,
)
from alerts.engine.repository import Alert, store_alerts
from alerts.engine.transition import Phase
from quotawatt.errors import NotFoundError, StateError
from quotawatt.rulebook.effects import effects_between
from tests.alerts.cases.scene import NOW, Desk, act, context_at, fired


def taken_up(desk: Desk, number: int, by: Act) -> Step:
    with desk.records.begin() as conn:
        return acknowledge_alert(conn, number, by, context_at(NOW))


def stored(desk: Desk, alert: Alert) -> int:
    with desk.records.begin() as conn:
        number = store_alerts(conn, [alert])[0].id
    assert number is not None
    return number


def test_the_case_of_an_alert_is_taken_up_and_counted(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    step = taken_up(desk, 1, act("li", "on it"))
    assert (step.case.state, step.case.acknowledged_by) == (CaseState.ACKNOWLEDGED, "li")
    with desk.records.connect() as conn:
        (case,) = cases_of_alerts(conn, [1, 2]).values()
        assert acknowledgement_of(case)["acknowledged_at"] == NOW
        assert said_on_acknowledging(conn, [case.id]) == {case.id: "on it"}
        (found,) = effects_between(conn, None, None)
    assert found.effects.acknowledged == 1
    with pytest.raises(StateError, match="must be open for 'acknowledged', got acknowledged"):
        taken_up(desk, 1, act("zhao"))


def test_an_alert_of_an_older_store_gets_its_case_first(desk: Desk) -> None:
    number = stored(desk, fired())
    step = taken_up(desk, number, act())
    assert (step.case.alert, step.case.version) == (number, 2)


def test_what_cannot_be_taken_up(desk: Desk) -> None:
    over = fired()
    number = stored(desk, replace(over, state=replace(over.state, phase=Phase.RESOLVED)))
    with pytest.raises(StateError, match="only a firing alert can be acknowledged, got resolved"):
        taken_up(desk, number, act())
    with pytest.raises(NotFoundError, match="an alert must exist by its number, got 9"):
        taken_up(desk, 9, act())
    desk.happen(fired("VEH-1"), "fired")
    case = desk.case("VEH-1")
    desk.do(close, case.id, act("wang", "explained"))
    with pytest.raises(StateError, match="case of an alert must be open, got 1 which is closed"):
        taken_up(desk, case.alert or 0, act())


def test_an_alert_without_a_case_shows_none() -> None:
    assert acknowledgement_of(None) == {
        "case": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }
