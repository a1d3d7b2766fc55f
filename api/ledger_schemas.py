"""What the routes of the ledger and of proposed packs take and answer."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.rulebook.composing import SIZE_LIMIT_BYTES

Name = Field(default="", max_length=256)


class Entry(BaseModel):
    """One entry of the ledger."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "seq": 17,
                "at": "2024-01-02T01:30:00Z",
                "actor": "li.na",
                "action": "alert_acknowledged",
                "subject": "meter-silent:MTR-1",
                "detail": {"alert": 3, "comment": "battery is being changed"},
                "previous": "0b6f…",
                "hash": "a41c…",
            }
        }
    )

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(
        description="What was done; rule, before and after where there are. In a list an `attachment` "
        "stands for members that are too large; the entry by itself has them"
    )
    previous: str
    hash: str


class EntryPage(BaseModel):
    """Entries, and where the next page begins."""

    items: list[Entry]
    next: int | None = Field(
        description="Give it as `before` (latest first) or `after` (in order); null: this was the last"
    )


class LedgerVerdict(BaseModel):
    """Whether the chain of the ledger holds, as far as it was walked."""

    ok: bool
    findings: list[dict[str, Any]]
    seq: int = Field(description="The last entry that was walked")
    hash: str = Field(description="Its hash; empty where it was not found right")
    head: int = Field(description="How many entries there are by the head")
    complete: bool = Field(description="False: go on with `after` and `after_hash`")


class Head(BaseModel):
    """The head of the ledger, signed."""

    count: int
    hash: str
    at: datetime
    key: str
    signature: str


class PublicKey(BaseModel):
    """The key that heads and packs are signed with."""

    name: str = Field(description="SHA-256 of the key in hex")
    pem: str


class ExportOrder(BaseModel):
    """Which entries an evidence pack shows."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"from": "2023-01-01", "until": "2024-01-01"}}
    )

    from_: str | None = Field(default=None, alias="from", description="Day or instant, ISO 8601")
    until: str | None = Field(default=None, description="End, not included; default now")
    actor: str = Name
    action: str = Name
    subject: str = Name
    readings: bool = Field(default=True, description="Readings and results of their assets, too")


class PackInForce(BaseModel):
    """A pack of the rulebook that counts."""

    name: str
    origin: Literal["builtin", "folder", "approved"]
    sha256: str


class PackList(BaseModel):
    """The packs that count, and files that do not as they are, for nobody approved them."""

    items: list[PackInForce]
    not_approved: list[dict[str, Any]]
    need_approval: bool
    restart_needed: bool = Field(
        description="Whether files say otherwise than when running roles read them: that is done at a "
        "start, and when a pack is approved"
    )


class ProposalIn(BaseModel):
    """A pack that is proposed."""

    name: str = Field(max_length=128, examples=["city.yaml"])
    text: str = Field(
        max_length=SIZE_LIMIT_BYTES,
        description="Of the pack; empty: that the pack of this name goes",
    )
    tests: str = Field(default="", max_length=SIZE_LIMIT_BYTES, description="Of NAME.tests.yaml")
    comment: str = Field(default="", max_length=2000)


class DecisionIn(BaseModel):
    """Why a proposal is decided so."""

    reason: str = Field(default="", max_length=2000)


class ProposalLine(BaseModel):
    """A proposal in a list."""

    id: int
    name: str
    sha256: str
    comment: str
    state: Literal["proposed", "approved", "rejected", "withdrawn", "superseded"]
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


class ProposalPage(BaseModel):
    """Proposals, the latest first."""

    total: int
    items: list[ProposalLine]


class RuleChange(BaseModel):
    """An entry of the rulebook that a proposal changes; of a changed one only the values that differ."""

    section: str
    id: str
    change: Literal["added", "changed", "removed"]
    before: dict[str, Any]
    after: dict[str, Any]


class ProposalDetail(ProposalLine):
    """A proposal with its text; while it is open, with what it would change."""

    text: str
    tests: str
    changes: list[RuleChange]
    problems: list[str] = Field(description="What became wrong with it since it was proposed")
