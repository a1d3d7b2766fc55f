"""Shapes of commands to devices."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal[
    "asked",
    "confirmed",
    "sent",
    "answered",
    "refused",
    "withdrawn",
    "expired",
    "failed",
    "timed_out",
]
Name = Literal["switch_off", "switch_on", "set_point"]


class CommandIn(BaseModel):
    """A command that the case offers."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "command": "set_point",
                "device": "ac-101",
                "channel": "",
                "value": 26.0,
                "comment": "nobody is in after 18:00",
            }
        },
    )

    command: Name
    device: str = Field(min_length=1, max_length=128)
    channel: str = Field(default="", max_length=64)
    value: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="What is set; default what the rule proposes; of no meaning for switching",
    )
    comment: str = Field(default="", max_length=2000)


class CommandWords(BaseModel):
    """What is said of a step; to refuse takes some."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "the room is in use"}}
    )

    comment: str = Field(default="", max_length=2000)


class OfferOut(BaseModel):
    """A command that a case offers now, and what would be published."""

    asset: str
    name: dict[str, str]
    device: str
    channel: str
    family: str = Field(description="Id of the device profile that knows how")
    command: Name
    title: dict[str, str]
    value: float | None = Field(description="What the rule proposes")
    low: float | None
    high: float | None
    quantity: str = Field(description="What the command changes")
    present: float = Field(description="Newest reading of that quantity")
    present_at: datetime
    topic: str
    payload: str


class Offers(BaseModel):
    """The commands that a case offers now; none while commands are not enabled."""

    total: int
    items: list[OfferOut]


class CommandOut(BaseModel):
    """A command and how far it is."""

    number: int
    case: int
    asset: str
    name: dict[str, str]
    device: str
    channel: str
    command: Name
    title: dict[str, str]
    value: float | None
    previous_value: float | None = Field(description="Of what it changes, when it was asked for")
    state: State
    asked_at: datetime
    asked_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    sent_at: datetime | None
    answer_until: datetime | None
    answered_at: datetime | None
    answer: dict[str, Any] = Field(description="Newest reading since it was sent: time, value")
    error: str = Field(description="Why it came to nothing; empty: it did not")
    undoes: int | None = Field(description="Number of the command that this one takes back")


class CommandPage(BaseModel):
    """A page of commands, the latest first."""

    total: int
    items: list[CommandOut]
