"""Shapes of budgets. Days are local; amounts are in the account's `unit`; null means unknown, never zero."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from analytics.yearly.energycalendar import Colour

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class AllowanceOut(BaseModel):
    """What each day that is left may use so that the year ends on its limit."""

    per_day: float | None = Field(description="Mean; null: no day with a budget is left")
    working_day: float | None
    non_working_day: float | None
    scale: float | None = Field(description="Of these days' budgets; below 1: saving is needed")


class MonthOut(BaseModel):
    """A month beside its budget."""

    month: date = Field(description="Its first day")
    budget: float
    days: int = Field(description="Days of it that are over")
    known_days: int = Field(description="Of these days those whose use is known")
    budget_to_date: float
    used: float | None = Field(description="Null: no day of it is known")
    difference: float | None = Field(description="Used less the budget to date; above 0: too much")
    projected: float | None = Field(description="Likely use of the whole month")


class CoalOut(BaseModel):
    """The use in coal equivalent; null and empty where nothing converts it."""

    kgce: float | None
    tce: float | None
    factor_set: str
    basis: str = Field(description="How the set counts electricity: 当量, 等价 or empty")


class BudgetOut(BaseModel):
    """An account beside its budget, at the end of the last complete day."""

    asset: str
    name: dict[str, str]
    quota: str
    title: dict[str, str]
    year: int
    unit: str
    first: date = Field(description="Of its days: 1 January, or that on which heating began")
    complete_days: int
    known_days: int = Field(description="Of the complete days those whose use is known")
    all_days: int
    limit: float
    used: float
    coal: CoalOut
    budget_to_date: float
    ahead: float = Field(description="Used less the budget to date; above 0: too much")
    ahead_pct: float | None
    ahead_days: float | None = Field(description="The same in days of budget")
    allowance: AllowanceOut
    basis: str = Field(
        description="What the days' budgets rest on: history (last year's days), bills (its season; the "
        "kinds of days are assumed), assumed (working days alone; no last year), set (months that somebody "
        "has set)"
    )
    document: str = Field(description="By which it was assigned or revised; empty: neither")
    calendar_announced: bool = Field(description="Whether the year's working calendar is announced")
    months: list[MonthOut]


class DayOut(BaseModel):
    """A day of the energy calendar."""

    day: date
    working: bool
    budget: float
    used: float | None
    colour: Colour


class CalendarOut(BaseModel):
    """The energy calendar (能源日历) of an account."""

    asset: str
    name: dict[str, str]
    quota: str
    title: dict[str, str]
    year: int
    unit: str
    basis: str
    document: str
    calendar_announced: bool
    items: list[DayOut]


class MonthsIn(BaseModel):
    """Budgets of the twelve months, January first; they must sum to the year's limit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "year": 2026,
                "months": [90, 80, 75, 70, 75, 100, 120, 120, 90, 70, 75, 85],
                "document": "2026-7",
                "decided_on": "2026-01-05",
            }
        },
    )

    year: int = Field(ge=2000, le=2100)
    months: list[Amount] = Field(min_length=12, max_length=12)
    document: str = Field(min_length=1, max_length=256)
    decided_on: date
    effective_from: date | None = None
    approved_by: str = Field(default="", max_length=256)
    note: str = Field(default="", max_length=2000)


class MonthsOut(BaseModel):
    """Budgets of months as they were set."""

    asset: str
    quota: str
    year: int
    months: list[float]
    version: int
    effective_from: date
