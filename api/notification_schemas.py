"""Shapes of channels, the outbox and the inbox. Instants are UTC, ISO 8601."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.channels.base import Address, ChannelKind
from alerts.delivery.listing import MessageState


class ChannelState(BaseModel):
    """A channel, and how it stands."""

    name: str
    kind: ChannelKind | None = Field(description="Null: messages wait for it, and it is not set up")
    personal: bool = Field(description="Whether a message goes to one person")
    address: Address = Field(description="What of a person it has to know; empty: nothing")
    waiting: int
    delayed: int = Field(description="Tried and to be tried again")
    given_up: int
    failing_since: datetime | None = Field(description="Null: it does not fail")
    next_try_at: datetime | None
    error: str


class ChannelList(BaseModel):
    """All channels by name."""

    items: list[ChannelState]


class ChannelTrial(BaseModel):
    """To whom a test message goes."""

    model_config = ConfigDict(json_schema_extra={"example": {"to": "officer@example.org"}})

    to: str = Field(
        default="", max_length=256, description="Address of the channel's kind, where it needs one"
    )
    language: Literal["zh", "en"] | None = Field(
        default=None, description="Of the message; null: the installation's"
    )


class TrialResult(BaseModel):
    """What came of a test message."""

    delivered: bool
    error: str = Field(description="What the receiver says; empty where it was delivered")


class OutboxMessage(BaseModel):
    """A message of the outbox, without its words."""

    id: int
    key: str = Field(description="The same for every try")
    channel: str
    recipient: str = Field(examples=["account:li", "channel:hook"])
    cases: list[int]
    state: MessageState
    created_at: datetime
    next_try_at: datetime
    tries: int
    delivered_at: datetime | None
    failed_at: datetime | None
    last_error: str


class OutboxPage(BaseModel):
    """A page of the outbox, the newest first."""

    total: int
    items: list[OutboxMessage]


class RetryOf(BaseModel):
    """Whose messages are tried again."""

    model_config = ConfigDict(json_schema_extra={"example": {"channel": "mail"}})

    channel: str = Field(max_length=64)


class Retried(BaseModel):
    """How many messages are tried again."""

    retried: int


class InboxMessage(BaseModel):
    """A message of one's own."""

    id: int
    created_at: datetime
    read_at: datetime | None = Field(description="Null: unread")
    title: str
    text: str
    link: str
    cases: list[int]


class InboxPage(BaseModel):
    """A page of the inbox, the newest first."""

    total: int
    unread: int
    items: list[InboxMessage]


class ReadUpTo(BaseModel):
    """Up to which message all were read."""

    model_config = ConfigDict(json_schema_extra={"example": {"up_to": 12}})

    up_to: int = Field(ge=1, le=2**63 - 1)


class MarkedRead(BaseModel):
    """How many of them were unread."""

    read: int
