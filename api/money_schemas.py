"""Shapes of what goes in and out of money: tariffs, contracts, bills, budgets, what-ifs."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Charge = Literal["none", "capacity", "contracted", "actual"]
_Positive: Any = Field(default=None, gt=0, le=1e9, allow_inf_nan=False)
_Money: Any = Field(default=None, ge=-1e12, le=1e12, allow_inf_nan=False)


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
    """Costs over all carriers (`cost_cny`) or of one of them."""

    measure: str
    unit: str
    total: float | None
    coverage: float | None
    intervals: list[CostInterval]


class CostAnswer(BaseModel):
    """What a subject cost by interval, over all carriers and by each of them."""

    subject: str
    grain: str
    series: list[CostSeries]


class LineOut(BaseModel):
    """A line of a bill. `price_cny` of the power factor is the per cent."""

    line: str
    period: str
    amount: float | None
    price_cny: float | None
    cost_cny: float | None


class LineIn(BaseModel):
    """A line of a supplier's bill as it came."""

    model_config = ConfigDict(extra="forbid")

    line: str = Field(min_length=1, max_length=32, examples=["energy"])
    period: str = Field(default="", max_length=16, examples=["peak"])
    amount: float | None = _Money
    price_cny: float | None = _Money
    cost_cny: float | None = _Money


class BillIn(BaseModel):
    """A supplier's bill over the local days `first_day` to `last_day`, both included."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "bill": "2024-05-3701234567",
                "contract": 1,
                "first_day": "2024-05-01",
                "last_day": "2024-05-31",
                "lines": [
                    {"line": "energy", "period": "peak", "amount": 12000, "cost_cny": 8064},
                    {"line": "total", "cost_cny": 31250.4},
                ],
            }
        },
    )

    bill: str = Field(min_length=1, max_length=64, pattern=r"^[^/\x00-\x1f]+$")
    contract: int = Field(ge=1, le=2**31 - 1)
    first_day: date
    last_day: date
    lines: list[LineIn] = Field(min_length=1, max_length=200)


class BillComputed(BaseModel):
    """What a contract comes to over some days, line by line. `known` is the share of hours with use."""

    contract: int
    tariff: str
    trust: str
    first_day: date
    last_day: date
    known: float
    points: list[str]
    lines: list[LineOut]


class DifferenceOut(BaseModel):
    """A line as billed and as worked out. Differences are billed less worked out."""

    line: str
    period: str
    billed: LineOut | None
    computed: LineOut | None
    amount_difference: float | None
    cost_difference_cny: float | None
    cost_difference_pct: float | None
    why: str


class BillCheck(BaseModel):
    """A supplier's bill against what was worked out."""

    bill: str
    contract: int
    subject: str
    first_day: date
    last_day: date
    known: float
    trust: str
    agrees: bool
    lines: list[DifferenceOut]


class BillChecks(BaseModel):
    """Bills within reach, each checked."""

    items: list[BillCheck]


class BudgetIn(BaseModel):
    """What an organisation may spend in a year on a carrier, or on `all`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "organisation": "ORG-2",
                "carrier": "electricity",
                "year": 2024,
                "amount_cny": 480000,
            }
        },
    )

    organisation: str = Field(min_length=1, max_length=64)
    carrier: Literal["all", "electricity", "water", "gas", "heat", "fuel"]
    year: int = Field(ge=1990, le=2199)
    amount_cny: float = Field(ge=0, lt=1e12, allow_inf_nan=False)
    note: str = Field(default="", max_length=2000)


class BudgetOut(BudgetIn):
    """A budget with what was spent, and what the year will come to (80 % interval)."""

    model_config = ConfigDict(extra="ignore")

    name: dict[str, str]
    spent_cny: float
    known: float
    share_pct: float | None
    projected_cny: float | None
    projected_low_cny: float | None
    projected_high_cny: float | None
    over_probability: float | None


class BudgetList(BaseModel):
    """The budgets of the judged year."""

    as_of: datetime
    items: list[BudgetOut]


class EffectOut(BaseModel):
    """What a change would have come to. Energy in the tariff's unit; by the hours' own prices."""

    contract: int
    tariff: str
    trust: str
    first_day: date
    last_day: date
    known: float
    cost_before_cny: float
    cost_after_cny: float
    less_cny: float
    moved: float
    saved: float
    highest_before_kw: float
    highest_after_kw: float
    assumptions: list[dict[str, str]]


class TariffCost(BaseModel):
    """The same use by one tariff."""

    tariff: str
    title: dict[str, str]
    trust: str
    lines: list[LineOut]
    total_cny: float


class BasicChoiceOut(BaseModel):
    """The basic charge of the days' months by each way of reckoning it, in CNY; null: not known."""

    by_capacity_cny: float | None
    by_actual_cny: float
    by_contracted_cny: float | None
    best_contracted_kw: float
    best_contracted_cny: float
    monthly_kw: list[float] = Field(description="The highest hour of each month")


class Comparison(BaseModel):
    """What the same use costs by several tariffs, and by each basic charge of the contract's own."""

    contract: int
    first_day: date
    last_day: date
    known: float
    tariffs: list[TariffCost]
    basic_charge: BasicChoiceOut | None
