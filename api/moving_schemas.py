"""Shapes of what moving readings, and keeping them, answers."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class WrongLine(BaseModel):
    """A line of a file that breaks a rule."""

    line: int = Field(description="From 1, the heading included; of Parquet the row")
    message: str


class ImportedReadings(BaseModel):
    """What an import of readings found, and did."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "applied": True,
                "lines": 35040,
                "series": 1,
                "first": "2023-01-01T00:00:00Z",
                "last": "2023-12-31T23:45:00Z",
                "suspect": 0,
                "written": 35040,
                "duplicates": 0,
                "conflicts": 0,
                "problems": [],
                "problems_total": 0,
            }
        }
    )

    applied: bool = Field(description="Whether it was written: all lines, or none")
    lines: int = Field(description="With a reading")
    series: int
    first: datetime | None
    last: datetime | None
    suspect: int = Field(description="Implausible: stored and not used")
    written: int
    duplicates: int = Field(description="There already, or less than what is there")
    conflicts: int = Field(description="Different values under one identity and revision")
    problems: list[WrongLine] = Field(description="The first of them")
    problems_total: int


class ImportedResults(BaseModel):
    """What an import of results did."""

    results: int
    before: datetime = Field(description="Results from before are frozen from now on")


class KeptUntil(BaseModel):
    """Instants before which something goes, or is gone; null: it stays."""

    readings: datetime | None
    hourly: datetime | None
    daily: datetime | None


class Kept(BaseModel):
    """How far letting go of what the settings keep no longer has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "wanted": {"readings": "2023-05-31T16:00:00Z", "hourly": None, "daily": None},
                "announced": "2023-05-31T16:00:00Z",
                "frozen": "2023-05-31T16:00:00Z",
                "gone": {"readings": "2023-05-31T16:00:00Z", "hourly": None, "daily": None},
                "asked": False,
            }
        }
    )

    wanted: KeptUntil = Field(description="By the settings, now")
    announced: datetime | None = Field(description="From when on readings are taken in")
    frozen: datetime | None = Field(description="From when on results are computed")
    gone: KeptUntil
    asked: bool = Field(description="Whether the analysis does it at its next turn")
