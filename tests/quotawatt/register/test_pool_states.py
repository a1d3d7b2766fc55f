"""The transition tables: every pair of state and action either moves or is refused."""

import itertools

import pytest

from quotawatt.errors import StateError
from quotawatt.register.pool_states import (
    LEND,
    OFFER_MOVES,
    OFFER_STATES,
    REQUEST_MOVES,
    TRANSFER,
    is_closed,
    moved,
)

REQUEST_STATES = ("asked", "accepted", "declined", "taken_back", "lapsed", "fulfilled")


@pytest.mark.parametrize(
    ("moves", "states"), [(OFFER_MOVES, OFFER_STATES), (REQUEST_MOVES, REQUEST_STATES)]
)
def test_every_pair_is_decided(moves: dict[tuple[str, str], str], states: tuple[str, ...]) -> None:
    actions = {action for _, action in moves}
    for state, action in itertools.product(states, actions):
        if (state, action) in moves:
            assert moved(moves, state, action, "it") in states
        else:
            with pytest.raises(StateError, match=f"for '{action}', got {state}"):
                moved(moves, state, action, "it")


def test_nothing_leads_out_of_a_closed_state() -> None:
    leaving = {state for state, _ in OFFER_MOVES}
    assert {s for s in OFFER_STATES if is_closed(s, LEND)} == set(OFFER_STATES) - leaving
    assert {s for s in OFFER_STATES if is_closed(s, TRANSFER)} == {
        "received", "returned", "withdrawn",
    }  # fmt: skip


def test_every_offer_can_be_reached() -> None:
    reached = {"offered"}
    for _ in OFFER_MOVES:
        reached |= {after for (state, _), after in OFFER_MOVES.items() if state in reached}
    assert reached == set(OFFER_STATES)
