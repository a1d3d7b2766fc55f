"""Shapes of what the api answers about why results are what they are. Units are the quantity's."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.readings import Quality

_STEP: dict[str, Any] = {
    "device": "ztjz-0012",
    "channel": "",
    "quantity": "electricity_import_kwh",
    "start": "2023-01-01T00:45:00Z",
    "end": "2023-01-01T01:15:00Z",
    "before": 5120.25,
    "after": 5120.75,
    "multiplier": 40.0,
    "rule": "interpolated",
    "amount": 20.0,
    "share": 0.5,
    "use": 10.0,
    "quality": "measured",
}
_FIGURES: dict[str, Any] = {"value": 10.0, "quality": "measured", "coverage": 1.0}
_SUBJECT: dict[str, Any] = {
    "subject": "MTR-1",
    "measure": "electricity_import_kwh",
    "unit": "kWh",
    "timezone": "Asia/Shanghai",
}


class StepOut(BaseModel):
    """What one increment gives to an hour."""

    device: str = Field(description="Empty: a bill, a purchase or a charging session")
    channel: str
    quantity: str
    start: datetime
    end: datetime
    before: float | None = Field(description="What the device showed at the start; null: a bill")
    after: float | None
    multiplier: float | None
    rule: str = Field(
        description="difference, interpolated, outage, rollover, reset, above_rating, provisional, "
        "power, amount or session; see docs/consumption.md",
        examples=["interpolated"],
    )
    amount: float | None = Field(description="Over the whole increment; null: it does not count")
    share: float = Field(description="Part of its time that lies in the hour, 0 to 1")
    use: float | None = Field(description="What falls in the hour")
    quality: Quality


class LeftOutOut(BaseModel):
    """A reading of the hour that is a glitch and counts for nothing."""

    device: str
    channel: str
    time: datetime
    shown: float


class FiguresOut(BaseModel):
    """A stored result."""

    value: float | None
    quality: Quality
    coverage: float


class PartOut(FiguresOut):
    """A part of a total in one hour."""

    subject: str | None = Field(description="Null: out of reach of who asks")
    measure: str
    weight: float = Field(description="How many times it counts in the total")


class ExplainedHour(BaseModel):
    """An hour computed anew from what it rests on, beside what is stored."""

    start: datetime
    value: float | None
    coverage: float | None = Field(description="Null: a total, see stored")
    quality: Quality
    stored: FiguresOut
    steps: list[StepOut] = Field(description="Of a point: what adds up to the hour")
    left_out: list[LeftOutOut]
    parts: list[PartOut] = Field(description="Of a total: what adds up to the hour")


class ExplanationOut(BaseModel):
    """Hours of one subject, explained."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_SUBJECT,
                "hours": [
                    {
                        "start": "2023-01-01T01:00:00Z",
                        **_FIGURES,
                        "stored": _FIGURES,
                        "steps": [_STEP],
                        "left_out": [],
                        "parts": [],
                    }
                ],
            }
        }
    )

    subject: str
    measure: str
    unit: str
    timezone: str
    hours: list[ExplainedHour]


class StandOut(BaseModel):
    """What a counter showed, before the multiplier."""

    time: datetime
    shown: float
    read: bool = Field(description="False: between two readings, linearly")


class EventOut(BaseModel):
    """An increment that is not the difference of its readings."""

    step: StepOut
    adjustment: float = Field(description="What it adds to the difference of the stands")


class SectionOut(BaseModel):
    """What one source gave over the time."""

    device: str
    channel: str
    quantity: str
    multiplier: float | None
    register_size: float | None
    opening: StandOut | None = Field(description="Null: no counter says it")
    closing: StandOut | None
    events: list[EventOut]
    passed: float
    estimated: bool


class SummedPart(BaseModel):
    """A part of a total over the time."""

    subject: str | None = Field(description="Null: out of reach of who asks")
    measure: str
    hours: int
    use: float


class AuditOut(BaseModel):
    """The books of one subject: counters, or parts, against the sum of its stored hours."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_SUBJECT,
                "from": "2023-01-01T00:00:00Z",
                "until": "2023-01-02T00:00:00Z",
                "sections": [
                    {
                        "device": "ztjz-0012",
                        "channel": "",
                        "quantity": "electricity_import_kwh",
                        "multiplier": 40.0,
                        "register_size": 100000.0,
                        "opening": {"time": "2023-01-01T00:00:00Z", "shown": 99999.5, "read": True},
                        "closing": {"time": "2023-01-02T00:00:00Z", "shown": 5.5, "read": True},
                        "events": [
                            {
                                "step": {
                                    **_STEP,
                                    "before": 99999.75,
                                    "after": 0.25,
                                    "rule": "rollover",
                                    "share": 1.0,
                                    "use": 20.0,
                                },
                                "adjustment": 4000000.0,
                            }
                        ],
                        "passed": 240.0,
                        "estimated": False,
                    }
                ],
                "parts": [],
                "total": 240.0,
                "hours": 24,
                "hours_total": 240.0,
                "difference": 0.0,
            }
        }
    )

    subject: str
    measure: str
    unit: str
    timezone: str
    from_: datetime = Field(serialization_alias="from")
    until: datetime
    sections: list[SectionOut]
    parts: list[SummedPart]
    total: float
    hours: int = Field(description="How many hours of the span have a result")
    hours_total: float
    difference: float = Field(description="total less hours_total")
