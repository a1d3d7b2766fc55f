"""What the changes of alerts do to cases."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine, update

from alerts.cases.acts import acknowledge, close, propose_closed
from alerts.cases.book import list_cases, read_case, read_cases
from alerts.cases.model import CaseEvent, CaseState
from alerts.cases.reacting import adopt, react
from alerts.engine.repository import Alert, Change, store_alerts
from alerts.engine.transition import Phase
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import cases
from quotawatt.storage.tables import alerts
from tests.alerts.cases.scene import NOW, Desk, act, context_at, fired
from tests.alerts.rules import DAY


def resolved(alert: Alert, days: int = 1) -> Alert:
    at = NOW + days * DAY
    state = replace(alert.state, phase=Phase.RESOLVED, value=80.0, clear_since=at, resolved_at=at)
    return replace(alert, state=state)


def known(desk: Desk, alert: Alert) -> Alert:
    """The alert with its number."""
    return replace(alert, id=desk.case(alert.subject, alert.rule).alert)


def test_a_firing_alert_opens_one_case_with_place_owner_and_date(desk: Desk) -> None:
    (step,) = desk.happen(fired(), "pending", "fired")
    case = step.case
    assert (step.event, step.actor, step.detail) == (CaseEvent.OPENED, "alerts", {"value": 120.0})
    assert (case.organisation, case.site, case.source) == ("ORG-2", "SITE-1", "results")
    assert (case.state, case.firing, case.severity) == (CaseState.OPEN, True, "warning")
    assert (case.began_at, case.opened_at) == (NOW - DAY, NOW)
    assert case.figures == {"quota_share_pct": 120.0, "value": 120.0}
    # Ten working days after 5 June 2023; 22 and 23 June are the Dragon Boat holiday.
    assert case.due_on == date(2023, 6, 19)
    # The owner by ORG-1's duties names an account that there is not: the deputy stands in.
    assert case.owner == "contact:BLD-1/deputy/1"


def test_a_case_that_fires_shows_the_newest_figures_of_its_alert(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    later = replace(known(desk, fired()), evidence={"quota_share_pct": 140.0})
    later = replace(later, state=replace(later.state, value=140.0))
    assert desk.happen(later) == []
    number = desk.case().id
    with desk.records.connect() as conn:
        newest = read_case(conn, number)
        assert newest.figures == {"quota_share_pct": 140.0, "value": 140.0}
        assert read_cases(conn, [number]) == {number: newest}
        assert list_cases(conn, [], [cases.c.id], 10) == (1, [newest])


def test_a_case_that_is_clear_keeps_the_figures_with_which_it_cleared(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    cleared = replace(resolved(known(desk, fired())), evidence={"quota_share_pct": 80.0})
    desk.happen(cleared, "resolved")
    again = replace(cleared, state=replace(cleared.state, phase=Phase.FIRING, value=99.0))
    desk.happen(again)
    with desk.records.connect() as conn:
        assert read_case(conn, desk.case().id).figures == {"quota_share_pct": 80.0, "value": 80.0}


def test_what_only_waits_is_no_case(desk: Desk) -> None:
    assert desk.happen(fired(), "pending") == []
    assert desk.happen(fired("MTR-2"), "dropped") == []


def test_a_rule_may_leave_the_date_open(desk: Desk) -> None:
    (step,) = desk.happen(fired(rule_id="leak"), "fired")
    assert step.case.due_on is None


def test_what_comes_late_and_is_over_is_a_case_that_is_clear(desk: Desk) -> None:
    (step,) = desk.happen(resolved(fired()), "fired", note={"late": True})
    assert (step.event, step.case.firing) == (CaseEvent.OPENED, False)
    assert step.case.clear_since == NOW + DAY


def test_accounts_of_two_years_are_two_cases(desk: Desk) -> None:
    desk.happen(fired("BLD-1/area/2023"), "fired")
    desk.happen(fired("BLD-1/area/2024"), "fired")
    assert desk.case("BLD-1/area/2023").id != desk.case("BLD-1/area/2024").id
    assert desk.case("BLD-1/area/2023").asset == "BLD-1"


def test_severity_steps_stay_in_the_one_case(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = replace(known(desk, fired()), severity="critical")
    (raised,) = desk.happen(alert, "severity_raised")
    assert raised.detail == {"value": 120.0, "from": "warning", "to": "critical"}
    assert (raised.case.severity, raised.case.version) == ("critical", 2)
    (lowered,) = desk.happen(replace(alert, severity="warning"), "severity_lowered")
    assert (lowered.event, lowered.case.severity) == (CaseEvent.SEVERITY_LOWERED, "warning")
    assert lowered.case.id == raised.case.id


def test_clearing_and_firing_again_in_an_open_case(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = known(desk, fired())
    (cleared,) = desk.happen(resolved(alert), "resolved", at=NOW + DAY)
    assert (cleared.event, cleared.case.firing) == (CaseEvent.CLEARED, False)
    assert cleared.case.clear_since == NOW + DAY
    (again,) = desk.happen(alert, "fired", at=NOW + 2 * DAY)
    assert (again.event, again.case.firing) == (CaseEvent.FIRED_AGAIN, True)
    assert (again.case.clear_since, again.case.id) == (None, cleared.case.id)


def test_a_proposed_closing_is_sent_back_when_it_fires_again(desk: Desk) -> None:
    number = desk.happen(fired(), "fired")[0].case.id
    alert = known(desk, fired())
    desk.do(acknowledge, number, act())
    desk.do(propose_closed, number, act(comment="timer replaced"))
    desk.happen(resolved(alert), "resolved", at=NOW + DAY)
    again, back = desk.happen(alert, "fired", at=NOW + 2 * DAY)
    assert (again.event, back.event) == (CaseEvent.FIRED_AGAIN, CaseEvent.SENT_BACK)
    assert back.case.state is CaseState.ACKNOWLEDGED
    assert (back.case.firing, back.case.proposed_by) == (True, None)
    assert desk.case() == back.case


def closed_at(desk: Desk, days: int) -> Alert:
    number = desk.happen(fired(), "fired")[0].case.id
    alert = known(desk, fired())
    desk.happen(resolved(alert), "resolved", at=NOW + DAY)
    desk.do(close, number, act("wang", "seen on site", NOW + days * DAY))
    return alert


def test_firing_soon_after_the_closing_reopens_the_case(desk: Desk) -> None:
    alert = closed_at(desk, days=2)
    (step,) = desk.happen(alert, "fired", at=NOW + 9 * DAY)
    assert (step.event, step.detail["why"]) == (CaseEvent.REOPENED, "fired_again")
    case = step.case
    assert (case.state, case.reopened, case.firing) == (CaseState.OPEN, 1, True)
    assert (case.closed_at, case.closed_how, case.acknowledged_by) == (None, "", None)


def test_firing_long_after_the_closing_is_a_new_case(desk: Desk) -> None:
    alert = closed_at(desk, days=2)
    old = desk.case()
    (step,) = desk.happen(alert, "fired", at=NOW + 9 * DAY + timedelta(microseconds=1))
    assert (step.event, step.case.reopened) == (CaseEvent.OPENED, 0)
    assert step.case.id > old.id
    assert "why" not in step.detail


def test_what_was_closed_while_it_fired_is_reopened_by_a_graver_step_only(desk: Desk) -> None:
    number = desk.happen(fired(), "fired")[0].case.id
    alert = known(desk, fired())
    desk.do(close, number, act("wang", "explained to the province"))
    assert desk.happen(replace(alert, severity="info"), "severity_lowered", at=NOW + DAY) == []
    graver = replace(alert, severity="critical")
    (step,) = desk.happen(graver, "severity_raised", at=NOW + DAY)
    assert (step.event, step.case.severity) == (CaseEvent.REOPENED, "critical")
    assert step.detail["why"] == "severity_raised"


def test_clearing_after_a_closing_is_noted_and_opens_nothing(desk: Desk) -> None:
    number = desk.happen(fired(), "fired")[0].case.id
    alert = known(desk, fired())
    desk.do(close, number, act("wang", "explained"))
    (step,) = desk.happen(resolved(alert), "resolved", at=NOW + DAY)
    assert (step.event, step.case.state, step.case.firing) == (
        CaseEvent.CLEARED,
        CaseState.CLOSED,
        False,
    )


def test_without_data_nothing_is_known_to_be_clear(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = resolved(known(desk, fired()))
    desk.happen(alert, "resolved", at=NOW + DAY)
    (gone,) = desk.happen(alert, "no_data", at=NOW + 2 * DAY)
    assert (gone.event, gone.case.clear_since) == (CaseEvent.NO_DATA, None)
    (back,) = desk.happen(alert, "data_returned", at=NOW + 3 * DAY)
    assert (back.event, back.case.clear_since) == (CaseEvent.DATA_RETURNED, NOW + 3 * DAY)


def test_data_that_return_while_it_fires_clear_nothing(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = known(desk, fired())
    desk.happen(alert, "no_data", at=NOW + DAY)
    both = desk.happen(alert, "data_returned", at=NOW + 2 * DAY)
    assert (both[0].case.firing, both[0].case.clear_since) == (True, None)
    settled, cleared = desk.happen(resolved(alert, 3), "settled", "resolved", at=NOW + 3 * DAY)
    assert (settled.event, cleared.event) == (CaseEvent.SETTLED, CaseEvent.CLEARED)
    assert cleared.case.version == settled.case.version + 1 == 5


def test_flapping_is_a_step(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    again, flapping = desk.happen(known(desk, fired()), "fired", "flapping", at=NOW + DAY)
    assert (again.event, flapping.event) == (CaseEvent.FIRED_AGAIN, CaseEvent.FLAPPING)


def test_corrected_data_retract_a_case_also_one_that_is_closed(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    note = {"old": {"value": 120.0}, "new": {"value": 80.0}}
    alert = known(desk, fired())
    (step,) = desk.happen(resolved(alert), "retracted", at=NOW + DAY, note=note)
    assert (step.event, step.detail["note"]) == (CaseEvent.RETRACTED, note)
    assert (step.case.state, step.case.closed_how) == (CaseState.RETRACTED, "retracted")
    assert desk.happen(resolved(alert), "retracted", at=NOW + DAY) == []
    other = fired("MTR-2")
    number = desk.happen(other, "fired")[0].case.id
    desk.do(close, number, act("wang", "explained"))
    (step,) = desk.happen(known(desk, other), "retracted", at=NOW + DAY, note=note)
    assert step.case.state is CaseState.RETRACTED


def test_a_retracted_case_is_issued_again(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = known(desk, fired())
    desk.happen(alert, "retracted", at=NOW + DAY)
    (step,) = desk.happen(alert, "fired", at=NOW + 2 * DAY, note={"late": True})
    assert (step.event, step.case.state) == (CaseEvent.REOPENED, CaseState.OPEN)
    assert (step.detail["why"], step.detail["note"]) == ("reissued", {"late": True})


def test_corrected_figures_are_a_step_with_both(desk: Desk) -> None:
    desk.happen(fired(), "fired")
    alert = known(desk, fired())
    alert = replace(alert, evidence={"quota_share_pct": 110.0})
    note = {"old": {"value": 120.0}, "new": {"value": 110.0}}
    (step,) = desk.happen(alert, "corrected", at=NOW + DAY, note=note)
    assert (step.event, step.detail["note"]) == (CaseEvent.CORRECTED, note)
    assert step.case.figures["quota_share_pct"] == 110.0


def test_alerts_of_an_older_store_get_their_cases_once(desk: Desk) -> None:
    with desk.records.begin() as conn:
        store_alerts(conn, [fired(), resolved(fired("MTR-2")), fired("VEH-1")])
        steps = adopt(conn, context_at(NOW), NOW)
        assert [step.case.subject for step in steps] == ["MTR-1", "VEH-1"]
        assert adopt(conn, context_at(NOW), NOW) == []


def test_what_had_been_taken_up_in_an_older_store_is_taken_up_still(desk: Desk) -> None:
    with desk.records.begin() as conn:
        store_alerts(conn, [fired()])
        said = {"acknowledged_at": NOW - DAY, "acknowledged_by": "wang"}
        conn.execute(update(alerts).values(said))
        steps = adopt(conn, context_at(NOW), NOW)
    assert [step.event for step in steps] == [CaseEvent.OPENED, CaseEvent.ACKNOWLEDGED]
    case = desk.case()
    assert (case.state, case.acknowledged_by) == (CaseState.ACKNOWLEDGED, "wang")
    assert case.acknowledged_at == NOW - DAY
    assert Ledger(desk.records).verify() == []


def test_a_storm_is_written_in_one_go(records: Engine) -> None:
    desk = Desk(records)
    with records.begin() as conn:
        stored = store_alerts(conn, [fired(f"MTR-{n}") for n in range(300)])
    steps = [s for alert in stored[:1] for s in desk.happen(alert, "fired")]
    with records.begin() as conn:
        changes = [Change(alert, ["fired"]) for alert in stored[1:]]
        steps += react(conn, changes, context_at(NOW), NOW)
    assert [step.case.subject for step in steps] == [alert.subject for alert in stored]
    assert [step.case.alert for step in steps] == [alert.id for alert in stored]
    assert len({step.case.id for step in steps}) == len({step.id for step in steps}) == 300
    ledger = Ledger(records)
    assert ledger.verify() == []
    (entry,) = ledger.entries(limit=1, after=299)
    assert (entry.action, entry.subject) == ("case_opened", f"cases/{steps[-1].case.id}")
