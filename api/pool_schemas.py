"""Shapes of what goes in and out of the pool, norms and scores."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.register.pool_match import MAX_QUANTITY

Note = Field(default="", max_length=2000, description="Condition or reason, as people write it")
Code = Field(min_length=1, max_length=64)


class OfferIn(BaseModel):
    """An asset is offered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "asset": "EQP-7",
                "term": "lend",
                "lend_until": "2025-01-01",
                "location": "Building One, room 203",
                "condition": "works, bought in 2019",
            }
        },
    )

    asset: str = Code
    term: Literal["lend", "transfer"] = Field(description="Lent for a time, or for good")
    lend_until: date | None = Field(
        default=None, description="First day on which it is to be back; null: open"
    )
    location: str = Field(default="", max_length=500, description="Where it can be fetched")
    condition: str = Note


class RequestIn(BaseModel):
    """An organisation asks for what is offered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"organisation": "ORG-2", "purpose": "A new meeting room"}},
    )

    organisation: str = Code
    purpose: str = Note


class DecisionIn(BaseModel):
    """The holder accepts or declines a request."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"accept": True, "reason": "first to ask"}}
    )

    accept: bool
    reason: str = Note


class NoteIn(BaseModel):
    """A deed with what there is to say of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"note": "complete, with its cables"}}
    )

    note: str = Note


class HandoverIn(NoteIn):
    """An asset changes hands."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"day": "2024-01-15", "note": "complete, works"}},
    )

    day: date | None = Field(
        default=None, description="Local day from which the register follows; null: today"
    )


class MatchIn(BaseModel):
    """What somebody would buy."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"organisation": "ORG-2", "kind": "打印机", "quantity": 2}},
    )

    organisation: str = Code
    kind: str = Field(
        min_length=1, max_length=64, description="Kind of equipment or use of a room, in any words"
    )
    quantity: int = Field(default=1, ge=1, le=MAX_QUANTITY)
    least_power_kw: float | None = Field(default=None, gt=0, le=1e6)
    least_area_m2: float | None = Field(default=None, gt=0, le=1e6)


class Offer(BaseModel):
    """An offer of the pool."""

    id: int
    asset: str
    name: dict[str, str] = Field(description="The asset's name by language; empty: it is gone")
    kind: str = Field(description="Kind of equipment or use of the room; empty: it is gone")
    holder: str
    term: str
    lend_until: date | None
    location: str
    condition: str
    state: str
    taker: str | None
    offered_at: datetime
    offered_by: str
    closed_at: datetime | None


class OfferPage(BaseModel):
    """A page of offers."""

    total: int
    items: list[Offer]


class PoolRequest(BaseModel):
    """A request for an offer."""

    id: int
    offer: int
    organisation: str
    purpose: str
    state: str
    requested_at: datetime
    requested_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str


class OfferDetail(Offer):
    """An offer with who asked for it and all that was done."""

    requests: list[PoolRequest]
    steps: list[dict[str, Any]]


class Candidates(BaseModel):
    """Idle assets that nobody has offered yet."""

    items: list[dict[str, Any]]


class MatchOut(BaseModel):
    """The outcome of a search before a purchase; ``number`` can be cited."""

    number: str = Field(examples=["POOL-2024-00017"])
    at: datetime
    organisation: str
    wanted: dict[str, Any]
    enough: bool = Field(description="Whether as many were found as are wanted")
    matches: list[dict[str, Any]]


class Judgement(BaseModel):
    """Holdings or scores as of a day, each with what it rests on, and what could not be judged."""

    as_of: date
    items: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class ScoreList(BaseModel):
    """The yearly scores of all schemes."""

    year: int
    as_of: datetime
    schemes: list[dict[str, Any]]
    items: list[dict[str, Any]]
