"""How offers and requests of the pool go from state to state: two tables, and nothing else decides.

An offer::

    offered ──accept──▶ reserved ──hand_over──▶ handed_over ──receive──▶ received ──return──▶ returned
       │ ▲                 │                                  (lent)        (transferred: the end)
       │ └─────release─────┘
       └──withdraw──▶ withdrawn
"""

from collections.abc import Mapping
from types import MappingProxyType

from quotawatt.errors import StateError

OFFERED, RESERVED, HANDED_OVER, RECEIVED = "offered", "reserved", "handed_over", "received"
RETURNED, WITHDRAWN = "returned", "withdrawn"
OFFER_STATES = (OFFERED, RESERVED, HANDED_OVER, RECEIVED, RETURNED, WITHDRAWN)

LEND, TRANSFER = "lend", "transfer"
TERMS = (LEND, TRANSFER)

OFFER_MOVES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (OFFERED, "withdraw"): WITHDRAWN,
        (OFFERED, "accept"): RESERVED,
        (RESERVED, "release"): OFFERED,
        (RESERVED, "hand_over"): HANDED_OVER,
        (HANDED_OVER, "receive"): RECEIVED,
        (RECEIVED, "return"): RETURNED,
    }
)
"""(state, action) → state of an offer. ``return`` is for what was lent only."""

ASKED, ACCEPTED, DECLINED, TAKEN_BACK = "asked", "accepted", "declined", "taken_back"
LAPSED, FULFILLED = "lapsed", "fulfilled"

REQUEST_MOVES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (ASKED, "accept"): ACCEPTED,
        (ASKED, "decline"): DECLINED,
        (ASKED, "take_back"): TAKEN_BACK,
        (ASKED, "lapse"): LAPSED,
        (ACCEPTED, "take_back"): TAKEN_BACK,
        (ACCEPTED, "decline"): DECLINED,
        (ACCEPTED, "receive"): FULFILLED,
    }
)
"""(state, action) → state of a request. It lapses where the asset goes to another, or is withdrawn."""


def is_closed(state: str, term: str) -> bool:
    """Whether nothing more can be done with an offer in this state."""
    return state in (WITHDRAWN, RETURNED) or (state == RECEIVED and term == TRANSFER)


def moved(moves: Mapping[tuple[str, str], str], state: str, action: str, what: str) -> str:
    """The state after an action. Raises StateError where it does not fit; ``what`` names the subject."""
    try:
        return moves[state, action]
    except KeyError:
        fitting = " or ".join(before for before, name in moves if name == action)
        rule = f"{what} must be {fitting} for '{action}'"
        raise StateError(f"{rule}, got {state}") from None
