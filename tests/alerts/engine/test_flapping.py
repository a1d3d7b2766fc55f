"""What fires again and again says so once and is quiet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine.events import events_of
from alerts.engine.transition import AlertState, Phase, condition_of, step
from quotawatt.rulebook.alert_rules import Flapping, Level, Rule
from tests.alerts.rules import rule

T0 = datetime(2023, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NERVOUS = replace(rule("r", "x", above=10), flapping=Flapping(2, 12 * HOUR))


def events(the_rule: Rule, signs: str, every: timedelta = HOUR) -> list[str]:
    """Events of evaluations: ``+`` met, ``-`` clear, ``!`` far beyond, ``?`` no data; ``.`` for none."""
    values = {"+": 11.0, "-": 1.0, "!": 99.0, "?": None}
    state, said = AlertState(), []
    for number, sign in enumerate(signs):
        value = values[sign]
        now = T0 + number * every
        new = step(state, the_rule, condition_of(the_rule, state, value), value, now)
        said.append("+".join(events_of(state, new, the_rule)) or ".")
        state = new
    return said


def test_the_third_firing_within_the_window_is_one_too_many() -> None:
    said = events(NERVOUS, "+-+-+-+-+-")
    assert said[:5] == ["fired", "resolved", "fired", "resolved", "fired+flapping"]
    assert set(said[5:]) == {"."}


def test_it_settles_after_a_quiet_window_and_is_resolved_when_clear() -> None:
    said = events(NERVOUS, "+-+-+" + "-" * 14)
    assert said.index("settled+resolved") == 5 + 12
    assert set(said[5:17]) == {"."}


def test_it_settles_while_it_fires_where_nothing_changes() -> None:
    said = events(NERVOUS, "+-+-+" + "+" * 13 + "-")
    assert said.index("settled") == 4 + 12
    assert said[-1] == "resolved"


def test_time_without_data_is_not_quiet() -> None:
    said = events(NERVOUS, "+-+-+" + "?" * 20 + "+" * 13)
    assert [s for s in said[5:] if s != "."] == ["no_data", "data_returned", "settled"]
    assert said.index("settled") == 25 + 12


def test_firings_that_lie_apart_do_not_flap() -> None:
    said = events(NERVOUS, "+-" * 10, every=7 * HOUR)
    assert said == ["fired", "resolved"] * 10


def test_a_graver_step_is_said_once_and_a_lower_one_not() -> None:
    stepped = replace(NERVOUS, levels=(Level("critical", 50, 40),))
    said = events(stepped, "+-+-+-!+!+-")
    assert said[5:] == [".", "severity_raised", ".", ".", ".", "."]


def test_a_rule_that_no_longer_knows_flapping_settles_at_once() -> None:
    state = AlertState(
        Phase.FIRING, severity="warning", firing_since=T0, flapping_since=T0, fired_at_times=(T0,)
    )
    plain = replace(NERVOUS, flapping=None)
    new = step(state, plain, False, 1.0, T0 + HOUR)
    assert events_of(state, new, plain) == ["settled", "resolved"]


_courses = st.lists(st.tuples(st.sampled_from([None, 1.0, 11.0]), st.integers(0, 300)), max_size=60)


@pytest.mark.parametrize("changes", [1, 3])
@given(course=_courses)
def test_firings_within_any_window_are_bounded(
    changes: int, course: list[tuple[float | None, int]]
) -> None:
    window = 6 * HOUR
    nervous = replace(NERVOUS, flapping=Flapping(changes, window))
    state, now = AlertState(), T0
    fired: list[datetime] = []
    for value, minutes in course:
        now += timedelta(minutes=minutes)
        new = step(state, nervous, condition_of(nervous, state, value), value, now)
        if "fired" in events_of(state, new, nervous):
            fired.append(now)
        assert len(new.fired_at_times) <= changes + 1
        assert new.flapping_since is None or new.phase is Phase.FIRING
        assert step(new, nervous, condition_of(nervous, new, value), value, now) == new
        state = new
    for instant in fired:
        within = [other for other in fired if instant <= other < instant + window]
        assert len(within) <= changes + 1
