"""Shapes of budgets and what-ifs of money."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.money_bill_schemas import LineOut


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
