"""The transition table: nothing but what it lists."""

import itertools

import pytest

from quotawatt.errors import StateError
from quotawatt.returns.states import ACTIONS, MOVES, STATES, moved


@pytest.mark.parametrize(("state", "action"), list(itertools.product(STATES, ACTIONS)))
def test_only_what_the_table_lists_is_possible(state: str, action: str) -> None:
    if (state, action) in MOVES:
        assert moved(state, action) in STATES
    else:
        with pytest.raises(StateError, match=f"for '{action}', got {state}"):
            moved(state, action)


def test_an_accepted_return_is_only_ever_reopened() -> None:
    assert [action for state, action in MOVES if state == "accepted"] == ["reopen"]
    assert [pair for pair, after in MOVES.items() if after == "accepted"] == [
        ("submitted", "accept")
    ]
