"""The cases that a course of alerts makes, had nobody touched them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.cases.model import CaseState
from alerts.engine.repository import Alert
from alerts.engine.transition import AlertState, Phase
from alerts.trying.casework import cases_of
from alerts.trying.walking import Moment
from quotawatt.rulebook.alert_rules import CasePolicy, Closing

START = datetime(2023, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = CasePolicy(verify_for=2 * DAY, reopen_within=5 * DAY)


def moment(
    day: float, *events: str, severity: str = "warning", clear: float | None = None
) -> Moment:
    state = AlertState(Phase.FIRING, clear_since=None if clear is None else START + clear * DAY)
    return Moment(START + day * DAY, Alert("r", "S", "S", severity, state), events)


def ends(moments: list[Moment], policy: CasePolicy = POLICY, until: float = 30) -> list[object]:
    found = cases_of(moments, policy, START + until * DAY)
    return [
        (
            (case.opened_at - START) / DAY,
            case.state,
            None if case.ended_at is None else (case.ended_at - START) / DAY,
            case.reopened,
        )
        for case in found
    ]


def test_telemetry_closes_once_it_has_stayed_clear() -> None:
    course = [moment(1, "fired"), moment(4, "resolved", clear=3)]
    assert ends(course) == [(1, CaseState.CLOSED, 5, 0)]
    assert ends(course, until=4.5) == [(1, CaseState.OPEN, None, 0)]
    assert ends(course, replace(POLICY, close=Closing.MANAGER)) == [(1, CaseState.OPEN, None, 0)]


def test_firing_again_while_open_is_the_same_case() -> None:
    course = [moment(1, "fired"), moment(4, "resolved", clear=4), moment(5, "fired")]
    assert ends(course) == [(1, CaseState.OPEN, None, 0)]


def test_firing_again_soon_reopens_and_later_is_a_new_case() -> None:
    closed = [moment(1, "fired"), moment(4, "resolved", clear=4)]  # closes on day 6
    assert ends([*closed, moment(11, "fired")]) == [(1, CaseState.OPEN, None, 1)]
    assert ends([*closed, moment(11.1, "fired")]) == [
        (1, CaseState.CLOSED, 6, 0),
        (11.1, CaseState.OPEN, None, 0),
    ]


def test_no_data_stops_the_clock() -> None:
    course = [moment(1, "fired"), moment(4, "resolved", clear=4), moment(5, "no_data")]
    assert ends(course) == [(1, CaseState.OPEN, None, 0)]


def test_what_never_was_is_retracted() -> None:
    course = [moment(1, "fired"), moment(2, "retracted")]
    assert ends(course) == [(1, CaseState.RETRACTED, 2, 0)]


def test_the_gravest_step_is_kept() -> None:
    course = [
        moment(1, "fired"),
        moment(2, "severity_raised", severity="critical"),
        moment(3, "severity_lowered"),
    ]
    (case,) = cases_of(course, POLICY, START + 4 * DAY)
    assert case.severity == "critical"


def test_without_a_firing_there_is_no_case() -> None:
    assert ends([moment(1, "pending"), moment(2, "dropped"), moment(3, "corrected")]) == []
