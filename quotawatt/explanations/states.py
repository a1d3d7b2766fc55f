"""How an explanation goes from state to state: one table, and nothing else decides.

draft ──submit──▶ submitted ──approve──▶ approved
  ▲ │                 │ ├──────reject───▶ rejected
  │ └──withdraw──▶ withdrawn ◀──withdraw──┤
  └──────────────── return ───────────────┘   (as returned, to be changed and submitted again)
"""

from collections.abc import Mapping
from types import MappingProxyType

from quotawatt.errors import StateError

DRAFT, SUBMITTED, RETURNED = "draft", "submitted", "returned"
APPROVED, REJECTED, WITHDRAWN = "approved", "rejected", "withdrawn"
STATES = (DRAFT, SUBMITTED, RETURNED, APPROVED, REJECTED, WITHDRAWN)

CHANGE, SUBMIT, WITHDRAW = "change", "submit", "withdraw"
APPROVE, RETURN, REJECT = "approve", "return", "reject"
DECISIONS = (APPROVE, RETURN, REJECT)

MOVES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (DRAFT, CHANGE): DRAFT,
        (DRAFT, SUBMIT): SUBMITTED,
        (DRAFT, WITHDRAW): WITHDRAWN,
        (SUBMITTED, APPROVE): APPROVED,
        (SUBMITTED, RETURN): RETURNED,
        (SUBMITTED, REJECT): REJECTED,
        (SUBMITTED, WITHDRAW): WITHDRAWN,
        (RETURNED, CHANGE): RETURNED,
        (RETURNED, SUBMIT): SUBMITTED,
        (RETURNED, WITHDRAW): WITHDRAWN,
    }
)
"""(state, action) → state. Approved, rejected and withdrawn are final."""


def moved(state: str, action: str) -> str:
    """The state after an action. Raises StateError where it does not fit."""
    try:
        return MOVES[state, action]
    except KeyError:
        fitting = " or ".join(before for before, name in MOVES if name == action)
        rule = f"an explanation must be {fitting} for '{action}'"
        raise StateError(f"{rule}, got {state}") from None
