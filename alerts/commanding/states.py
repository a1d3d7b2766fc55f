"""How a command goes from state to state: one table, and nothing else decides.

asked ──confirm──▶ confirmed ──send──▶ sent ──answer──▶ answered
  ├──refuse───▶ refused  ├──fail────▶ failed └──time_out──▶ timed_out
  ├──withdraw─▶ withdrawn◀──withdraw──┤
  └──expire───▶ expired ◀───expire────┘

A command that was sent is never sent again by itself, and none is sent late: what nobody confirms in
``CONFIRM_WITHIN``, and what could not be sent in ``SEND_WITHIN`` after that, expires.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from quotawatt.errors import StateError

CONFIRM_WITHIN = timedelta(minutes=30)
"""How long a request waits for a second person; the building may be another one after that."""

SEND_WITHIN = timedelta(minutes=2)
"""How long a confirmed command may wait for a collector or the broker."""


class CommandState(StrEnum):
    """Where a command stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    SENT = "sent"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


class CommandAct(StrEnum):
    """What happens to a command; each is a step of its case and an entry of the ledger."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SEND = "send"
    FAIL = "fail"
    ANSWER = "answer"
    TIME_OUT = "time_out"


_S, _A = CommandState, CommandAct

MOVES: Mapping[tuple[CommandState, CommandAct], CommandState] = MappingProxyType(
    {
        (_S.ASKED, _A.CONFIRM): _S.CONFIRMED,
        (_S.ASKED, _A.REFUSE): _S.REFUSED,
        (_S.ASKED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.ASKED, _A.EXPIRE): _S.EXPIRED,
        (_S.CONFIRMED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.CONFIRMED, _A.EXPIRE): _S.EXPIRED,
        (_S.CONFIRMED, _A.SEND): _S.SENT,
        (_S.CONFIRMED, _A.FAIL): _S.FAILED,
        (_S.SENT, _A.ANSWER): _S.ANSWERED,
        (_S.SENT, _A.TIME_OUT): _S.TIMED_OUT,
    }
)
"""(state, act) → state. The others are final."""

LIVE = frozenset(before for before, _ in MOVES)
"""States in which something may still happen: a device's channel has one such command at a time."""

UNDOABLE = frozenset({CommandState.ANSWERED, CommandState.TIMED_OUT})
"""States after which the device may have obeyed, so that there is something to undo."""


def moved(state: CommandState, act: CommandAct) -> CommandState:
    """The state after an act. Raises StateError where it does not fit."""
    try:
        return MOVES[state, act]
    except KeyError:
        fitting = " or ".join(before.value for before, name in MOVES if name is act)
        rule = f"a command must be {fitting} for '{act.value}'"
        raise StateError(f"{rule}, got {state.value}") from None
