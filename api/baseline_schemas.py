"""Shapes of baselines as the api answers them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from analytics.baselines.series import Interval
from api.finding_schemas import Names

State = Literal["current", "superseded", "dropped", "insufficient"]
Listed = Literal["current", "insufficient"]


class FitFigures(BaseModel):
    """Figures of a fit (ASHRAE Guideline 14); null: it has no meaning here."""

    r2: float | None
    cv_rmse_pct: float | None = Field(description="Of the mean use, in percent", examples=[11.4])
    nmbe_pct: float | None = Field(description="Above 0: the baseline expects too little")
    n: int = Field(description="Intervals judged")
    p: int = Field(description="Parameters; 0 where judged on intervals left out")


class BaselineFigures(BaseModel):
    """Figures of a baseline, empty where there is none."""

    in_sample: FitFigures | None = None
    cross_validated: FitFigures | None = Field(
        default=None, description="On blocks of weeks that were left out"
    )
    compared: dict[str, FitFigures] = Field(
        default={}, description="The same of every kind of model that was tried"
    )


class BaselineSaw(BaseModel):
    """What a baseline was learnt from; of an attempt that failed only where its data begin."""

    first: datetime = Field(description="Beginning of the first interval")
    last: datetime | None = Field(default=None, description="Beginning of the last one")
    n: int = Field(default=0, description="Intervals that it learnt from")
    temperature_c: tuple[float, float] | None = Field(
        default=None, description="Coldest and warmest; null: it knows no weather"
    )
    coverage: float = Field(
        default=0.0, description="Share of the intervals that are known, 0 to 1"
    )
    excluded: list[tuple[datetime, datetime]] = Field(
        default=[], description="Left out: anomalies, and days far above expectation"
    )
    data_hash: str = Field(description="The same for the same data")


class BaselineFinding(BaseModel):
    """Why there is no baseline, or what to keep in mind."""

    code: str = Field(examples=["baseline_insufficient"])
    detail: dict[str, Any]


class BaselineItem(BaseModel):
    """One version of a baseline."""

    subject: str = Field(examples=["BLD-1"], description="As results are named")
    name: Names
    measure: str = Field(examples=["electricity_import_kwh"])
    unit: str = Field(examples=["kWh"])
    interval: Interval
    version: int = Field(description="Counts up with each attempt; events cite it")
    as_of: datetime = Field(description="It was learnt from what came before")
    fitted_at: datetime
    state: State = Field(
        description="current; superseded by a later month; dropped: what it was learnt from has changed; "
        "insufficient: there was too little to learn from"
    )
    reason: Literal["schedule", "changed", "asked"] = Field(description="Why it was made")
    kind: str | None = Field(examples=["towt"], description="The model; null: there is none")
    figures: BaselineFigures
    saw: BaselineSaw
    findings: list[BaselineFinding]
    libraries: dict[str, str] = Field(description="Versions of what it was computed with")


class BaselinePage(BaseModel):
    """Baselines, by subject and measure."""

    total: int
    items: list[BaselineItem]


class BaselineVersions(BaseModel):
    """All versions of one baseline that are kept, newest first."""

    items: list[BaselineItem]


class ExpectedInterval(BaseModel):
    """One hour or day; null: not known, or nothing can honestly be expected."""

    start: datetime
    actual: float | None
    expected: float | None
    low: float | None = Field(description="Lower end of ordinary use (90 %)")
    high: float | None


class ExpectedCourse(BaseModel):
    """What was used beside what was to be expected."""

    subject: str
    measure: str
    unit: str
    interval: Interval
    timezone: str = Field(examples=["Asia/Shanghai"])
    version: int = Field(description="Of the baseline")
    kind: str
    items: list[ExpectedInterval]


class RefitRequest(BaseModel):
    """Which baseline is to be learnt anew."""

    subject: str = Field(min_length=1, max_length=128, examples=["BLD-1"])
    measure: str = Field(min_length=1, max_length=64, examples=["electricity_import_kwh"])
