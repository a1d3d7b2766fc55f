"""Shapes of suppliers' bills as they come, and held against what was worked out."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_Figure: Any = Field(default=None, ge=-1e12, le=1e12, allow_inf_nan=False)


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
    amount: float | None = _Figure
    price_cny: float | None = _Figure
    cost_cny: float | None = _Figure


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
    demand_minutes: int | None = Field(
        description="Over which the highest demand is a mean: 15, or 60 where meters are not read as "
        "often in all hours, so that the true one may be higher; null: no demand is charged"
    )
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
