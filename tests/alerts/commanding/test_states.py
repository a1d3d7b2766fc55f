"""The table of states: what fits, and that nothing final moves again."""

import pytest

from alerts.commanding.states import LIVE, MOVES, UNDOABLE, CommandAct, CommandState, moved
from quotawatt.errors import StateError

PAIRS = [(state, act) for state in CommandState for act in CommandAct]


@pytest.mark.parametrize(("state", "act"), PAIRS)
def test_only_what_the_table_says_can_happen(state: CommandState, act: CommandAct) -> None:
    if (state, act) in MOVES:
        assert moved(state, act) is MOVES[state, act]
        return
    with pytest.raises(StateError, match=f"for '{act.value}', got {state.value}"):
        moved(state, act)


def test_nothing_is_sent_that_was_not_confirmed_and_nothing_twice() -> None:
    before = {state for state, act in MOVES if act is CommandAct.SEND}
    assert before == {CommandState.CONFIRMED}
    assert {s for s, act in MOVES if act is CommandAct.CONFIRM} == {CommandState.ASKED}
    reached_from_sent = {MOVES[s, a] for s, a in MOVES if s is CommandState.SENT}
    assert reached_from_sent == UNDOABLE
    assert not UNDOABLE & LIVE
