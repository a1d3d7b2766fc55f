"""Shapes of what goes in and out of money: tariffs, supply contracts and costs."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Charge = Literal["none", "capacity", "contracted", "actual"]
_Positive: Any = Field(default=None, gt=0, le=1e9, allow_inf_nan=False)


class ContractIn(BaseModel):
    """A supply contract: who buys by which tariff, from when until when (local days, half-open)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "tariff": "demo-tou",
                "valid_from": "2024-01-01",
                "account": "3701234567",
                "charge": "contracted",
                "demand_kw": 400,
                "power_factor_table": "power-factor-0.90",
            }
        },
    )

    subject: str = Field(min_length=1, max_length=64, examples=["BLD-1"])
    tariff: str = Field(min_length=1, max_length=64, examples=["demo-tou"])
    valid_from: date
    valid_until: date | None = Field(default=None, description="First day without it; null: open")
    account: str = Field(default="", max_length=64, description="The supplier's number (户号)")
    charge: Charge = Field(default="none", description="How the basic charge is reckoned")
    capacity_kva: float | None = _Positive
    demand_kw: float | None = _Positive
    power_factor_table: str = Field(default="", max_length=64)
    area_m2: float | None = _Positive
    note: str = Field(default="", max_length=2000)


class ContractOut(ContractIn):
    """A contract as it is kept."""

    number: int
    measure: str
    name: dict[str, str]
    title: dict[str, str] | None = Field(
        description="Of the tariff; null: the rulebook has it no more"
    )
    trust: str | None


class ContractList(BaseModel):
    """Contracts within reach."""

    items: list[ContractOut]


class ContractImport(BaseModel):
    """What an import does, or would do: the contracts that it adds."""

    applied: bool
    added: int
    problems: list[str]


class TariffOut(BaseModel):
    """A tariff as it was in force on the day asked for."""

    id: str
    title: dict[str, str]
    measure: str
    carrier: str
    unit: str
    trust: str
    parts: list[dict[str, Any]]
    ratios: dict[str, float]
    windows: list[dict[str, Any]]
    agent_price: float | None = Field(
        description="Of the day's month, CNY/kWh; null: none is known"
    )
    capacity: dict[str, float] | None
    tiers: dict[str, Any] | None
    area: dict[str, Any] | None
    power_factor_table: str
    clause: dict[str, Any]


class TariffList(BaseModel):
    """The tariffs in force on a day."""

    day: date
    items: list[TariffOut]


class CostInterval(BaseModel):
    """What one interval cost; null: not known."""

    start: datetime
    value: float | None
    quality: str
    coverage: float


class CostSeries(BaseModel):
    """Costs over all carriers (`cost_cny`) or of one of them, or charged by the month (`cost_fixed_cny`)."""

    measure: str
    unit: str
    total: float | None
    coverage: float | None
    intervals: list[CostInterval]


class CostAnswer(BaseModel):
    """What a subject cost by interval, over all carriers and by each of them."""

    subject: str
    grain: str
    total_cny: float | None = Field(
        description="Of all intervals, what is charged by the month included; null: not by the month"
    )
    series: list[CostSeries]
