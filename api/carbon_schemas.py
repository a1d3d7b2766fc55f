"""Shapes of what goes in and out of carbon."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.carbon.certificates import MAX_ENERGY_MWH

Code = Field(min_length=1, max_length=64)
Both = dict[str, str]

_CERTIFICATE: dict[str, Any] = {
    "number": "GEC-2023-000123",
    "kind": "gec",
    "organisation": "ORG-2",
    "energy_mwh": 50.0,
    "generated_from": "2023-01-01",
    "generated_until": "2024-01-01",
    "cancelled_on": "2023-12-20",
    "document": "Statement of cancellation 2023-17",
}


class CertificateIn(BaseModel):
    """A certificate of green power is entered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CERTIFICATE})

    number: str = Field(min_length=1, max_length=128, description="As the issuer gave it")
    kind: Literal["gec", "green_power"] = Field(
        default="gec", description="By itself, or with traded green power"
    )
    organisation: str = Code
    energy_mwh: float = Field(gt=0, le=MAX_ENERGY_MWH)
    generated_from: date
    generated_until: date = Field(description="First day after the generation")
    cancelled_on: date | None = Field(default=None, description="null: held only, counts nothing")
    document: str = Field(default="", max_length=500)
    note: str = Field(default="", max_length=2000)


class CertificatesIn(BaseModel):
    """Certificates that are entered together, or none of them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"items": [_CERTIFICATE]}}
    )

    items: list[CertificateIn] = Field(min_length=1, max_length=1000)


class CancelIn(BaseModel):
    """A certificate was cancelled for its organisation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"day": "2023-12-20", "document": "Statement 2023-17"}},
    )

    day: date
    document: str = Field(default="", max_length=500)


class ReasonIn(BaseModel):
    """Why an entry is taken back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "entered for the wrong office"}}
    )

    reason: str = Field(default="", max_length=2000)


class CertificateOut(BaseModel):
    """A certificate under its entry's number."""

    id: int
    number: str
    kind: str
    organisation: str
    energy_mwh: float
    generated_from: date
    generated_until: date
    cancelled_on: date | None
    document: str
    note: str
    entered_at: datetime
    entered_by: str
    withdrawn_at: datetime | None


class CertificateList(BaseModel):
    """Certificates in the order in which they were entered."""

    items: list[CertificateOut]


class NodeOut(BaseModel):
    """A node of the tree; ``kgco2`` is the sum of what is below it, null where a factor is missing."""

    id: str
    title: Both
    kgco2: float | None
    nodes: list["NodeOut"]
    parts: list[dict[str, Any]]


class LedgersOut(BaseModel):
    """An asset's year to date in both ledgers, with its months, factors and certificates."""

    model_config = ConfigDict(populate_by_name=True)

    asset: str
    year: int
    from_: date = Field(alias="from")
    until: date
    location: NodeOut
    market: NodeOut
    market_policy: dict[str, Any]
    fixed_kgco2: float | None = Field(description="With the grid factor of the base year")
    memo: dict[str, float]
    months: list[dict[str, Any]]
    factors: list[dict[str, Any]]
    certificates: dict[str, Any]
    coverage: float
    days: int
    findings: list[dict[str, Any]]


class SchemeList(BaseModel):
    """Scorecards that can be filled in."""

    items: list[dict[str, Any]]


class EvidenceIn(BaseModel):
    """What a person confirms of an item."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "scorecard": "near-zero-default",
                "item": "offset",
                "year": 2023,
                "met": 1.0,
                "document": "Statement of offsets 2023",
            }
        },
    )

    scorecard: str = Code
    item: str = Code
    year: int = Field(ge=1990, le=2199)
    met: float = Field(ge=0, le=1, description="Share of the item that is met")
    document: str = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=2000)


class WhatIfIn(BaseModel):
    """A plan, and figures in the place of the assumed ones."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "asset": "BLD-2",
                "pv_kwp": 200,
                "set_point_c": 1,
                "assumptions": {"pv_kwh_per_kwp": 1250},
            }
        },
    )

    asset: str = Code
    pv_kwp: float = Field(default=0, ge=0, le=1e5)
    set_point_c: float = Field(default=0, ge=0, le=5)
    lighting_pct: float = Field(default=0, ge=0, le=100)
    vehicles: list[str] = Field(default=[], max_length=100)
    green_share_pct: float = Field(default=0, ge=0, le=100)
    assumptions: dict[str, float] = Field(default={}, max_length=20)


class WhatIfOut(BaseModel):
    """What a plan changes, where it lands accounts, and all that was assumed."""

    asset: str
    as_of: datetime
    year: int
    share_left: float
    changes: list[dict[str, Any]]
    pv: dict[str, float]
    effects: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]
