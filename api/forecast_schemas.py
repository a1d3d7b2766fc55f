"""Shapes of forecasts as the api answers them, and of the weather that it is given."""

from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from analytics.baselines.series import Interval
from analytics.forecast.day_ahead import Basis, Weather
from api.finding_schemas import Names

_HOUR: dict[str, Any] = {
    "start": "2024-01-01T16:00:00Z",
    "expected": 41.2,
    "low": 35.9,
    "high": 47.0,
    "temperature_c": -2.5,
    "actual": None,
}


class ForecastHour(BaseModel):
    """An hour of the day."""

    start: datetime
    expected: float | None = Field(description="In the unit; null: nothing can be said")
    low: float | None = Field(description="Edges of the interval; null: too little was seen")
    high: float | None
    temperature_c: float | None = Field(description="Taken for granted; null: not looked at")
    actual: float | None = Field(description="What came of it; null: not known, or not yet")


class ForecastFinding(BaseModel):
    """Why there is no forecast."""

    code: str = Field(examples=["forecast_impossible"])
    subject: str
    detail: dict[str, Any]
    title: Names
    sentence: Names


class ForecastOut(BaseModel):
    """The forecast of one local day by the hour."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "unit": "kWh",
                "timezone": "Asia/Shanghai",
                "day": "2024-01-02",
                "known_until": "2023-12-31",
                "level": 0.9,
                "basis": "baseline",
                "baseline_version": 4,
                "weather": "given",
                "calendar_known": True,
                "total": 982.4,
                "total_low": 911.0,
                "total_high": 1060.5,
                "hours": [_HOUR],
                "findings": [],
            }
        }
    )

    subject: str
    measure: str
    unit: str
    timezone: str = Field(description="Whose day is meant: the subject's")
    day: date
    known_until: date | None = Field(description="The last day whose use it knows")
    level: float = Field(description="Share of the hours, and of days, that the intervals hold")
    basis: Basis | None = Field(
        description="A stored baseline at the level of the last weeks, or habit: days like it. "
        "Null: there is no forecast"
    )
    baseline_version: int | None
    weather: Weather | None = Field(
        description="Whether each hour's temperature was given; else it is like the days before"
    )
    calendar_known: bool = Field(
        description="False: the year's working days are not announced; weekends and statutory "
        "holidays stand in"
    )
    total: float | None = Field(description="Of the whole day")
    total_low: float | None
    total_high: float | None
    hours: list[ForecastHour]
    findings: list[ForecastFinding] = Field(description="Why there is none")


class TemperatureIn(BaseModel):
    """The outdoor temperature of one hour."""

    model_config = ConfigDict(extra="forbid")

    start: AwareDatetime = Field(description="Beginning of the hour, with a time zone")
    temperature_c: float = Field(ge=-90, le=60)


class ForecastIn(BaseModel):
    """What is to be forecast, with the weather forecast of the day."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "day": "2024-01-02",
                "weather": [{"start": "2024-01-01T16:00:00Z", "temperature_c": -2.5}],
            }
        },
    )

    subject: str = Field(examples=["BLD-1"])
    measure: str = Field("electricity_import_kwh", examples=["electricity_import_kwh"])
    day: date | None = Field(None, description="Default tomorrow")
    level: float = Field(0.9, ge=0.5, le=0.99)
    weather: list[TemperatureIn] = Field(
        max_length=24 * 16, description="Of the day's hours, and of those of the days before it"
    )


class ForecastMonth(BaseModel):
    """A month to come, or what is left of one."""

    start: datetime = Field(description="Where it begins; the first one: today, by hours")
    expected: float
    low: float
    high: float


class YearForecastOut(BaseModel):
    """A calendar year by baseline and past weather, beside the projections of quota accounts."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "subject": "BLD-1",
                "measure": "electricity_import_kwh",
                "unit": "kWh",
                "timezone": "Asia/Shanghai",
                "year": 2024,
                "first": "2024-12-01",
                "interval": "hour",
                "baseline_version": 15,
                "used": 331250.0,
                "known_days": 333,
                "days": 335,
                "level": 0.9,
                "weather_years": [2021, 2022, 2023],
                "answered_pct": 99.2,
                "calendar_known": True,
                "rest": 32400.0,
                "rest_low": 29800.0,
                "rest_high": 35000.0,
                "months": [
                    {
                        "start": "2024-11-30T16:00:00Z",
                        "expected": 32400.0,
                        "low": 29800.0,
                        "high": 35000.0,
                    }
                ],
                "findings": [],
            }
        }
    )

    subject: str
    measure: str
    unit: str
    timezone: str
    year: int
    first: date = Field(description="The first day that is expected; before it, use is used")
    interval: Interval = Field(description="Of the baseline: hour, or month (degree days)")
    baseline_version: int | None = Field(description="Null: fitted to the months just now")
    used: float = Field(description="Known use since the year began")
    known_days: int
    days: int = Field(description="Days from the year's beginning to first")
    level: float | None
    weather_years: list[int] = Field(description="Past years whose weather stands in")
    answered_pct: float | None
    calendar_known: bool = Field(
        description="False: the year's working days are not announced; weekends and statutory "
        "holidays stand in"
    )
    rest: float | None = Field(description="Expected use from first to the year's end")
    rest_low: float | None
    rest_high: float | None
    months: list[ForecastMonth]
    findings: list[ForecastFinding] = Field(description="Why nothing can be expected")
