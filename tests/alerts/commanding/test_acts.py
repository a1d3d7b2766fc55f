"""What people do with commands, and that no one person does it alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts.cases.book import read_case, steps_of
from alerts.cases.model import Act, CaseEvent
from alerts.commanding import acts
from alerts.commanding.states import CONFIRM_WITHIN, CommandState
from quotawatt.errors import InputError, NotFoundError, QuotawattError, StateError
from quotawatt.ledger import Ledger
from quotawatt.storage.jobs import COMMAND, read_job
from quotawatt.storage.tables import jobs
from tests.alerts.commanding.scene import MINUTE, NOW, Scene


def test_asking_sends_nothing(scene: Scene) -> None:
    made = scene.ask()
    assert (made.state, made.asset, made.device, made.previous_value) == (
        CommandState.ASKED,
        "MTR-A",
        "plug",
        1.0,
    )
    with scene.records.connect() as conn:
        assert conn.execute(select(jobs)).all() == []


def test_a_second_person_has_it_sent_word_for_word(scene: Scene) -> None:
    made = scene.ask("set_point", "ac", 27.5)
    done = scene.confirm(made.id, at=NOW + MINUTE)
    assert (done.state, done.confirmed_by, done.value) == (CommandState.CONFIRMED, "boss", 27.5)
    with scene.records.connect() as conn:
        job = read_job(conn, done.job or 0)
    assert (job.kind, job.state, job.requested_by) == (COMMAND, "waiting", "boss")
    assert job.arguments["topic"] == "quotawatt/ac/command"
    assert job.arguments["payload"] == '{"command":"set_point","channel":"","value":27.5}'
    assert job.arguments["expires_at"] == (NOW + 3 * MINUTE).isoformat()


def test_every_step_is_in_the_case_and_in_the_ledger(scene: Scene) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    with scene.records.connect() as conn:
        case = read_case(conn, scene.case)
        steps = [step for step in steps_of(conn, case) if step.event is CaseEvent.COMMAND]
    assert [(s.actor, s.detail["step"]) for s in steps] == [
        ("li", "asked"),
        ("boss", "confirmed"),
    ]
    assert steps[1].detail["payload"] == "OFF"
    ledger = Ledger(scene.records)
    entries = [e for e in ledger.entries() if e.subject == f"commands/{made.id}"]
    assert [e.action for e in entries] == ["command_asked", "command_confirmed"]
    assert ledger.verify() == []


@pytest.mark.parametrize("who", ["li", "li/another-token", "cli:li"])
def test_nobody_confirms_their_own(scene: Scene, who: str) -> None:
    made = scene.ask()
    with pytest.raises(StateError, match="somebody other than who asked"):
        scene.confirm(made.id, who)
    assert scene.read(made.id).state is CommandState.ASKED


def test_a_request_that_is_old_is_not_confirmed(scene: Scene) -> None:
    made = scene.ask()
    with pytest.raises(StateError, match="confirmed in 0:30:00"):
        scene.confirm(made.id, at=NOW + CONFIRM_WITHIN)


def test_a_case_that_is_over_neither_asks_nor_sends(scene: Scene) -> None:
    made = scene.ask()
    scene.close_case()
    with pytest.raises(StateError, match="a case must be open to send"):
        scene.confirm(made.id)
    with pytest.raises(StateError, match="a case must be open to ask"):
        scene.ask("switch_off", "ac")


def test_a_channel_has_one_command_at_a_time(scene: Scene) -> None:
    scene.ask("switch_off", "ac")
    with pytest.raises(StateError, match="one command at a time"):
        scene.ask("set_point", "ac")
    scene.ask("switch_off", "plug")


@pytest.mark.parametrize(
    ("command", "device", "value", "error"),
    [
        ("switch_off", "lift", None, "one that case 1 offers"),
        ("switch_on", "plug", None, "one that case 1 offers"),
        ("toggle", "plug", None, "one of switch_off"),
        ("switch_off", "plug", 1.0, "without a value"),
        ("set_point", "ac", 40.0, "from 10 to 32, got 40"),
        ("set_point", "ac", 26.2, "steps of 0.5"),
    ],
)
def test_what_is_not_offered_is_refused(
    scene: Scene, command: str, device: str, value: float | None, error: str
) -> None:
    with pytest.raises((InputError, NotFoundError), match=error):
        scene.ask(command, device, value)


def test_a_device_that_was_bound_to_something_else_meanwhile_is_not_told(scene: Scene) -> None:
    made = scene.ask()
    register = replace_bindings(scene)
    scene.ground = replace(scene.ground, register=register)
    with pytest.raises(NotFoundError, match="a device must be bound to MTR-A"):
        scene.confirm(made.id)


def replace_bindings(scene: Scene):  # type: ignore[no-untyped-def]
    register = scene.ground.register
    moved = [replace(b, asset="MTR-C") for b in register.bindings if b.device == "plug"]
    kinds = ("organisations", "sites", "buildings", "meters")
    held = {kind: list(getattr(register, kind).values()) for kind in kinds}
    return type(register)(**held, bindings=moved)


def test_refusing_takes_a_comment(scene: Scene) -> None:
    made = scene.ask()
    with scene.records.begin() as conn, pytest.raises(InputError, match="with a comment"):
        acts.refuse(conn, made.id, Act("boss", NOW, " "))
    with scene.records.begin() as conn:
        done, step = acts.refuse(conn, made.id, Act("boss", NOW, "it is in use"))
    assert (done.state, done.error, step.comment) == (
        CommandState.REFUSED,
        "it is in use",
        "it is in use",
    )


def test_withdrawing_calls_the_job_off(scene: Scene) -> None:
    made = scene.ask()
    job = scene.confirm(made.id).job
    with scene.records.begin() as conn:
        assert acts.withdraw(conn, made.id, Act("li", NOW))[0].state is CommandState.WITHDRAWN
    with scene.records.connect() as conn:
        assert read_job(conn, job or 0).state == "failed"
    assert scene.watch(NOW + MINUTE) == []


def test_what_a_collector_has_taken_is_not_withdrawn(scene: Scene) -> None:
    made = scene.ask()
    scene.confirm(made.id)
    scene.send(NOW, {"sent_at": NOW.isoformat()})
    with scene.records.begin() as conn, pytest.raises(StateError, match="on its way"):
        acts.withdraw(conn, made.id, Act("li", NOW))


def test_undoing_asks_for_the_opposite_and_takes_two_as_well(scene: Scene) -> None:
    made = scene.sent()
    scene.hears("plug", 0.0, NOW + MINUTE / 3)
    scene.watch(NOW + MINUTE / 2)
    scene.close_case()
    with scene.records.begin() as conn:
        back, _ = acts.undo(conn, made.id, scene.ground, Act("li", NOW + MINUTE))
    assert (back.command, back.undoes, back.state) == ("switch_on", made.id, CommandState.ASKED)
    with scene.records.begin() as conn, pytest.raises(StateError, match="undone once"):
        acts.undo(conn, made.id, scene.ground, Act("li", NOW + MINUTE))
    with pytest.raises(StateError, match="somebody other"):
        scene.confirm(back.id, "li", NOW + MINUTE)
    assert scene.confirm(back.id, at=NOW + MINUTE).state is CommandState.CONFIRMED


def test_undoing_a_set_point_goes_back_to_the_one_before(scene: Scene) -> None:
    made = scene.ask("set_point", "ac")
    scene.confirm(made.id)
    scene.send(NOW, {"sent_at": NOW.isoformat()})
    scene.watch(NOW)
    scene.hears("ac", 28.0, NOW + MINUTE / 3, "temperature_setpoint_c")
    scene.watch(NOW + MINUTE / 2)
    with scene.records.begin() as conn:
        back, _ = acts.undo(conn, made.id, scene.ground, Act("li", NOW + MINUTE))
    assert (back.command, back.value, back.previous_value) == ("set_point", 26.0, 28.0)


@pytest.mark.parametrize("state", ["asked", "refused"])
def test_what_was_not_sent_cannot_be_undone(scene: Scene, state: str) -> None:
    made = scene.ask()
    with scene.records.begin() as conn:
        if state == "refused":
            acts.refuse(conn, made.id, Act("boss", NOW, "no"))
        with pytest.raises(StateError, match=f"to be undone, got {state}"):
            acts.undo(conn, made.id, scene.ground, Act("li", NOW))


def test_a_number_that_is_none_is_said(scene: Scene) -> None:
    for deed in (acts.withdraw, acts.refuse):
        with scene.records.begin() as conn, pytest.raises(QuotawattError, match="got 99"):
            deed(conn, 99, Act("li", NOW + timedelta(0), "why"))
