"""Shapes of explanations of overruns."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["draft", "submitted", "returned", "approved", "rejected", "withdrawn"]
Decision = Literal["approve", "return", "reject"]

_Text: Any = Field(min_length=1, max_length=2000)


class ExplanationIn(BaseModel):
    """What an officer says of an account that went over."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "asset": "BLD-2",
                "quota": "sd-2672-electricity-city-b",
                "year": 2026,
                "reason": "the service hall was open on weekends from May on",
                "measures": "timers on the air handling units since June",
                "amount": 18000.0,
            }
        },
    )

    asset: str = Field(min_length=1, max_length=64)
    quota: str = Field(min_length=1, max_length=128, description="A quota, or assigned-INDICATOR")
    year: int = Field(ge=2000, le=2100)
    reason: str = _Text
    measures: str = Field(min_length=1, max_length=2000, description="What is done about it")
    amount: float = Field(gt=0, allow_inf_nan=False, description="Explained, in the account's unit")


class CommentIn(BaseModel):
    """What is said of a step."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field(default="", max_length=2000)


class DecisionIn(BaseModel):
    """What a manager decides; to return or reject takes a comment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"decision": "return", "comment": "which days?"}},
    )

    decision: Decision
    comment: str = Field(default="", max_length=2000)


class StepOut(BaseModel):
    """Who did what, and when."""

    at: datetime
    actor: str
    action: str
    comment: str


class ExplanationOut(BaseModel):
    """An explanation with every step. It stands beside the account and never changes a figure."""

    number: int
    asset: str
    name: dict[str, str]
    quota: str
    title: dict[str, str]
    year: int
    reason: str
    measures: str
    amount: float
    unit: str
    document: str = Field(description="SHA-256 of the evidence; empty: none")
    state: State
    written_by: str
    written_at: datetime
    decided_by: str
    decided_at: datetime | None
    steps: list[StepOut]


class ExplanationPage(BaseModel):
    """A page of explanations, the latest first."""

    total: int
    items: list[ExplanationOut]
