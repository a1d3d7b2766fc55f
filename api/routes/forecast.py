"""Forecasts: the next day by the hour."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.forecast_schemas import ForecastIn, ForecastOut
from api.forecasting import forecast_view, temperatures_of
from api.params import Given, require_asset
from quotawatt.access.roles import Permission

router = APIRouter(tags=["forecast"], prefix="/forecast")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("", response_model=ForecastOut)
def read_forecast(
    services: Given,
    permit: Reader,
    subject: Annotated[
        str, Query(description="Code of a meter, building, ...", examples=["BLD-1"])
    ],
    measure: Annotated[
        str, Query(description="One that adds up over time", examples=["electricity_import_kwh"])
    ] = "electricity_import_kwh",
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


def _require(permit: Permit, subject: str) -> None:
    code = subject.partition("/")[0]
    permit.require(code)
    require_asset(permit.register, code)
