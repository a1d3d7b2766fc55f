"""What becomes of waiting notices before they are put together: superfluous, silenced, inhibited or free.

Pure. Silences and inhibitions hold what the *condition* does (a case opens, gets worse, is brought up again),
never what people do to each other (a case is assigned, sent back). A notice that was held is told when that
ends if it is still worth it: after a silence, where the case is open and nobody has acknowledged it; after an
inhibition, where the condition still holds. An end is told then to whoever was told of the beginning. All
else is dropped with the reason for which it was held.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from alerts.cases.model import OPEN_STATES, CaseEvent, CaseState
from alerts.people.notices import Hold, Matter, Notice

SUPERSEDED = "superseded"
INHIBITED = "inhibited:"
"""Begins the reason of a notice that another case holds; its number follows."""

_BY_SILENCES = ("silenced:", "maintenance:")

OF_PEOPLE = frozenset(
    {
        CaseEvent.ACKNOWLEDGED,
        CaseEvent.ASSIGNED,
        CaseEvent.COMMENTED,
        CaseEvent.MEASURE,
        CaseEvent.DUE_SET,
        CaseEvent.EVIDENCE_ADDED,
        CaseEvent.EXPLAINED,
        CaseEvent.PROPOSED,
        CaseEvent.SENT_BACK,
        CaseEvent.COMMAND,
    }
)
"""Events that neither silence nor inhibition holds."""

_ENDS = frozenset({CaseEvent.CLEARED, CaseEvent.CLOSED, CaseEvent.RETRACTED})
_ONLY_WHILE_OPEN = frozenset({CaseEvent.REMINDED, CaseEvent.OVERDUE, CaseEvent.ESCALATED})

Told = Collection[tuple[int, str, str]]
"""Who has been told anything of a case: (case, recipient, channel)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Notices that may go, those that are held and those that are dropped, by number with the reason."""

    free: list[Notice] = field(default_factory=list)
    held: dict[int, Hold] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)


def settle(
    waiting: Iterable[Notice],
    matters: Mapping[int, Matter],
    told: Told,
    holds: Mapping[int, Hold],
) -> Settled:
    """What becomes of each notice. ``matters`` and ``holds`` go by number of the case.

    told
        At least of the cases that are over.
    holds
        Cases that a silence or an inhibition holds now.
    """
    settled = Settled()
    for notice in waiting:
        matter = matters.get(notice.case)
        was_told = (notice.case, notice.recipient, notice.channel) in told
        if matter is None or superseded(notice, matter, was_told):
            settled.dropped[notice.id] = SUPERSEDED
        elif notice.event in OF_PEOPLE:
            settled.free.append(notice)
        elif notice.case in holds:
            settled.held[notice.id] = holds[notice.case]
        elif _still_worth_it(notice, matter, was_told):
            settled.free.append(notice)
        else:
            settled.dropped[notice.id] = notice.reason
    return settled


def superseded(notice: Notice, matter: Matter, was_told: bool) -> bool:
    """Whether what came after has made a notice superfluous.

    Of a case that never was people hear only where they had heard of it. Nobody is reminded of a case that
    is over, called in over one that was acknowledged meanwhile, or asked to confirm a closing that was sent
    back or confirmed.
    """
    if matter.state is CaseState.RETRACTED and notice.event not in OF_PEOPLE:
        return not was_told or notice.event != CaseEvent.RETRACTED
    if notice.event == CaseEvent.ESCALATED and not matter.unanswered:
        return True
    if notice.event == CaseEvent.PROPOSED and matter.state is not CaseState.PROPOSED:
        return True
    return notice.event in _ONLY_WHILE_OPEN and matter.state not in OPEN_STATES


def _still_worth_it(notice: Notice, matter: Matter, was_told: bool) -> bool:
    """Whether a notice that nothing holds any more is told; one that was not held always is."""
    if notice.event in _ENDS and was_told:
        return True
    if notice.reason.startswith(_BY_SILENCES):
        return matter.unanswered
    return not notice.reason.startswith(INHIBITED) or matter.firing
