"""Shapes of what the api answers about overuse. Amounts are in the answer's unit."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analytics.anomalies.event import Likely, Shape
from analytics.overuse.classes import HourClass

_EXCESS: dict[str, Any] = {
    "hours": 720,
    "use": 13_120.0,
    "expected": 11_890.0,
    "excess": 1_230.0,
    "cny": 861.0,
    "kgco2": 701.0,
    "quota_share_pct": 1.3,
}
_NAME: dict[str, Any] = {"zh": "B座空调用电", "en": "Air conditioning of Block B"}
_WORDS: dict[str, Any] = {
    "zh": "5月3日起，B座空调夜间未关，每晚多用 41 kWh，占全年定额的 1.3 %",
    "en": "Since 3 May the air conditioning of Block B runs through the night, 41 kWh a night",
}


class ExcessOut(BaseModel):
    """Use beyond what was expected; below 0 where less was used."""

    hours: int = Field(description="Hours that are known in use and expectation")
    use: float
    expected: float
    excess: float = Field(description="Use less expected")
    cny: float | None = Field(description="At the prices of the hours; null: none is known")
    kgco2: float | None = Field(description="Location-based; null: no factor is known")
    quota_share_pct: float | None = Field(description="Of the year's quota; null: there is none")


class ClassOut(ExcessOut):
    """The excess of a class of hours."""

    hour_class: HourClass = Field(
        description="working, night (outside working hours of days that are worked), weekend, holiday"
    )


class PartOut(ExcessOut):
    """A sub-meter's share, or that of the rest, which no sub-meter holds."""

    subject: str = Field(description="A code; `rest`: metered by no part, or not known of a part")
    name: dict[str, str]
    unknown_hours: int = Field(
        description="Hours in which it is not known, so that they are in the rest"
    )
    classes: list[ClassOut]


class RankedOut(ClassOut):
    """A line of the ranking: a part and a class of hours with more use than expected."""

    subject: str
    name: dict[str, str]


class PatternOut(BaseModel):
    """A pattern that recurs, as one event."""

    subject: str
    measure: str
    unit: str
    name: dict[str, str]
    likely: Likely
    shape: Shape
    start: datetime
    end: datetime
    open: bool = Field(description="Whether it still went on at the end of the span")
    hours: int
    size: float = Field(description="Use beyond what is usual, in the unit")
    expected: float
    confidence: float = Field(description="0 to 1")
    evidence: dict[str, str | float | int | None]
    sentence: dict[str, str]
    advice: dict[str, str]


class BasisOut(BaseModel):
    """What a subject was judged by."""

    subject: str
    kind: str = Field(description="Kind of model", examples=["towt"])
    learnt_until: datetime
    version: int | None = Field(description="Of the stored baseline; null: learnt for this answer")
    cv_rmse_pct: float | None = Field(description="CV(RMSE) on blocks that it had not seen")


class DayOut(BaseModel):
    """A local day; null where no hour of it is known."""

    day: date
    use: float | None
    expected: float | None
    excess: float | None


class OveruseOut(BaseModel):
    """Where, when and why an asset used more than expected."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "unit": "kWh",
                "from": "2023-05-02T16:00:00Z",
                "until": "2023-06-01T16:00:00Z",
                "timezone": "Asia/Shanghai",
                "verdict": _WORDS,
                "whole": _EXCESS,
                "low": 11_300.0,
                "high": 12_500.0,
                "unknown_hours": 0,
                "classes": [{**_EXCESS, "hour_class": "night"}],
                "parts": [],
                "ranking": [{**_EXCESS, "hour_class": "night", "subject": "MTR-2", "name": _NAME}],
                "patterns": [],
                "days": [{"day": "2023-05-03", "use": 437.3, "expected": 396.3, "excess": 41.0}],
                "baselines": [],
                "parts_left_out": 0,
                "findings": [],
            }
        },
    )

    subject: str
    measure: str
    unit: str
    from_: datetime = Field(alias="from")
    until: datetime
    timezone: str
    verdict: dict[str, str] | None = Field(description="One sentence; null: nothing was expected")
    whole: ExcessOut | None
    low: float | None = Field(
        description="Ends of the 90 % band of ordinary use of the known hours"
    )
    high: float | None
    unknown_hours: int
    classes: list[ClassOut]
    parts: list[PartOut] = Field(description="The costliest first")
    ranking: list[RankedOut] = Field(description="Part and class of hours, the costliest first")
    patterns: list[PatternOut]
    days: list[DayOut]
    baselines: list[BasisOut]
    parts_left_out: int = Field(description="Parts that were not looked at, as they are too many")
    findings: list[dict[str, Any]] = Field(description="Why something could not be judged")
