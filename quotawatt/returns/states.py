"""How a return goes from state to state: one table, and nothing else decides.

::

    draft ──submit──▶ submitted ──accept──▶ accepted ──reopen──▶ reopened ──submit──▶ submitted
                        │    ▲
                   send_back │
                        ▼    │
                     sent_back ──submit

Filling and changing cells leave a draft, sent back or reopened return where it is. One that comes from
another platform (``receive``) is submitted, also in the place of one that is not accepted yet.
"""

from collections.abc import Mapping
from types import MappingProxyType

from quotawatt.errors import StateError

DRAFT, SUBMITTED, SENT_BACK = "draft", "submitted", "sent_back"
ACCEPTED, REOPENED = "accepted", "reopened"
STATES = (DRAFT, SUBMITTED, SENT_BACK, ACCEPTED, REOPENED)

OPEN = (DRAFT, SENT_BACK, REOPENED)
"""States in which cells change."""

FILL, SET, SUBMIT = "fill", "set", "submit"
SEND_BACK, ACCEPT, REOPEN = "send_back", "accept", "reopen"
RECEIVE = "receive"
ACTIONS = (FILL, SET, SUBMIT, SEND_BACK, ACCEPT, REOPEN, RECEIVE)

MOVES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        **{(state, action): state for state in OPEN for action in (FILL, SET)},
        **{(state, SUBMIT): SUBMITTED for state in OPEN},
        **{(state, RECEIVE): SUBMITTED for state in (*OPEN, SUBMITTED)},
        (SUBMITTED, SEND_BACK): SENT_BACK,
        (SUBMITTED, ACCEPT): ACCEPTED,
        (ACCEPTED, REOPEN): REOPENED,
    }
)
"""(state, action) → state."""


def moved(state: str, action: str) -> str:
    """The state after an action. Raises StateError where it does not fit."""
    try:
        return MOVES[state, action]
    except KeyError:
        fitting = " or ".join(before for before, name in MOVES if name == action)
        raise StateError(f"a return must be {fitting} for '{action}', got {state}") from None
