"""What becomes of commands by themselves."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from alerts.cases.book import read_case
from alerts.commanding.model import Command
from alerts.commanding.offering import Heard
from alerts.commanding.states import CONFIRM_WITHIN, SEND_WITHIN, CommandAct, CommandState
from alerts.commanding.watching import CLOCKS_DIFFER, outcome
from quotawatt.storage.jobs import claim_job
from quotawatt.storage.tables import jobs
from tests.alerts.commanding.scene import MINUTE, NOW, Scene

SECOND = MINUTE / 60


def test_a_reading_answers(scene: Scene) -> None:
    made = scene.sent()
    assert (made.state, made.sent_at, made.answer_until) == (
        CommandState.SENT,
        NOW,
        NOW + 30 * SECOND,
    )
    assert scene.watch(NOW + 5 * SECOND) == []
    scene.hears("plug", 0.0, NOW + 3 * SECOND)
    (step,) = scene.watch(NOW + 6 * SECOND)
    done = scene.read(made.id)
    assert (done.state, done.answered_at) == (CommandState.ANSWERED, NOW + 3 * SECOND)
    assert done.answer["value"] == 0.0
    assert (step.actor, step.detail["step"], step.case.id) == ("commands", "answered", scene.case)
    assert scene.watch(NOW + MINUTE) == []


def test_an_answer_in_time_counts_though_it_is_seen_late(scene: Scene) -> None:
    made = scene.sent()
    scene.hears("plug", 0.0, NOW + 20 * SECOND)
    scene.watch(NOW + 10 * MINUTE)
    assert scene.read(made.id).state is CommandState.ANSWERED


def test_a_device_that_does_not_obey_times_out_and_the_case_says_what_it_says(
    scene: Scene,
) -> None:
    made = scene.sent()
    scene.hears("plug", 1.0, NOW + 20 * SECOND)
    (step,) = scene.watch(NOW + 30 * SECOND)
    done = scene.read(made.id)
    assert done.state is CommandState.TIMED_OUT
    assert done.error == "switch_on must be 0, the device says 1"
    assert step.detail["answer"]["value"] == 1.0


def test_a_device_that_is_silent_times_out(scene: Scene) -> None:
    made = scene.sent()
    scene.watch(NOW + MINUTE)
    assert scene.read(made.id).error == "switch_on must be 0, the device says nothing"


def test_nobody_confirms(scene: Scene) -> None:
    made = scene.ask()
    assert scene.watch(NOW + CONFIRM_WITHIN - SECOND) == []
    scene.watch(NOW + CONFIRM_WITHIN)
    assert scene.read(made.id).state is CommandState.EXPIRED


def test_the_case_closes_before_it_is_confirmed(scene: Scene) -> None:
    made = scene.ask()
    scene.close_case()
    scene.watch(NOW + MINUTE)
    assert (scene.read(made.id).state, scene.read(made.id).error) == (
        CommandState.EXPIRED,
        "its case is closed",
    )


def test_a_late_switching_is_dangerous(scene: Scene) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    assert scene.watch(NOW + SEND_WITHIN - SECOND) == []
    scene.watch(NOW + SEND_WITHIN)
    assert scene.read(made.id).state is CommandState.EXPIRED
    with scene.records.begin() as conn:
        assert claim_job(conn, ("command",), "collector", NOW + SEND_WITHIN) is None


def test_what_a_collector_holds_is_waited_for(scene: Scene) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    with scene.records.begin() as conn:
        assert claim_job(conn, ("command",), "collector", NOW) is not None
    assert scene.watch(NOW + SEND_WITHIN) == []
    assert scene.read(made.id).state is CommandState.CONFIRMED


@pytest.mark.parametrize(
    ("result", "error", "state", "says"),
    [
        ({}, "the broker must answer", CommandState.FAILED, "the broker must answer"),
        ({"expired": True}, "", CommandState.EXPIRED, "no collector has sent it"),
    ],
)
def test_what_could_not_be_sent(
    scene: Scene, result: dict[str, object], error: str, state: CommandState, says: str
) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    scene.send(NOW, result, error)
    scene.watch(NOW)
    done = scene.read(made.id)
    assert done.state is state
    assert says in done.error


def test_a_job_that_nobody_knows_any_more(scene: Scene) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    with scene.records.begin() as conn:
        conn.execute(delete(jobs))
    scene.watch(NOW)
    assert scene.read(made.id).state is CommandState.FAILED


def test_two_commands_of_one_case_in_one_look(scene: Scene) -> None:
    scene.ask("switch_off", "plug")
    scene.ask("switch_off", "ac")
    steps = scene.watch(NOW + CONFIRM_WITHIN)
    assert [step.detail["step"] for step in steps] == ["expired", "expired"]
    with scene.records.connect() as conn:
        assert read_case(conn, scene.case).version == steps[-1].case.version


def _sent(within_s: int) -> Command:
    return Command(
        id=1,
        case=1,
        asset="A",
        device="d",
        channel="",
        command="switch_off",
        state=CommandState.SENT,
        asked_at=NOW,
        asked_by="li",
        sent_at=NOW,
        answer_until=NOW + within_s * SECOND,
    )


@given(
    within_s=st.integers(1, 3600),
    said=st.lists(st.tuples(st.integers(-2, 4000), st.sampled_from([0.0, 1.0])), max_size=8),
    look_s=st.integers(0, 8000),
)
def test_whatever_is_heard_it_is_answered_in_time_or_times_out_at_its_end(
    within_s: int, said: list[tuple[int, float]], look_s: int
) -> None:
    heard = [Heard(NOW + s * SECOND, v) for s, v in sorted(said) if s <= look_s]
    now: datetime = NOW + look_s * SECOND
    deed = outcome(_sent(within_s), heard, now)
    in_time = [h for h in heard if h.value == 0.0 and h.time <= NOW + within_s * SECOND]
    if in_time:
        assert deed is not None
        assert (deed.act, deed.changes["answered_at"]) == (CommandAct.ANSWER, in_time[0].time)
    elif look_s < within_s:
        assert deed is None
    else:
        assert deed is not None
        assert deed.act is CommandAct.TIME_OUT
    assert CLOCKS_DIFFER == 2 * SECOND
