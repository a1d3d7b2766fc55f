"""What somebody may do with a case now, as its page offers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.cases.model import Case, CaseEvent, CaseState
from alerts.cases.states import can_happen
from alerts.commanding.states import LIVE, UNDOABLE, CommandState
from api.access import Permit
from api.cases import is_within_reach
from quotawatt.access.roles import Permission
from quotawatt.rulebook.proposal import person_of


@dataclass(frozen=True, slots=True)
class Verb:
    """An act as a form: its address is ``/cases/N/NAME``.

    event
        What it makes happen; whether it fits the state is the case's to say.
    says
        Whether it takes a comment that must be there; ``file``: whether a document can come with it.
    """

    name: str
    event: CaseEvent
    permission: Permission
    says: bool = True
    file: bool = False


_OFFICER, _DECIDER = Permission.ALERTS_ACT, Permission.CASES_DECIDE

VERBS: tuple[Verb, ...] = (
    Verb("acknowledge", CaseEvent.ACKNOWLEDGED, _OFFICER, says=False, file=True),
    Verb("measure", CaseEvent.MEASURE, _OFFICER, file=True),
    Verb("propose", CaseEvent.PROPOSED, _OFFICER, file=True),
    Verb("comment", CaseEvent.COMMENTED, _OFFICER, file=True),
    Verb("evidence", CaseEvent.EVIDENCE_ADDED, _OFFICER, says=False, file=True),
    Verb("assign", CaseEvent.ASSIGNED, _DECIDER, says=False),
    Verb("due", CaseEvent.DUE_SET, _DECIDER, says=False),
    Verb("send-back", CaseEvent.SENT_BACK, _DECIDER),
    Verb("close", CaseEvent.CLOSED, _DECIDER),
    Verb("reopen", CaseEvent.REOPENED, _DECIDER),
)
"""In the order in which they are offered."""

_LEADING: Mapping[CaseState, tuple[str, ...]] = {
    CaseState.OPEN: ("acknowledge",),
    CaseState.ACKNOWLEDGED: ("measure",),
    CaseState.PROPOSED: ("close",),
}


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the reader may do: the form that stands open, and those behind buttons."""

    leading: Verb | None
    others: tuple[Verb, ...]


def deeds_of(case: Case, permits: Mapping[Permission, Permit | None]) -> Deeds:
    """What can be done with a case by who holds these permits."""
    fitting = [
        verb
        for verb in VERBS
        if can_happen(case.state, verb.event) and may(case, permits.get(verb.permission))
    ]
    if case.state is CaseState.RETRACTED:
        # What was retracted is opened by data alone.
        fitting = [verb for verb in fitting if verb.event is not CaseEvent.REOPENED]
    wanted = _LEADING.get(case.state, ())
    leading = next((verb for verb in fitting if verb.name in wanted), None)
    return Deeds(leading, tuple(verb for verb in fitting if verb is not leading))


def may(case: Case, permit: Permit | None) -> bool:
    """Whether a permit holds over a case; None holds over nothing."""
    return permit is not None and is_within_reach(permit, case.organisation, case.asset)


@dataclass(frozen=True, slots=True)
class CommandReader:
    """Who reads of the commands of a case: whether they may act on it, and confirm commands of it."""

    actor: str
    officer: bool
    confirms: bool


def command_acts(
    item: Mapping[str, Any], others: Iterable[Mapping[str, Any]], reader: CommandReader
) -> tuple[str, ...]:
    """What the reader may do with a command, of ``confirm``, ``refuse``, ``withdraw``, ``undo``.

    item, others
        The command and those of its case, as the API says them. Whoever asked does not confirm, and what
        another one takes back is not taken back twice.
    """
    state = CommandState(item["state"])
    asked = state is CommandState.ASKED
    own = person_of(item["asked_by"]) == person_of(reader.actor)
    undoing = {*LIVE, CommandState.ANSWERED}
    undone = any(o["undoes"] == item["number"] and o["state"] in undoing for o in others)
    can = {
        "confirm": asked and reader.confirms and not own,
        "refuse": asked and reader.confirms,
        "withdraw": state in (CommandState.ASKED, CommandState.CONFIRMED) and reader.officer,
        "undo": state in UNDOABLE and reader.officer and not undone,
    }
    return tuple(name for name, may_be in can.items() if may_be)
