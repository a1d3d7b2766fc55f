"""What becomes of notices that something holds, held, or made superfluous."""

import pytest

from alerts.cases.model import CaseState
from alerts.people.holding import settle
from alerts.people.notices import Hold
from tests.alerts.people.notice_samples import DAY, T0, matter, notice

SILENCED = Hold("silenced:7", T0 + DAY)
INHIBITED = Hold("inhibited:9")
TOLD = {(1, "account:li", "email")}


def test_what_nothing_holds_is_free() -> None:
    settled = settle([notice(1)], {1: matter(1)}, (), {})
    assert [n.id for n in settled.free] == [1]


@pytest.mark.parametrize("hold", [SILENCED, INHIBITED])
def test_a_condition_is_held_and_people_s_work_is_not(hold: Hold) -> None:
    waiting = [notice(1), notice(2, case=1, event="assigned")]
    settled = settle(waiting, {1: matter(1)}, (), {1: hold})
    assert settled.held == {1: hold}
    assert [n.id for n in settled.free] == [2]


@pytest.mark.parametrize("reason", ["silenced:7", "maintenance:7"])
def test_after_a_silence_only_what_is_open_and_unanswered_is_told(reason: str) -> None:
    waiting = [notice(n, reason=reason) for n in (1, 2, 3)]
    matters = {
        1: matter(1),
        2: matter(2, state=CaseState.ACKNOWLEDGED),
        3: matter(3, state=CaseState.CLOSED, firing=False),
    }
    settled = settle(waiting, matters, (), {})
    assert [n.id for n in settled.free] == [1]
    assert settled.dropped == {2: reason, 3: reason}


def test_after_an_inhibition_only_what_still_holds_is_told() -> None:
    waiting = [notice(n, reason="inhibited:9") for n in (1, 2)]
    settled = settle(waiting, {1: matter(1), 2: matter(2, firing=False)}, (), {})
    assert [n.id for n in settled.free] == [1]
    assert settled.dropped == {2: "inhibited:9"}


@pytest.mark.parametrize("reason", ["silenced:7", "inhibited:9"])
def test_whoever_was_told_the_beginning_is_told_the_end(reason: str) -> None:
    closed = {1: matter(1, state=CaseState.CLOSED, firing=False)}
    ended = notice(4, case=1, event="closed", reason=reason)
    assert settle([ended], closed, TOLD, {}).free == [ended]
    assert settle([ended], closed, (), {}).dropped == {4: reason}


def test_a_case_retracted_before_it_was_told_is_never_told() -> None:
    waiting = [notice(1), notice(2, case=1, event="retracted")]
    gone = {1: matter(1, state=CaseState.RETRACTED, firing=False)}
    assert settle(waiting, gone, (), {}).dropped == {1: "superseded", 2: "superseded"}


def test_a_case_retracted_after_it_was_told_is_told_to_those_who_heard_of_it() -> None:
    waiting = [
        notice(1, case=1, event="reminded"),
        notice(2, case=1, event="retracted"),
        notice(3, case=1, event="retracted", recipient="account:wang"),
    ]
    gone = {1: matter(1, state=CaseState.RETRACTED, firing=False)}
    settled = settle(waiting, gone, TOLD, {})
    assert [n.id for n in settled.free] == [2]
    assert set(settled.dropped) == {1, 3}


def test_opened_and_closed_before_it_was_told_stay_together() -> None:
    waiting = [notice(1), notice(2, case=1, event="closed")]
    closed = {1: matter(1, state=CaseState.CLOSED, firing=False)}
    assert [n.id for n in settle(waiting, closed, (), {}).free] == [1, 2]


@pytest.mark.parametrize(
    ("event", "state", "told"),
    [
        ("reminded", CaseState.CLOSED, False),
        ("overdue", CaseState.CLOSED, False),
        ("overdue", CaseState.ACKNOWLEDGED, True),
        ("escalated", CaseState.ACKNOWLEDGED, False),
        ("escalated", CaseState.OPEN, True),
    ],
)
def test_nobody_is_called_in_over_what_was_answered(
    event: str, state: CaseState, told: bool
) -> None:
    settled = settle([notice(1, event=event)], {1: matter(1, state=state)}, (), {})
    assert bool(settled.free) is told
    assert settled.dropped == ({} if told else {1: "superseded"})


def test_a_notice_of_no_case_is_dropped() -> None:
    assert settle([notice(1)], {}, (), {}).dropped == {1: "superseded"}


@pytest.mark.parametrize(
    ("state", "asked"),
    [(CaseState.PROPOSED, True), (CaseState.ACKNOWLEDGED, False), (CaseState.CLOSED, False)],
)
def test_nobody_is_asked_to_confirm_a_closing_that_was_answered_meanwhile(
    state: CaseState, asked: bool
) -> None:
    settled = settle([notice(1, event="proposed_closed")], {1: matter(1, state=state)}, (), {})
    assert bool(settled.free) is asked
    assert settled.dropped == ({} if asked else {1: "superseded"})
