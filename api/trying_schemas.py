"""What trying a rule over history takes and answers."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.rulebook.composing import SIZE_LIMIT_BYTES

MOST_THRESHOLDS = 8

Limits = Annotated[list[float], Field(max_length=MOST_THRESHOLDS)]


class TryPackIn(BaseModel):
    """A pack that counts for the trial only, beside those that count or instead of the one of its name."""

    name: str = Field(max_length=128, examples=["city.yaml"])
    text: str = Field(min_length=1, max_length=SIZE_LIMIT_BYTES)


class TryIn(BaseModel):
    """A rule, the span that it is tried over, and thresholds to compare."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "rule": "use-above-expected",
                "from": "2023-01-01",
                "until": "2023-07-01",
                "above": [15, 25],
            }
        }
    )

    rule: str = Field(max_length=128)
    from_: str = Field(alias="from", max_length=40, description="Local day, or an instant")
    until: str | None = Field(default=None, max_length=40, description="Not included; default now")
    above: Limits = Field(default=[], description="In place of the rule's own threshold, each")
    below: Limits = Field(default=[], description="The same for a rule that looks below")
    asset: str | None = Field(default=None, max_length=64, description="Of this one only")
    pack: TryPackIn | None = None


class SpellOut(BaseModel):
    """A time for which an alert would have fired."""

    subject: str
    asset: str
    name: dict[str, str] | None = Field(description="Of the asset; null: it is not known any more")
    began_at: datetime
    ended_at: datetime | None = Field(description="Null: it fires still at the end of the span")
    peak: float = Field(description="The value farthest beyond the threshold")
    severity: str = Field(description="The gravest that it reached")
    flapping: bool


class TrialOut(BaseModel):
    """What the rule would have done with one threshold."""

    threshold: float
    clear: float
    subjects: int = Field(description="Looked at")
    alerts: int = Field(description="Firings")
    cases: int = Field(description="One that is reopened counts once")
    firing_days: int = Field(description="Local days with a firing alert, added up over subjects")
    most_at_once: int
    spells: list[SpellOut] = Field(description="Firings by beginning, the first ones where cut")
    cut: bool = Field(description="Whether there are more than are listed")


class TryOut(BaseModel):
    """What a rule would have done over a span, by threshold. Nothing was written."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "rule": "use-above-expected",
                "title": {"zh": "用电持续高于预期", "en": "Electricity above what is expected"},
                "from": "2022-12-31T16:00:00Z",
                "until": "2023-06-30T16:00:00Z",
                "direction": "above",
                "unit": "%",
                "trials": [],
            }
        }
    )

    rule: str
    title: dict[str, str]
    from_: datetime = Field(serialization_alias="from", validation_alias="from")
    until: datetime
    direction: str
    unit: str
    trials: list[TrialOut]
