"""Shapes of what the api answers about what a quota figure is made of."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from analytics.yearly.terms import Adjustment
from quotawatt.rulebook.basics import Trust


class IntervalOut(BaseModel):
    """Use of a day or month."""

    first: date
    amount: float | None = Field(description="In the measure's unit; null: not known")
    value: float | None = Field(description="In the account's unit")
    coverage: float


class EntryOut(BaseModel):
    """A bill, purchase or reading by hand that a line rests on."""

    number: int
    kind: str = Field(examples=["bill"])
    start: datetime
    end: datetime
    amount: float | None
    gj_per_m2: float | None = Field(description="Heat billed by area: not metered")
    document: str = Field(description="SHA-256 of the photograph or scan; empty: none")


class LineOut(BaseModel):
    """A series, with what adds up to it."""

    subject: str = Field(examples=["BLD-1"])
    kind: str = Field(description="asset, hand (entered of the asset itself), rest or hidden")
    measure: str = Field(examples=["electricity_import_kwh"])
    unit: str
    amount: float
    value: float
    coverage: float
    estimated: bool
    billed_by_area: bool = Field(description="Heat that was billed by area and not metered")
    entries: list[EntryOut]
    months: list[IntervalOut]
    days: list[IntervalOut] = Field(description="Of the month that was asked for")
    explain: str | None = Field(description="Path of the hours of this series; add from and until")
    below: list["LineOut"]


class FactorOut(BaseModel):
    """What a unit of a measure counts in the account."""

    value: float
    unit: str
    trust: Trust
    factor_set: str
    clause: dict[str, Any] | None


class UnfoldedPartOut(BaseModel):
    """A part of the figure; ``line.value`` is the part's value but for its sign."""

    measure: str
    role: str = Field(description="carrier, takes_in or leaves_out")
    purpose: str
    factor: FactorOut
    line: LineOut


class HeldOut(BaseModel):
    """What a denominator is made of: area of a building, or people of an organisation, over its days."""

    subject: str
    component: str = Field(description="Column of the area, or component of the head-count")
    first: date
    until: date
    days: int
    amount: float | None


class UnfoldedOut(BaseModel):
    """A quota figure with all that it is made of."""

    as_of: datetime
    account: dict[str, Any] = Field(description="The account as GET /quota lists it")
    formula: dict[str, str]
    in_numbers: dict[str, str]
    parts: list[UnfoldedPartOut]
    denominator: list[HeldOut]
    adjustments: list[Adjustment]
    months: dict[date, float] = Field(description="The figure by month, in the account's unit")
