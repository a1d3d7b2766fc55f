"""Shapes of cases."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.delivery.listing import MessageState

State = Literal["open", "acknowledged", "proposed_closed", "closed", "retracted"]
Severity = Literal["info", "warning", "critical"]
Grouping = Literal["organisation", "rule", "clause", "month"]

_Comment: Any = Field(default="", max_length=2000)
_Words: Any = Field(min_length=1, max_length=2000)


class CommentIn(BaseModel):
    """What is said of an act."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "the night tariff timer failed"}}
    )

    comment: str = _Comment


class WordsIn(BaseModel):
    """An act that must say something: a comment, a measure, why it is closed, sent back or reopened."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "timer replaced on 3 June"}}
    )

    comment: str = _Words


class AssignmentIn(BaseModel):
    """Who is given a case."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"assignee": "account:officer.2"}}
    )

    assignee: str = Field(
        min_length=1,
        max_length=128,
        description="account:NAME, NAME of an account, or contact:ASSET/DUTY/RANK of the register",
    )
    comment: str = _Comment


class DueIn(BaseModel):
    """Until when a case has to be put right: a day, or so many working days from today."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"working_days": 5}})

    due_on: date | None = Field(default=None, description="Local day, included")
    working_days: int | None = Field(default=None, ge=0, le=250)
    comment: str = _Comment


class AccountExplanationIn(BaseModel):
    """Why the account that a case is about went over; it is handed in at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "reason": "the service hall was open on weekends from May on",
                "measures": "timers on the air handling units since June",
                "amount": 18000.0,
            }
        },
    )

    reason: str = _Words
    measures: str = Field(min_length=1, max_length=2000, description="What is done about it")
    amount: float = Field(gt=0, allow_inf_nan=False, description="Explained, in the account's unit")


class CaseItem(BaseModel):
    """A case. What people did with it and when is in its steps."""

    number: int
    version: int = Field(description="To be named in `If-Match` by whoever changes it")
    rule: str
    subject: str
    asset: str
    name: dict[str, str]
    organisation: str = Field(description="Of the asset when the case was opened; empty: nobody")
    site: str
    source: str = Field(description="results, readings or findings")
    severity: str
    state: State
    firing: bool = Field(description="Whether its condition holds at present")
    clear_since: datetime | None
    began_at: datetime
    opened_at: datetime
    changed_at: datetime
    due_on: date | None
    overdue: bool
    owner: str = Field(description="Who answers for it by the register; empty: nobody")
    owner_name: dict[str, str] | None = Field(description="null: nobody goes by the key now")
    assignee: str
    assignee_name: dict[str, str] | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    proposed_at: datetime | None
    proposed_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    closed_how: str = Field(description="telemetry, manager, retracted; empty: it is open")
    reopened: int
    escalated: int
    reminded_at: datetime | None
    alert: int | None
    figures: dict[str, Any] = Field(
        description="The newest evidence by measure; `value`: the input"
    )
    title: dict[str, str]
    input: str | None
    account: dict[str, Any] | None
    year: int | None
    advice: dict[str, str] | None
    trust: str | None
    clause: dict[str, Any] | None


class StepOut(BaseModel):
    """Something that happened to a case."""

    id: int
    at: datetime
    actor: str
    event: str
    comment: str
    detail: dict[str, Any]


class EvidenceOut(BaseModel):
    """A document of a case."""

    id: int
    sha256: str
    name: str
    added_by: str
    added_at: datetime


class NoticeOut(BaseModel):
    """What somebody was, or is to be, told of a case."""

    id: int
    event: str
    at: datetime
    recipient: str
    channel: str
    state: str = Field(description="waiting, sent or dropped")
    reason: str = Field(description="Why it waits or was dropped")
    held_until: datetime | None
    message: str = Field(description="Key of the message that took it along")
    delivery: MessageState | None = Field(
        description="Where that message stands; null: there is none"
    )
    delivery_error: str = Field(description="Why it was not taken at its last try")


class ExplanationOfAccount(BaseModel):
    """An explanation of the overrun that a case is about."""

    number: int
    state: str
    reason: str
    measures: str
    amount: float
    unit: str
    written_by: str
    written_at: datetime


class CaseOut(CaseItem):
    """A case with all that belongs to it, in order."""

    steps: list[StepOut]
    evidence: list[EvidenceOut]
    notices: list[NoticeOut]
    explanations: list[ExplanationOfAccount]
    impact: dict[str, Any] | None = Field(
        description="What is too much, in the physical unit, kgce, money and kg CO2; null: not known now"
    )


class CasePage(BaseModel):
    """A page of cases: open ones first, then the gravest, then the newest."""

    total: int
    items: list[CaseItem]


class CaseNews(BaseModel):
    """What an event of the stream says: a step, and the case as it is now."""

    case: int
    event: str
    at: datetime
    rule: str
    asset: str
    organisation: str
    severity: str
    state: str


class CaseStatistics(BaseModel):
    """What became of the cases of one group that were opened in the span.

    Hours and working days are those of the local calendar; null: there is none to count.
    """

    group: str
    title: dict[str, str]
    cases: int
    open: int
    firing: int
    closed_by_telemetry: int
    closed_by_manager: int
    retracted: int
    unanswered: int = Field(description="Closed by telemetry before anybody took them up")
    overdue: int = Field(description="Open past their due date, or closed after it")
    reopened: int
    acknowledge_h_median: float | None
    acknowledge_h_p90: float | None
    acknowledge_working_days_median: float | None
    acknowledge_working_days_p90: float | None
    close_h_median: float | None
    close_h_p90: float | None
    close_working_days_median: float | None
    close_working_days_p90: float | None
    in_time_pct: float | None = Field(description="Of those whose date is past or that are closed")


class CaseStatisticsPage(BaseModel):
    """Statistics by group, the largest first, and of all together."""

    items: list[CaseStatistics]
    whole: CaseStatistics
