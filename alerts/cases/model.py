"""Cases as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from quotawatt.explanations.values import Act

__all__ = ["OPEN_STATES", "Act", "Case", "CaseEvent", "CaseState", "Step"]


class CaseState(StrEnum):
    """States of a case; ``alerts.cases.states`` holds the ways between them."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    PROPOSED = "proposed_closed"
    CLOSED = "closed"
    RETRACTED = "retracted"


OPEN_STATES = frozenset({CaseState.OPEN, CaseState.ACKNOWLEDGED, CaseState.PROPOSED})


class CaseEvent(StrEnum):
    """What happens to a case: a step of it, an entry of the ledger, and a thing to tell people."""

    OPENED = "opened"
    REOPENED = "reopened"
    SEVERITY_RAISED = "severity_raised"
    SEVERITY_LOWERED = "severity_lowered"
    CLEARED = "cleared"  # the condition no longer holds; the case is still open
    FIRED_AGAIN = "fired_again"  # it holds again, in a case that is still open
    NO_DATA = "no_data"
    DATA_RETURNED = "data_returned"
    FLAPPING = "flapping"
    SETTLED = "settled"  # it does not flap any more
    CORRECTED = "corrected"  # figures changed by late or corrected data
    RETRACTED = "retracted"  # by corrected data it never was
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    COMMENTED = "commented"
    MEASURE = "measure"  # what is done about it
    DUE_SET = "due_set"
    EVIDENCE_ADDED = "evidence_added"
    EXPLAINED = "explained"
    PROPOSED = "proposed_closed"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    OVERDUE = "overdue"
    OWNER_MISSING = "owner_missing"
    UNDELIVERED = "undelivered"  # a message about it was given up; the detail says to whom and why
    COMMAND = (
        "command"  # asked for, confirmed, sent, answered, timed out, undone: the detail says which
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is kept. Instants are UTC, ``due_on`` is a local day.

    id
        Its number; 0: it is not kept yet.
    alert
        Number of the alert; None for one that comes from a finding.
    subject
        What the rule judges, ``ASSET`` or ``ASSET/ACCOUNT/YEAR``; ``asset`` is its first part.
    organisation, site
        Of the asset when the case was opened; empty where the register does not say.
    owner, assignee
        Keys of recipients (``alerts.people.recipients``); empty: nobody.
    closed_how
        ``telemetry``, ``manager``, ``retracted``; empty: open.
    figures
        The newest evidence: measures and instants; plain JSON.
    version
        Counts changes.
    """

    id: int
    rule: str
    subject: str
    asset: str
    organisation: str
    site: str
    source: str
    severity: str
    state: CaseState
    firing: bool
    began_at: datetime
    opened_at: datetime
    changed_at: datetime
    alert: int | None = None
    clear_since: datetime | None = None
    due_on: date | None = None
    owner: str = ""
    assignee: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    proposed_at: datetime | None = None
    proposed_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_how: str = ""
    reopened: int = 0
    escalated: int = 0
    reminded_at: datetime | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a case.

    case
        As it is after the step.
    detail
        Plain JSON; for ``severity_raised`` ``{"from", "to"}`` and so on.
    """

    case: Case
    event: CaseEvent
    at: datetime
    actor: str
    comment: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
