"""Shapes of what goes in and out of statistics returns."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Code = Field(min_length=1, max_length=64)
PeriodText = Field(min_length=4, max_length=7, examples=["2024-Q1"])
FORM = "energy-statistics"
"""The form that is meant where none is named."""


class FillIn(BaseModel):
    """A return is begun, or filled anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"organisation": "ORG-2", "period": "2023-Q4"}},
    )

    organisation: str = Code
    period: str = PeriodText
    form: str = Field(default=FORM, min_length=1, max_length=64)


class FillManyIn(BaseModel):
    """Returns of a period are begun, or filled anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"organisations": ["ORG-1", "ORG-2"], "period": "2023-Q4"}},
    )

    organisations: list[Annotated[str, Code]] = Field(min_length=1, max_length=100)
    period: str = PeriodText
    form: str = Field(default=FORM, min_length=1, max_length=64)


class CellsIn(BaseModel):
    """Values that are written over cells; null: the cell is left empty."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"values": {"use.water": 310}, "reason": "bill of the waterworks"}
        },
    )

    values: dict[str, float | str | None] = Field(min_length=1, max_length=1000)
    reason: str = Field(min_length=1, max_length=2000)


class ClearIn(BaseModel):
    """What was written over cells is taken back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"cells": ["use.water"]}}
    )

    cells: list[str] = Field(min_length=1, max_length=1000)
    comment: str = Field(default="", max_length=2000)


class CommentIn(BaseModel):
    """A step with what there is to say of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "water is missing"}}
    )

    comment: str = Field(default="", max_length=2000)


class ReturnItem(BaseModel):
    """A return as a list shows it. ``number`` null and state ``not_begun``: there is none yet."""

    number: int | None
    form: str
    version: str
    organisation: str
    name: dict[str, str]
    period: str
    state: str
    due: date
    overdue: bool
    sender: str = Field(description="The platform that it came from; empty: drawn up here")
    filled_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str
    decided_at: datetime | None
    decided_by: str
    comment: str
    issued: str = Field(description="Number of its latest snapshot; empty: never accepted")


class ReturnList(BaseModel):
    """Returns, the latest period first."""

    total: int
    items: list[ReturnItem]


class ReturnDetail(ReturnItem):
    """A return with its cells, steps and snapshots; ``actions``: what can be done next."""

    title: dict[str, str]
    code: str = Field(description="Number of the form; empty: not known")
    trust: str
    clause: dict[str, Any]
    cells: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    actions: list[str]
    snapshots: list[dict[str, Any]]


class Doubts(BaseModel):
    """What the form's checks do not find in order; ``blocks``: whether it cannot be submitted so."""

    number: int
    blocks: bool
    items: list[dict[str, Any]]


class Levels(BaseModel):
    """Accepted returns added up."""

    form: str
    version: str
    period: str
    by: str
    items: list[dict[str, Any]]


class Forms(BaseModel):
    """The forms in force on a day."""

    day: date
    items: list[dict[str, Any]]
