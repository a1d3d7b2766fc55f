"""Shapes of anomalies as the api answers them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from analytics.anomalies.event import Likely, Shape
from api.finding_schemas import Names

State = Literal["open", "over", "withdrawn", "ordinary"]


class AnomalyItem(BaseModel):
    """One event: what is out of the ordinary, since when, how much, how surely."""

    id: int
    subject: str = Field(examples=["MTR-1-C"], description="As results are named")
    asset: str
    name: Names
    organisation: str | None = Field(description="Who answers for it; null: nobody yet")
    measure: str = Field(examples=["electricity_import_kwh"])
    unit: str = Field(examples=["kWh"])
    shape: Shape
    likely: Likely = Field(description="What it most likely is")
    title: Names = Field(description="That in words")
    sentence: Names = Field(description="Since when, what, how much")
    advice: Names = Field(description="What to do first")
    start: datetime = Field(description="The first hour that is out of the ordinary")
    end: datetime = Field(description="End of the last one")
    hours: int = Field(description="Hours within it that are out of the ordinary")
    size: float = Field(description="Use beyond what was expected in them (below 0: less)")
    expected: float = Field(description="What was expected in them")
    confidence: float = Field(description="How surely it is no ordinary variation, 0 to 1")
    evidence: dict[str, Any] = Field(description="Numbers and words by name, units in the keys")
    baseline_version: int = Field(description="The version of the baseline that it was judged by")
    explained_by: int | None = Field(description="The event of a part that explains it")
    state: State
    found_at: datetime
    updated_at: datetime
    note: str = Field(
        description="Why it was withdrawn (not_found, part_of/NUMBER), or what whoever decided says"
    )
    decided_at: datetime | None
    decided_by: str | None


class AnomalyPage(BaseModel):
    """Anomalies, those that go on first, the newest of these first."""

    total: int
    items: list[AnomalyItem]


class AnomalyHour(BaseModel):
    """One hour around an event; null: not known."""

    start: datetime
    actual: float | None
    expected: float | None
    low: float | None = Field(description="Lower end of ordinary use")
    high: float | None


class AnomalyDetail(AnomalyItem):
    """One event with the hours around it."""

    course: list[AnomalyHour] = Field(description="By the hour, at most 42 days of them")


class OrdinaryComment(BaseModel):
    """Somebody says that an event is ordinary, and why."""

    comment: str = Field(
        min_length=1, max_length=2000, examples=["Election office, open every night in May"]
    )
