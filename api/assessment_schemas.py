"""Shapes of rankings, scores and reports. Days are local; figures have their unit beside them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Pair = dict[Literal["zh", "en"], str]
ReportKind = Literal["circular", "publication", "analysis"]


class Group(BaseModel):
    """What peers have in common; empty: not known, ``several``: more than one."""

    asset: Literal["organisation", "building"]
    kind: str
    level: str
    zone: str
    climate: str
    comfort_class: str


class TierDistance(BaseModel):
    """A tier of the quota, and how far the figure lies above it; negative: below."""

    tier: str
    value: float
    above_pct: float | None


class BenchmarkDistance(BaseModel):
    """A published figure of many institutions. Where its basis is unknown it shows a magnitude only."""

    id: str
    title: Pair
    year: int
    value: float
    above_pct: float | None
    electricity_basis: Literal["equivalent", "calorific", "unknown", "none"]
    trust: str
    source: str


class Ranked(BaseModel):
    """One among its peers. Without rank ``apart`` says why."""

    code: str
    name_zh: str
    name_en: str
    value: float | None
    above: float | None = Field(description="Use in kWh, m³, kgce or kgCO2")
    denominator: float | None = Field(description="m² or people, daily mean")
    basis: str = Field(description="当量 or 等价 where coal equivalent is counted")
    coverage: float
    rank: int | None
    percentile: float | None = Field(description="Percent of the other peers that use more")
    apart: str
    change_pct: float | None
    tiers: list[TierDistance]
    benchmarks: list[BenchmarkDistance]


class RankedGroup(BaseModel):
    """One group of peers under one ranking; all are counted, those within reach are listed."""

    ranking: str
    title: Pair
    unit: str
    factor_set: str
    trust: str
    group: Group
    ranked: int
    median: float | None
    least_peers: int
    least_coverage: float
    rows: list[Ranked]


class Rankings(BaseModel):
    """Rankings of a period."""

    period: str
    first: date
    until: date
    items: list[RankedGroup]


class ScoredItem(BaseModel):
    """One item; points are null where nothing is known."""

    id: str
    title: Pair
    binding: bool
    basis: str
    full: float
    points: float | None
    missed: bool
    evidence: dict[str, Any]


class SchemeOfScore(BaseModel):
    """By which scheme it was scored."""

    id: str
    title: Pair
    trust: str


class GradeOut(BaseModel):
    """A grade."""

    id: str
    title: Pair


class Scored(BaseModel):
    """An organisation's score. Points and grade are null where too little is known."""

    code: str
    name_zh: str
    name_en: str
    scheme: SchemeOfScore
    points: float | None
    full_points: float
    grade: GradeOut | None
    known_pct: float
    missed: list[str] = Field(description="Binding items that were missed")
    open_binding: list[str] = Field(description="Binding items of which nothing is known")
    items: list[ScoredItem]


class SchemeScores(BaseModel):
    """Scores of a year."""

    year: int
    as_of: datetime
    items: list[Scored]


class ConfirmationIn(BaseModel):
    """That an organisation has earned a share of an item's points."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "organisation": "ORG-2",
                "year": 2026,
                "scheme": "annual-targets",
                "item": "training",
                "share": 1.0,
                "evidence": "Two trainings, records 2026-03 and 2026-09",
            }
        },
    )

    organisation: str = Field(min_length=1, max_length=64)
    year: int = Field(ge=2000, le=2198)
    scheme: str = Field(min_length=1, max_length=64)
    item: str = Field(min_length=1, max_length=64)
    share: float = Field(ge=0, le=1, allow_inf_nan=False)
    evidence: str = Field(min_length=1, max_length=2000)


class Confirmed(ConfirmationIn):
    """A confirmation that stands, and who gave it when."""

    model_config = ConfigDict(extra="ignore")

    confirmed_by: str
    confirmed_at: datetime


class Confirmations(BaseModel):
    """The confirmations that stand for a scheme and year."""

    items: list[Confirmed]


class IssuedReport(BaseModel):
    """A report that was issued; ``corrects`` is the number of the edition before it."""

    number: str
    kind: ReportKind
    subject: str
    period: str
    edition: int
    sha256: str
    note: str
    issued_by: str
    issued_at: datetime
    corrects: str
    late: bool


class IssuedReports(BaseModel):
    """Reports that were issued, the latest first."""

    items: list[IssuedReport]


class ReportContent(BaseModel):
    """What a report says, in both languages; ``issued`` is null for a draft."""

    issued: IssuedReport | None
    content: dict[str, Any]


class ReportIn(BaseModel):
    """A report that is to be issued from the data as they are now."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"kind": "circular", "subject": "ORG-2", "period": "2023-03"}
        },
    )

    kind: ReportKind
    subject: str = Field(min_length=1, max_length=64)
    period: str = Field(min_length=4, max_length=16)
    corrects: str = Field(default="", max_length=160, description="Number of what it corrects")
    note: str = Field(default="", max_length=2000, description="Why it is corrected")


class Publication(BaseModel):
    """A publication that anybody may read."""

    number: str
    period: str
    issuer: dict[str, str]
    issued_on: date
    content: dict[str, Any]


class Publications(BaseModel):
    """What is published, the latest first."""

    items: list[Publication]
