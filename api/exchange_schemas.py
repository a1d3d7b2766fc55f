"""Shapes of what goes in and out of the exchange with other platforms."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field


class DataSets(BaseModel):
    """The catalogue: data sets with owner, classification and schema."""

    items: list[dict[str, Any]]


class CodeTables(BaseModel):
    """Code tables by name, each with how well it is known."""

    tables: dict[str, dict[str, Any]]


class Documents(BaseModel):
    """A page of documents. ``cursor``: what to ask for next; the same as asked for where nothing is new."""

    cursor: int
    items: list[dict[str, Any]]


class Months(BaseModel):
    """What institutions used in a month."""

    month: str
    items: list[dict[str, Any]]


class ReceiptOut(BaseModel):
    """That a document was taken in. ``again``: it had come before, and nothing was changed."""

    number: str
    sha256: str
    return_number: int
    received_at: datetime
    again: bool


class Sent(BaseModel):
    """A document that is sent to the platform above."""

    number: int
    key: str
    dataset: str
    organisation: str
    state: str = Field(description="waiting, sent or given_up")
    created_at: datetime
    next_try_at: datetime
    tries: int
    delivered_at: datetime | None
    failed_at: datetime | None
    receipt: str
    last_error: str


class SentPage(BaseModel):
    """A page of what is sent, latest first."""

    total: int
    items: list[Sent]
