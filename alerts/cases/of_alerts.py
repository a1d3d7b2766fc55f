"""Alerts and their cases: taking an alert's case up, and what a list of alerts shows of cases."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from alerts.cases.acts import acknowledge
from alerts.cases.book import latest_of, read_cases
from alerts.cases.counting import count_steps
from alerts.cases.model import OPEN_STATES, Act, Case, CaseEvent, Step
from alerts.cases.reacting import react
from alerts.cases.rows import in_chunks
from alerts.engine.repository import Alert, Change, load_alert
from alerts.engine.transition import Phase
from alerts.wording import Context
from quotawatt.errors import NotFoundError, StateError
from quotawatt.storage.case_tables import case_steps, cases


def acknowledge_alert(conn: Connection, alert_id: int, act: Act, context: Context) -> Step:
    """Take up the open case of an alert; one that fires without any case gets it first.

    Raises NotFoundError for an unknown number, StateError where the alert has no open case and does not
    fire, or where its case has been taken up already.
    """
    alert = load_alert(conn, alert_id)
    if alert is None:
        raise NotFoundError(f"an alert must exist by its number, got {alert_id}")
    step = acknowledge(conn, _open_case(conn, alert, act, context).id, act)
    count_steps(conn, [step], context)
    return step


def cases_of_alerts(conn: Connection, numbers: Collection[int]) -> dict[int, Case]:
    """The newest case of each of these alerts that has one, by the alert's number."""
    newest: list[int] = []
    for chunk in in_chunks(sorted(numbers)):
        query = select(func.max(cases.c.id)).where(cases.c.alert.in_(chunk))
        newest += conn.execute(query.group_by(cases.c.alert)).scalars()
    return {
        case.alert: case for case in read_cases(conn, newest).values() if case.alert is not None
    }


def said_on_acknowledging(conn: Connection, numbers: Collection[int]) -> dict[int, str]:
    """What was said when these cases were last taken up, by the case's number; none where nothing was."""
    t = case_steps.c
    said: dict[int, str] = {}
    for chunk in in_chunks(sorted(numbers)):
        query = select(t.case, t.comment).where(
            t.case.in_(chunk), t.action == CaseEvent.ACKNOWLEDGED.value
        )
        for row in conn.execute(query.order_by(t.id)):
            said[row.case] = row.comment
    return {number: comment for number, comment in said.items() if comment}


def acknowledgement_of(case: Case | None) -> dict[str, Any]:
    """What an alert shows of its case: the number, and who has taken it up."""
    return {
        "case": None if case is None else case.id,
        "acknowledged_at": None if case is None else case.acknowledged_at,
        "acknowledged_by": None if case is None else case.acknowledged_by,
    }


def _open_case(conn: Connection, alert: Alert, act: Act, context: Context) -> Case:
    case = latest_of(conn, [alert.pair], lock=True).get(alert.pair)
    if case is not None and case.state in OPEN_STATES:
        return case
    if alert.state.phase is not Phase.FIRING:
        raise StateError(f"only a firing alert can be acknowledged, got {alert.state.phase.value}")
    if case is not None:
        raise StateError(f"the case of an alert must be open, got {case.id} which is {case.state}")
    return react(conn, [Change(alert, ["fired"])], context, act.at)[0].case
