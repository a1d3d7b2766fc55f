"""Shapes of what the api answers. Instants are UTC, ISO 8601; None (null) means unknown, never zero."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.readings import Grain, Quality


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "urn:quotawatt:problem:not-found",
                "title": "Not Found",
                "status": 404,
                "detail": "a code must be one of the register, got 'BLD-9'",
                "instance": "/api/v1/assets/BLD-9",
            }
        },
    )

    type: str
    title: str
    status: int
    detail: str = Field(description="The rule that was broken, then the offending value")
    instance: str


class Health(BaseModel):
    """How the parts are; ``degraded`` where one is not well. Null: not told to everybody."""

    status: str = Field(examples=["ok", "degraded"])
    now: datetime
    parts: dict[str, Any] | None = Field(
        description="Each role and store, by name, and what it says"
    )
    counts: dict[str, int] | None = Field(description="Totals since installation")


class AssetSummary(BaseModel):
    """An asset in the tree."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    status: str = Field(examples=["in_use"])
    organisation: str | None = Field(description="Who answers for it; null: nobody, as for a site")
    parent: str | None = Field(description="What it hangs under: organisation, building or meter")
    children: int | None = Field(description="How many hang directly under it; null: not asked for")


class AssetList(BaseModel):
    """A page of assets."""

    total: int
    items: list[AssetSummary]


class AssetDetail(AssetSummary):
    """An asset with all that the register says of it."""

    attributes: dict[str, Any]
    path: list[str] = Field(description="Codes from the top of the tree down to it")
    child_codes: list[str] | None = Field(description="Null: not asked for, with `as_of`")
    bindings: list[dict[str, Any]]
    headcounts: list[dict[str, Any]]
    base_values: list[dict[str, Any]]
    duties: list[dict[str, Any]] = Field(
        description="Who holds a duty; addresses only for who may change the register there"
    )


class HeldValue(BaseModel):
    """What a column held over ``[valid_from, valid_until)``, as text; days are local, at its place."""

    column: str = Field(examples=["organisation"])
    value: str | None = Field(description="Null: none", examples=["ORG-1"])
    valid_from: date | None = Field(description="Null: always before")
    valid_until: date | None = Field(description="Null: still")


class AssetHistory(BaseModel):
    """What changed in an asset, column by column, in order."""

    code: str
    items: list[HeldValue]


class ReadingItem(BaseModel):
    """A reading as the device gave it, in canonical units, not multiplied."""

    device: str
    channel: str
    quantity: str
    time: datetime
    value: float
    arrived: datetime
    revision: int
    quality: Quality
    reason: str
    timed_by_server: bool


class ReadingList(BaseModel):
    """A page of readings, oldest first."""

    items: list[ReadingItem]
    next_from: datetime | None = Field(
        description="'from' of the next page; null: this was the last"
    )


class Interval(BaseModel):
    """One interval ``[start, start + grain)``."""

    start: datetime
    value: float | None
    quality: Quality
    coverage: float | None = Field(description="Share that rests on measurements, 0..1")


class SeriesOut(BaseModel):
    """One measure over the span."""

    measure: str
    unit: str
    additive: bool
    total: float | None = Field(description="Sum where the measure adds up, else the mean")
    coverage: float | None
    intervals: list[Interval]


class Consumption(BaseModel):
    """Measures of one subject over a span."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "grain": "day",
                "from": "2022-12-31T16:00:00Z",
                "until": "2023-01-01T16:00:00Z",
                "timezone": "Asia/Shanghai",
                "series": [
                    {
                        "measure": "electricity_import_kwh",
                        "unit": "kWh",
                        "additive": True,
                        "total": 5120.5,
                        "coverage": 1.0,
                        "intervals": [
                            {
                                "start": "2022-12-31T16:00:00Z",
                                "value": 5120.5,
                                "quality": "measured",
                                "coverage": 1.0,
                            }
                        ],
                    }
                ],
            }
        }
    )

    subject: str
    grain: Grain
    from_: datetime = Field(serialization_alias="from")
    until: datetime
    timezone: str
    series: list[SeriesOut]


class Page(BaseModel):
    """A page of rows."""

    total: int
    items: list[dict[str, Any]]


class Acknowledgement(BaseModel):
    """Somebody takes an alert up."""

    comment: str = Field(
        default="", max_length=2000, examples=["Night running of the chillers, being looked at"]
    )


class AccountList(BaseModel):
    """Yearly accounts at one instant, and why others could not be drawn up."""

    as_of: datetime
    items: list[dict[str, Any]]
    findings: list[dict[str, Any]]
