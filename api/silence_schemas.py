"""Shapes of silences and maintenance windows. Instants are UTC in answers; hours are the site's own."""

from datetime import datetime
from datetime import time as clock_time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.people.silences import COMMENT_LENGTH
from quotawatt.rulebook.alert_rules import Days

Word = Annotated[str, Field(min_length=1, max_length=128)]
Words = Annotated[list[Word], Field(max_length=100)]
Kind = Literal["silence", "maintenance"]


class MatchersIn(BaseModel):
    """Which cases it is about: each list that is not empty must match, by any of its words."""

    model_config = ConfigDict(extra="forbid")

    rules: Words = Field(default=[], description="Ids of rules, or `finding:CODE`")
    severities: Words = Field(default=[], description="info, warning, critical")
    assets: Words = Field(default=[], description="Codes; a building stands for all in it, too")
    organisations: Words = Field(
        default=[], description="Codes; each with all below it, by region or sector system"
    )
    sites: Words = Field(default=[], description="Codes")
    kinds: Words = Field(default=[], description="Kinds of assets: meters, buildings, ...")


class RecurrenceIn(BaseModel):
    """When a maintenance window is open. What is empty chooses every day; all conditions must hold."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    days: Days = Field(
        default=Days.ALL, description="By the working calendar, with make-up days: which days"
    )
    weekdays: Annotated[list[int], Field(max_length=7)] = Field(
        default=[], description="1 (Monday) to 7 (Sunday)"
    )
    month_days: Annotated[list[int], Field(max_length=62)] = Field(
        default=[], description="1 to 31, or -1 (the last) to -31"
    )
    working_days: Annotated[list[int], Field(max_length=46)] = Field(
        default=[], description="The n-th working day of the month; -1 is the last"
    )
    from_: clock_time = Field(default=clock_time(), alias="from", description="Local, HH:MM")
    until: clock_time = Field(
        default=clock_time(),
        description="Local; not after `from`: on the next day; the same: 24 hours",
    )


class SilenceIn(BaseModel):
    """A silence or a maintenance window."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "maintenance",
                "matchers": {"rules": ["meter-silent"], "sites": ["SITE-1"]},
                "ends_at": "2027-01-01T00:00:00+08:00",
                "recurrence": {"days": "non_working", "from": "08:00", "until": "18:00"},
                "comment": "Works on the mains at weekends",
            }
        },
    )

    kind: Kind = "silence"
    matchers: MatchersIn
    starts_at: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="ISO 8601 with a time zone, or a date (local midnight); null: now"
    )
    ends_at: Annotated[str, Field(max_length=64)] = Field(
        description="The same; within 30 days of the begin, of a maintenance window within 366"
    )
    recurrence: RecurrenceIn | None = Field(
        default=None, description="Only of a maintenance window; null: all the time"
    )
    comment: str = Field(min_length=1, max_length=COMMENT_LENGTH, description="Why")


class RecurrenceOut(BaseModel):
    """When a maintenance window is open."""

    model_config = ConfigDict(populate_by_name=True)

    days: Days
    weekdays: list[int]
    month_days: list[int]
    working_days: list[int]
    from_: str = Field(alias="from")
    until: str


class SilenceOut(BaseModel):
    """A silence or a maintenance window."""

    id: int
    kind: Kind
    state: Literal["pending", "active", "expired"]
    matchers: dict[str, list[str]] = Field(
        description="Codes that are out of the reader's reach are left out"
    )
    starts_at: datetime
    ends_at: datetime
    recurrence: RecurrenceOut | None
    comment: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None = Field(description="Null: nobody ended it before its time")
    ended_by: str | None


class SilencePage(BaseModel):
    """A page of silences, the newest first."""

    total: int
    items: list[SilenceOut]


class WindowOut(BaseModel):
    """When people are not told; half-open."""

    start: datetime
    end: datetime


class MatchedOut(BaseModel):
    """An open case that it matches."""

    number: int
    rule: str
    subject: str
    severity: str
    state: str
    organisation: str
    site: str


class PreviewOut(BaseModel):
    """What a silence will do: its next windows, and which open cases it matches now."""

    zone: str = Field(description="In which the windows are counted, where sites differ")
    windows: list[WindowOut]
    total: int = Field(description="Open cases within reach that it matches")
    cases: list[MatchedOut] = Field(description="Up to 200 of them")


class SilenceDetail(SilenceOut):
    """A silence, and what it will do."""

    preview: PreviewOut
