"""Shapes of findings as the api answers them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

State = Literal["open", "accepted", "cleared"]
Severity = Literal["critical", "warning", "info"]


class Names(BaseModel):
    """The same in both languages."""

    zh: str
    en: str


class FindingItem(BaseModel):
    """One finding: what differs, since when, who answers for it, and what to do."""

    id: int
    code: str = Field(examples=["meter_silent"])
    source: str = Field(description="Who found it", examples=["register"])
    severity: str = Field(description="critical, warning or info")
    subject: str = Field(description="Code of the asset, or device/channel/quantity")
    name: Names
    organisation: str | None = Field(description="Who answers for it; null: nobody yet")
    organisation_name: Names | None
    title: Names
    sentence: Names
    action: Names
    detail: dict[str, Any] = Field(
        description="The evidence: numbers with their unit, instants in UTC"
    )
    span_start: datetime | None = Field(description="From when the evidence is")
    span_end: datetime | None
    state: State
    first_seen: datetime
    last_seen: datetime
    cleared_at: datetime | None = Field(description="Since when it is not found any more")
    accepted_at: datetime | None
    accepted_by: str | None
    reason: str = Field(description="Why it was accepted")


class FindingPage(BaseModel):
    """Findings, the gravest first, organisation by organisation."""

    total: int
    items: list[FindingItem]


class Acceptance(BaseModel):
    """Somebody says that a finding may stand, and why."""

    reason: str = Field(
        min_length=1, max_length=2000, examples=["Spare feed, tested twice a year only"]
    )


class CheckReport(BaseModel):
    """What a check of books against telemetry changed in the list."""

    opened: int
    standing: int
    cleared: int
    accepted: int
