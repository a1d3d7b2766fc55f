"""Forecasts: the next day by the hour, and the year by baseline and weather."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.forecast_schemas import ForecastIn, ForecastOut, YearForecastOut
from api.forecasting import forecast_view, temperatures_of, year_view
from api.params import Given, require_asset
from quotawatt.access.roles import Permission

router = APIRouter(tags=["forecast"], prefix="/forecast")

_ELECTRICITY = "electricity_import_kwh"

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
SubjectParam = Annotated[
    str, Query(description="Code of a meter, building, ...", examples=["BLD-1"])
]
MeasureParam = Annotated[
    str, Query(description="One that adds up over time", examples=[_ELECTRICITY])
]


@router.get("", response_model=ForecastOut)
def read_forecast(
    services: Given,
    permit: Reader,
    subject: SubjectParam,
    measure: MeasureParam = _ELECTRICITY,
    day: Annotated[
        date | None, Query(description="Of the subject's time zone; default tomorrow")
    ] = None,
    level: Annotated[float, Query(ge=0.5, le=0.99, description="Of the intervals")] = 0.9,
) -> dict[str, Any]:
    """A local day by the hour, its temperatures taken to be like those of the days before.

    A day that is over is forecast as it would have been at its beginning, beside what came of it.
    """
    _require(permit, subject)
    wanted = ForecastIn(subject=subject, measure=measure, day=day, level=level, weather=[])
    return forecast_view(services, wanted)


@router.post("", response_model=ForecastOut)
def make_forecast(services: Given, permit: Reader, wanted: ForecastIn) -> dict[str, Any]:
    """The same with a weather forecast. Nothing is stored."""
    _require(permit, wanted.subject)
    return forecast_view(services, wanted, temperatures_of(wanted.weather))


@router.get("/year", response_model=YearForecastOut)
def read_year_forecast(
    services: Given, permit: Reader, subject: SubjectParam, measure: MeasureParam = _ELECTRICITY
) -> dict[str, Any]:
    """The running year: use so far, and what its baseline expects of the rest under past years' weather.

    Where there is no baseline of hours, degree days of the months stand in.
    """
    _require(permit, subject)
    return year_view(services, subject, measure)


def _require(permit: Permit, subject: str) -> None:
    code = subject.partition("/")[0]
    permit.require(code)
    require_asset(permit.register, code)
