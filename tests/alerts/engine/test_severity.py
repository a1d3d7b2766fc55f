"""Steps of severity within one alert, and rules that look below."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine.events import events_of
from alerts.engine.transition import (
    AlertState,
    Phase,
    condition_of,
    severity_of,
    step,
)
from quotawatt.rulebook.alert_rules import Direction, Level, Rule
from tests.alerts.rules import DAY, rule

T0 = datetime(2023, 6, 1, tzinfo=UTC)
STEPPED = replace(
    rule("r", "x", above=90, clear_below=85),
    severity="info",
    levels=(Level("warning", 100, 98), Level("critical", 110, 105)),
)
BELOW = replace(
    rule("r", "x", above=0.9, clear_below=0.92),
    direction=Direction.BELOW,
    levels=(Level("critical", 0.8, 0.85),),
)


def course(the_rule: Rule, values: list[float | None]) -> list[tuple[AlertState, list[str]]]:
    """States and events of hourly evaluations."""
    found: list[tuple[AlertState, list[str]]] = []
    state = AlertState()
    for hour, value in enumerate(values):
        now = T0 + timedelta(hours=hour)
        new = step(state, the_rule, condition_of(the_rule, state, value), value, now)
        found.append((new, events_of(state, new, the_rule)))
        state = new
    return found


def test_steps_go_up_and_down_within_one_alert() -> None:
    found = course(STEPPED, [95, 101, 99, 97, 111, 106, 104, 86, 85])
    assert [state.severity for state, _ in found] == [
        "info", "warning", "warning", "info", "critical", "critical", "warning", "info", None,
    ]  # fmt: skip
    assert [events for _, events in found] == [
        ["fired"],
        ["severity_raised"],
        [],
        ["severity_lowered"],
        ["severity_raised"],
        [],
        ["severity_lowered"],
        ["severity_lowered"],
        ["resolved"],
    ]
    assert len({state.firing_since for state, _ in found}) == 1


def test_a_far_value_fires_at_its_step_at_once() -> None:
    ((state, events),) = course(STEPPED, [120])
    assert (state.severity, events) == ("critical", ["fired"])


def test_below_is_the_mirror_of_above() -> None:
    found = course(BELOW, [0.95, 0.89, 0.91, 0.79, 0.84, 0.86, 0.93])
    assert [(state.phase.value[0], state.severity) for state, _ in found] == [
        ("i", None),
        ("f", "warning"),
        ("f", "warning"),
        ("f", "critical"),
        ("f", "critical"),
        ("f", "warning"),
        ("r", None),
    ]


def test_cooling_down_keeps_the_step() -> None:
    cooling = replace(STEPPED, keep_firing_for=DAY)
    found = course(cooling, [111, 50, 50, 111])
    assert [state.severity for state, _ in found] == ["critical"] * 4
    assert [events for _, events in found] == [["fired"], [], [], []]


def test_a_step_that_the_rule_no_longer_has_begins_from_below() -> None:
    state = AlertState(Phase.FIRING, severity="critical", firing_since=T0)
    single = replace(STEPPED, levels=())
    new = step(state, single, True, 120.0, T0)
    assert (new.severity, events_of(state, new, single)) == ("info", ["severity_raised"])


@pytest.mark.parametrize("the_rule", [STEPPED, BELOW])
@given(
    held=st.sampled_from([None, "info", "warning", "critical"]),
    values=st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
)
def test_severity_never_falls_as_the_value_goes_farther(
    the_rule: Rule, held: str | None, values: tuple[float, float]
) -> None:
    names = [one.severity for one in the_rule.steps]
    near, far = sorted(values, reverse=the_rule.direction is Direction.BELOW)
    graver = [names.index(severity_of(the_rule, held, value)) for value in (near, far)]
    assert graver == sorted(graver)


@given(values=st.lists(st.one_of(st.none(), st.floats(80, 115)), max_size=30))
def test_a_severity_is_there_while_it_fires_and_only_then(values: list[float | None]) -> None:
    for state, events in course(STEPPED, values):
        assert (state.severity is not None) is (state.phase is Phase.FIRING)
        assert not {"severity_raised", "severity_lowered"} & set(events) or "fired" not in events
