"""Which event leads a case where, and which cannot happen."""

import pytest

from alerts.cases.model import OPEN_STATES, CaseEvent, CaseState
from alerts.cases.states import moved
from quotawatt.errors import StateError

WAYS = {
    (CaseState.OPEN, CaseEvent.ACKNOWLEDGED): CaseState.ACKNOWLEDGED,
    (CaseState.ACKNOWLEDGED, CaseEvent.PROPOSED): CaseState.PROPOSED,
    (CaseState.PROPOSED, CaseEvent.SENT_BACK): CaseState.ACKNOWLEDGED,
    (CaseState.CLOSED, CaseEvent.REOPENED): CaseState.OPEN,
    (CaseState.RETRACTED, CaseEvent.REOPENED): CaseState.OPEN,
    (CaseState.CLOSED, CaseEvent.RETRACTED): CaseState.RETRACTED,
}


@pytest.mark.parametrize(("state", "event"), WAYS)
def test_the_ways_between_states(state: CaseState, event: CaseEvent) -> None:
    assert moved(state, event) is WAYS[state, event]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_case_can_be_closed_and_retracted(state: CaseState) -> None:
    assert moved(state, CaseEvent.CLOSED) is CaseState.CLOSED
    assert moved(state, CaseEvent.RETRACTED) is CaseState.RETRACTED


@pytest.mark.parametrize(
    ("state", "event", "words"),
    [
        (CaseState.ACKNOWLEDGED, CaseEvent.ACKNOWLEDGED, "must be open for 'acknowledged'"),
        (CaseState.OPEN, CaseEvent.PROPOSED, "must be acknowledged for 'proposed_closed'"),
        (CaseState.OPEN, CaseEvent.REOPENED, "must be closed or retracted for 'reopened'"),
        (CaseState.RETRACTED, CaseEvent.RETRACTED, "for 'retracted', got retracted"),
        (CaseState.CLOSED, CaseEvent.MEASURE, "must be open for 'measure', got one that is closed"),
        (CaseState.CLOSED, CaseEvent.ESCALATED, "must be open for 'escalated'"),
    ],
)
def test_what_cannot_happen_says_what_could(state: CaseState, event: CaseEvent, words: str) -> None:
    with pytest.raises(StateError, match=words):
        moved(state, event)


def test_words_and_documents_may_follow_a_closing() -> None:
    for event in (CaseEvent.COMMENTED, CaseEvent.EVIDENCE_ADDED, CaseEvent.CORRECTED):
        assert moved(CaseState.CLOSED, event) is CaseState.CLOSED


def test_no_event_but_those_of_the_table_changes_a_state() -> None:
    moving = {
        event
        for event in CaseEvent
        for state in OPEN_STATES
        if _moved_or_none(state, event) not in (state, None)
    }
    assert moving == {
        CaseEvent.ACKNOWLEDGED,
        CaseEvent.PROPOSED,
        CaseEvent.SENT_BACK,
        CaseEvent.CLOSED,
        CaseEvent.RETRACTED,
    }


def _moved_or_none(state: CaseState, event: CaseEvent) -> CaseState | None:
    try:
        return moved(state, event)
    except StateError:
        return None
