"""How a case goes from state to state: one table, and nothing else decides.

::

            acknowledged              proposed_closed
    open ─────────────────▶ acknowledged ──────────▶ proposed_closed
     ▲ │                         │  ▲                    │ │
     │ │                         │  └──── sent_back ─────┘ │
     │ └──────── closed ─────────┼─────────────────────────┤
     │                           ▼                         │
     └──── reopened ───────── closed ◀─────────────────────┘

``retracted`` leads from every state but itself to *retracted*, by corrected data and by nobody's will, and
``reopened`` from there to *open* again. ``closed`` is taken by telemetry or by a manager. All other events
leave the state as it is; while a case is closed or retracted only those of ``_AFTERWARDS`` can happen.
"""

from collections.abc import Mapping
from types import MappingProxyType

from alerts.cases.model import OPEN_STATES, CaseEvent, CaseState
from quotawatt.errors import StateError

_MOVES: Mapping[tuple[CaseState, CaseEvent], CaseState] = MappingProxyType(
    {
        (CaseState.OPEN, CaseEvent.OPENED): CaseState.OPEN,
        (CaseState.OPEN, CaseEvent.ACKNOWLEDGED): CaseState.ACKNOWLEDGED,
        (CaseState.OPEN, CaseEvent.CLOSED): CaseState.CLOSED,
        (CaseState.ACKNOWLEDGED, CaseEvent.PROPOSED): CaseState.PROPOSED,
        (CaseState.ACKNOWLEDGED, CaseEvent.CLOSED): CaseState.CLOSED,
        (CaseState.PROPOSED, CaseEvent.SENT_BACK): CaseState.ACKNOWLEDGED,
        (CaseState.PROPOSED, CaseEvent.CLOSED): CaseState.CLOSED,
        (CaseState.OPEN, CaseEvent.RETRACTED): CaseState.RETRACTED,
        (CaseState.ACKNOWLEDGED, CaseEvent.RETRACTED): CaseState.RETRACTED,
        (CaseState.PROPOSED, CaseEvent.RETRACTED): CaseState.RETRACTED,
        (CaseState.CLOSED, CaseEvent.RETRACTED): CaseState.RETRACTED,
        (CaseState.CLOSED, CaseEvent.REOPENED): CaseState.OPEN,
        (CaseState.RETRACTED, CaseEvent.REOPENED): CaseState.OPEN,
    }
)

_MOVING = frozenset(event for _, event in _MOVES)

# What may be added to a case that is over: words, documents, and what the data say afterwards.
_AFTERWARDS = frozenset(
    {
        CaseEvent.COMMENTED,
        CaseEvent.EVIDENCE_ADDED,
        CaseEvent.EXPLAINED,
        CaseEvent.CORRECTED,
        CaseEvent.CLEARED,
        CaseEvent.COMMAND,
        CaseEvent.UNDELIVERED,
    }
)


def moved(state: CaseState, event: CaseEvent) -> CaseState:
    """The state after an event. Raises StateError where it cannot happen in this one."""
    if event not in _MOVING:
        if state not in OPEN_STATES and event not in _AFTERWARDS:
            raise StateError(f"a case must be open for '{event.value}', got one that is {state}")
        return state
    try:
        return _MOVES[state, event]
    except KeyError:
        fitting = " or ".join(before.value for before, name in _MOVES if name is event)
        raise StateError(f"a case must be {fitting} for '{event.value}', got {state}") from None


def can_happen(state: CaseState, event: CaseEvent) -> bool:
    """Whether the event fits the state."""
    return (state, event) in _MOVES or (
        event not in _MOVING and (state in OPEN_STATES or event in _AFTERWARDS)
    )
