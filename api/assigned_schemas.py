"""Shapes of assigned targets and of revised quotas. Days are local; amounts come with their unit."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.import_schemas import ImportProblem

Tree = Literal["region", "system"]

_Code = Field(min_length=1, max_length=64, examples=["ORG-2"])
_Day = Field(default=None, description="First day on which it counts; null: 1 January, once only")
_Document = Field(min_length=1, max_length=256, description="Number of the document")
_Approver = Field(default="", max_length=256, description="Who approved it, as the document says")
_Note = Field(default="", max_length=2000, description="Why; needed from the second version on")
_Amount: Any = Field(gt=0, allow_inf_nan=False)
_Lifted = Field(default=False, description="From that day on nothing is set any more")


class TargetIn(BaseModel):
    """A yearly target for a unit below, or another version of it."""

    model_config = ConfigDict(extra="forbid")

    asset: str = _Code
    indicator: str = Field(min_length=1, max_length=128, examples=["electricity_kwh"])
    year: int = Field(ge=2000, le=2100)
    amount: float = Field(gt=0, allow_inf_nan=False, description="In the indicator's unit")
    assigner: str = Field(
        default="", max_length=64, description="Who assigns; empty: one outside the register"
    )
    tree: Tree = Field(default="region", description="By which parent the unit lies below")
    document: str = _Document
    decided_on: date
    effective_from: date | None = _Day
    approved_by: str = _Approver
    note: str = _Note
    lifted: bool = _Lifted


class TargetsIn(BaseModel):
    """Targets that are assigned together: all of them or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "targets": [
                    {
                        "asset": "ORG-2",
                        "indicator": "electricity_kwh",
                        "year": 2026,
                        "amount": 1200000.0,
                        "assigner": "ORG-1",
                        "document": "2026-12",
                        "decided_on": "2026-01-15",
                    }
                ]
            }
        },
    )

    targets: list[TargetIn] = Field(min_length=1, max_length=1000)


class TargetOut(BaseModel):
    """A version of a target."""

    asset: str
    name: dict[str, str] = Field(description="The asset's name by language")
    indicator: str
    title: dict[str, str] = Field(description="The indicator's title by language")
    account: str = Field(description="Its account beside the asset", examples=["assigned-water_m3"])
    unit: str
    year: int
    amount: float
    assigner: str
    tree: Tree
    version: int
    effective_from: date
    lifted: bool
    document: str
    decided_on: date
    approved_by: str
    note: str
    entered_by: str
    entered_at: datetime


class TargetList(BaseModel):
    """Targets of a year: those that count on a day, or all versions."""

    year: int
    as_of: date
    items: list[TargetOut]


class TargetsSet(BaseModel):
    """What was assigned, and what it does to those above."""

    items: list[TargetOut]
    over: list[dict[str, Any]] = Field(
        description="Units that assigned more than they have; a finding says so too"
    )


class TargetImport(BaseModel):
    """What an import does, or would do. All of it is done or nothing."""

    applied: bool
    added: int
    problems: list[ImportProblem] = Field(description="What stands against it, all at once")
    over: list[dict[str, Any]]


class ShareOut(BaseModel):
    """What one unit below was assigned."""

    asset: str
    name: dict[str, str]
    amount: float | None = Field(description="Of the year, absolute; null: area or people unknown")
    version: int


class CascadeOut(BaseModel):
    """What a unit has of an indicator, and what of it was passed on, in `amount_unit`."""

    assigner: str
    name: dict[str, str]
    indicator: str
    title: dict[str, str]
    amount_unit: str
    own_amount: float | None = Field(description="Null: none of its own, or not known")
    assigned: float
    remainder: float | None = Field(description="Not yet assigned; below 0: too much")
    over: bool
    shares: list[ShareOut]


class CascadeList(BaseModel):
    """How targets were passed on, as of a day."""

    year: int
    as_of: date
    items: list[CascadeOut]


class RevisionIn(BaseModel):
    """A constraint value for one asset and year by a decision (核定调整)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "year": 2026,
                "value": 80.0,
                "document": "2026-31",
                "decided_on": "2026-05-20",
                "effective_from": "2026-06-01",
                "note": "a service hall was opened",
            }
        },
    )

    year: int = Field(ge=2000, le=2100)
    value: float = Field(gt=0, allow_inf_nan=False, description="In the quota's unit")
    document: str = _Document
    decided_on: date
    effective_from: date | None = _Day
    approved_by: str = _Approver
    note: str = _Note
    lifted: bool = _Lifted


class RevisionOut(BaseModel):
    """A version of a revised value, beside what the quota itself says."""

    asset: str
    quota: str
    year: int
    value: float
    unit: str
    original: float | None = Field(description="The quota's own constraint value; null: it is gone")
    version: int
    effective_from: date
    lifted: bool
    document: str
    decided_on: date
    approved_by: str
    note: str
    entered_by: str
    entered_at: datetime


class RevisionList(BaseModel):
    """All versions, the first one first."""

    items: list[RevisionOut]
