"""What the API says of the rulebook: entries, versions, differences, and what rules did."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_ROW: JsonDict = {
    "section": "quotas",
    "id": "db37t2672-city-b-electricity",
    "title": {"zh": "市级机关（B 区）单位建筑面积电耗", "en": "City institutions, zone B"},
    "instrument": "db37t2672-2019",
    "instrument_number": "DB37/T 2672-2019",
    "clause": {"zh": "电耗定额", "en": "electricity quota"},
    "trust": "secondary",
    "status": "",
    "effective_from": None,
    "effective_until": None,
}
_VERSION: JsonDict = {
    "effective_from": None,
    "effective_until": None,
    "place": "x.yaml:7",
    "trust": "source",
}

Trusted = Literal["source", "secondary", "unverified", "invented"]


class RulebookRow(BaseModel):
    """One entry of the rulebook. ``trust``: how well its numbers are known."""

    model_config = ConfigDict(json_schema_extra={"example": _ROW})

    section: str
    id: str
    title: dict[str, str] = Field(description="zh and en")
    instrument: str = Field(description="Id of the instrument it cites; empty: none")
    instrument_number: str
    clause: dict[str, str] | None = Field(description="Name of the clause, zh and en")
    trust: Trusted
    status: str = Field(description="Of an instrument: in_force, amended, ..., template")
    effective_from: date | None = Field(description="First day in force; null: not known")
    effective_until: date | None = Field(description="First day no longer in force; null: none")


class RulebookRows(BaseModel):
    """Entries that were in force on a day."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"as_of": "2024-01-01", "items": [_ROW]}}
    )

    as_of: date
    items: list[RulebookRow]


class EntryVersion(BaseModel):
    """A version of an entry, and where it was written."""

    model_config = ConfigDict(json_schema_extra={"example": _VERSION})

    effective_from: date | None
    effective_until: date | None
    place: str = Field(description="file:line")
    trust: Trusted


class RulebookEntry(RulebookRow):
    """One entry with its values, the clause it cites, its versions, and what uses it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_ROW,
                "values": {"tiers": {"constraint": 80.0}},
                "cited": None,
                "versions": [_VERSION],
                "used_by": [{"section": "quotas", "id": "db37t2672-city-b-electricity"}],
            }
        }
    )

    values: dict[str, Any]
    cited: dict[str, Any] | None
    versions: list[EntryVersion]
    used_by: list[dict[str, str]]


class RulebookChange(BaseModel):
    """An entry that is not the same in both; of one that changed only the values that did."""

    section: str
    id: str
    change: Literal["added", "changed", "removed"]
    before: dict[str, Any]
    after: dict[str, Any]


class RulebookDifference(BaseModel):
    """What tells the rulebook of one day from that of another."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"from_day": "2024-01-01", "until_day": "2025-01-01", "items": []}
        }
    )

    from_day: date
    until_day: date
    items: list[RulebookChange]


class RuleEffectsRow(BaseModel):
    """What one version of a rule did, from the first to the last day with an entry."""

    rule: str
    version: str
    title: dict[str, str] | None = Field(description="Of the rule as it is now; null: it is gone")
    first: date
    last: date
    evaluated: int = Field(description="Subjects looked at, once for each evaluation")
    fired: int
    resolved: int
    acknowledged: int
    accepted: int = Field(description="Explanations of overruns that were accepted")
    closed: int = Field(description="Cases that were closed")


class RuleEffectsList(BaseModel):
    """What the rules did in a time: figures for a review."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": []}})

    items: list[RuleEffectsRow]
