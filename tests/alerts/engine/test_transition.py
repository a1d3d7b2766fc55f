"""Every cell of the table, and what holds whatever happens."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine.transition import AlertState, Phase, condition_of, step
from quotawatt.rulebook.model import Rule
from tests.alerts.rules import DAY, rule

T0 = datetime(2023, 6, 1, tzinfo=UTC)
RULE = rule("r", "electricity_excess_pct", above=15, clear_below=5, for_=3 * DAY, keep=2 * DAY)
AT_ONCE = rule("r", "silence_h", above=24)


def _run(inputs: str, the_rule: Rule = RULE) -> list[AlertState]:
    """States of daily evaluations: ``+`` met, ``-`` clear, ``?`` no data."""
    states: list[AlertState] = []
    condition = {"+": True, "-": False, "?": None}
    for day, sign in enumerate(inputs):
        previous = states[-1] if states else None
        states.append(step(previous, the_rule, condition[sign], 1.0, T0 + day * DAY))
    return states


@pytest.mark.parametrize(
    ("inputs", "phases"),
    [
        ("-", "i"),
        ("?", "i"),
        ("+", "p"),
        ("+-", "pi"),
        ("++++", "pppf"),  # three days after the first: fires
        ("+++-++++", "pppipppf"),  # one clear day and the wait begins anew
        ("++++-", "pppff"),  # cools down
        ("++++--+-", "pppfffff"),  # met again before two days are over
        ("++++---", "pppfffr"),
        ("++++----", "pppfffrr"),
        ("++++---++++", "pppfffrpppf"),
        ("++++---+-", "pppfffrpi"),
        ("++++---??", "pppfffrrr"),
        ("++++????????", "pppfffffffff"),  # silence resolves nothing
        ("+??????????", "ppppppppppp"),  # and fires nothing
        ("+?++++", "pppppf"),  # a wait counts only days that were seen
        ("++++-?---", "pppfffffr"),  # and so does cooling down
    ],
)
def test_daily_courses(inputs: str, phases: str) -> None:
    assert "".join(s.phase.value[0] for s in _run(inputs)) == phases


def test_without_a_wait_it_fires_and_resolves_at_once() -> None:
    assert [s.phase.value[0] for s in _run("+-+", AT_ONCE)] == ["f", "r", "f"]


def test_instants_tell_the_story() -> None:
    state = _run("-++++---")[-1]
    assert state == AlertState(
        phase=Phase.RESOLVED,
        value=1.0,
        pending_since=T0 + 1 * DAY,
        firing_since=T0 + 4 * DAY,
        clear_since=T0 + 5 * DAY,
        resolved_at=T0 + 7 * DAY,
        no_data_since=None,
        evaluated_at=T0 + 7 * DAY,
    )


def test_no_data_is_recorded_from_its_first_evaluation_and_keeps_the_last_value() -> None:
    states = _run("++++??+")
    assert [s.no_data_since for s in states[3:]] == [None, T0 + 4 * DAY, T0 + 4 * DAY, None]
    held = step(states[3], RULE, None, None, T0 + 4 * DAY)
    assert held.value == 1.0


def test_a_new_firing_forgets_the_old_one() -> None:
    state = _run("++++---+")[-1]
    assert (state.firing_since, state.resolved_at, state.clear_since) == (None, None, None)


@pytest.mark.parametrize(
    ("phase", "value", "expected"),
    [
        (Phase.INACTIVE, 15.0, False),  # above means above
        (Phase.INACTIVE, 15.1, True),
        (Phase.PENDING, 10.0, False),  # hysteresis helps only what fires
        (Phase.FIRING, 10.0, True),
        (Phase.FIRING, 5.0, False),
        (Phase.RESOLVED, 10.0, False),
        (Phase.FIRING, None, None),
    ],
)
def test_condition(phase: Phase, value: float | None, expected: bool | None) -> None:
    assert condition_of(RULE, AlertState(phase), value) is expected


_courses = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(-50, 50)), st.integers(0, 5 * 24 * 60)
    ),  # value, minutes since the evaluation before
    max_size=40,
)
_durations = st.integers(0, 5 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(_courses, _durations, _durations)
def test_what_always_holds(
    course: list[tuple[float | None, int]], for_: timedelta, keep: timedelta
) -> None:
    the_rule = rule("r", "x", above=15, clear_below=5, for_=for_, keep=keep)
    state: AlertState | None = None
    now = T0
    for value, minutes in course:
        now += timedelta(minutes=minutes)
        before = state or AlertState()
        state = step(state, the_rule, condition_of(the_rule, state, value), value, now)
        fired = state.phase is Phase.FIRING and before.phase is not Phase.FIRING
        resolved = state.phase is Phase.RESOLVED and before.phase is not Phase.RESOLVED
        assert state.evaluated_at == now
        # no data moves nothing
        assert value is not None or state.phase is before.phase
        assert (state.no_data_since is None) is (value is not None)
        # it fires only on a value above, after the whole wait, and resolves only from firing
        assert not fired or (value is not None and value > 15)
        assert not fired or (state.pending_since is not None and now - state.pending_since >= for_)
        assert not resolved or (before.phase is Phase.FIRING and value is not None and value <= 5)
        assert not resolved or (state.clear_since is not None and now - state.clear_since >= keep)
        # an alert that fires or fired says since when
        active = state.phase in (Phase.FIRING, Phase.RESOLVED)
        assert (state.firing_since is not None) is active
        assert (state.resolved_at is not None) is (state.phase is Phase.RESOLVED)
        assert (state.pending_since is None) is (state.phase is Phase.INACTIVE)


@given(_courses)
def test_evaluating_twice_at_one_instant_changes_nothing(
    course: list[tuple[float | None, int]],
) -> None:
    state: AlertState | None = None
    now = T0
    for value, minutes in course:
        now += timedelta(minutes=minutes)
        state = step(state, RULE, condition_of(RULE, state, value), value, now)
        assert step(state, RULE, condition_of(RULE, state, value), value, now) == state
