"""How a deviation goes from state to state: one table, and nothing else decides.

open ──explain──▶ explained ──accept──▶ accepted
                    ▲  └────reject────▶ rejected ──explain──▶ explained

Where the data no longer say so it is retracted, from any state; where they say so again, it is explained
where it has an explanation, else open.
"""

from collections.abc import Mapping
from types import MappingProxyType

from quotawatt.errors import StateError

OPEN, EXPLAINED, ACCEPTED = "open", "explained", "accepted"
REJECTED, RETRACTED = "rejected", "retracted"
STATES = (OPEN, EXPLAINED, ACCEPTED, REJECTED, RETRACTED)

STANDING = (OPEN, EXPLAINED, REJECTED)
"""The states in which somebody still has to act: findings and cases hang on these."""

EXPLAIN, ACCEPT, REJECT = "explain", "accept", "reject"

MOVES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (OPEN, EXPLAIN): EXPLAINED,
        (EXPLAINED, EXPLAIN): EXPLAINED,
        (REJECTED, EXPLAIN): EXPLAINED,
        (EXPLAINED, ACCEPT): ACCEPTED,
        (EXPLAINED, REJECT): REJECTED,
    }
)
"""(state, action) → state."""


def moved(state: str, action: str) -> str:
    """The state after an action. Raises StateError where it does not fit."""
    try:
        return MOVES[state, action]
    except KeyError:
        fitting = " or ".join(before for before, name in MOVES if name == action)
        rule = f"a deviation must be {fitting} for '{action}'"
        raise StateError(f"{rule}, got {state}") from None
