"""Shapes of what goes in and out of savings and energy-performance contracts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analytics.baselines.series import Interval
from quotawatt.performance.values import ContractKind, EventKind

_Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
_Above = Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
_Text = Annotated[str, Field(min_length=1, max_length=256)]


class FindingOut(BaseModel):
    """What stands against the data, or is to be known beside the figures."""

    code: str
    subject: str
    detail: dict[str, Any]
    title: str
    sentence: str


class SavingsAnswer(BaseModel):
    """Savings of a period as plain figures; `report` is null where the data do not bear them."""

    report: dict[str, Any] | None = Field(
        description="Periods, model, sums, uncertainty by level, months, events; see docs/savings.md"
    )
    findings: list[FindingOut]


class CustodyBaselineOut(BaseModel):
    """The baseline of a custody contract from three years; `use` is null where the rule gives none."""

    subject: str
    measure: str
    unit: str
    years: dict[str, float | None]
    use: float | None
    rule: Literal["last_year", "mean"] | None
    trust: Literal["secondary"] = Field(
        default="secondary", description="JS/T 301-2024, clause 4.3, known second hand"
    )
    findings: list[FindingOut]


class YearTermsIn(BaseModel):
    """What holds in one year of a contract."""

    model_config = ConfigDict(extra="forbid")

    provider_share_pct: _Share = 0.0
    guaranteed_use: _Amount = 0.0
    fee_cny: _Amount = 0.0


class PerformanceContractIn(BaseModel):
    """An energy-performance contract; days are local, each pair half-open."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "shared",
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "title": "空调系统节能改造",
                "client": "机关事务管理局",
                "provider": "节能服务公司",
                "baseline_from": "2023-01-01",
                "baseline_until": "2024-01-01",
                "valid_from": "2024-01-01",
                "valid_until": "2026-01-01",
                "terms": [{"provider_share_pct": 80}, {"provider_share_pct": 60}],
            }
        },
    )

    kind: ContractKind
    subject: str = Field(min_length=1, max_length=128)
    measure: str = Field(min_length=1, max_length=64, examples=["electricity_import_kwh"])
    title: _Text
    client: _Text
    provider: _Text
    baseline_from: date | None = None
    baseline_until: date | None = None
    valid_from: date
    valid_until: date
    agreed_use: _Above | None = Field(
        default=None, description="Agreed use of a year in the measure's unit, in place of a model"
    )
    price_cny: _Above | None = Field(
        default=None, description="CNY a unit; null: by the tariff of the supply contract"
    )
    terms: list[YearTermsIn] = Field(
        min_length=1, max_length=30, description="Of each year of the contract, the first first"
    )
    document: str = Field(default="", max_length=256)
    note: str = Field(default="", max_length=2000)


class PerformanceContractOut(PerformanceContractIn):
    """A contract as it is kept."""

    number: int
    name: dict[str, str]
    unit: str


class PerformanceContractList(BaseModel):
    """Contracts within reach."""

    items: list[PerformanceContractOut]


class EventIn(BaseModel):
    """A non-routine event: local days, the last one included."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "first_day": "2024-07-01",
                "last_day": "2024-08-31",
                "kind": "amount",
                "amount": 120.0,
                "reason": "新增数据机房",
                "evidence": "验收单 2024-18",
            }
        },
    )

    first_day: date
    last_day: date
    kind: EventKind
    amount: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="A day in the measure's unit, or percent of what was expected; null: excluded",
    )
    reason: str = Field(min_length=1, max_length=2000)
    evidence: str = Field(default="", max_length=2000)


class EventOut(EventIn):
    """A non-routine event as it was recorded."""

    id: int
    contract: int
    entered_by: str
    entered_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class EventList(BaseModel):
    """The non-routine events of a contract, withdrawn ones included."""

    items: list[EventOut]


class ProposalIn(BaseModel):
    """A period of a contract whose savings are to be verified; days are local, the last included."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"first_day": "2024-01-01", "last_day": "2024-12-31"}},
    )

    first_day: date
    last_day: date
    interval: Interval = Interval.HOUR
    note: str = Field(default="", max_length=2000, description="Needed for a correction")


class DecisionIn(BaseModel):
    """Verified, or sent back with a note."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"verified": True}})

    verified: bool
    note: str = Field(default="", max_length=2000)


class VerificationOut(BaseModel):
    """Savings of a period as they were proposed and decided; a snapshot."""

    id: int
    number: str
    contract: int
    first_day: date
    last_day: date
    edition: int
    state: Literal["proposed", "verified", "sent_back"]
    report: dict[str, Any]
    sha256: str
    note: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str


class VerificationList(BaseModel):
    """The verifications of a contract by day and edition."""

    items: list[VerificationOut]
