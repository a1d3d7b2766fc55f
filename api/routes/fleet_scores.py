"""How well drivers serve, with what each part of the score rests on: for those who deal with orders."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter

from analytics.fleet.driverscore import DriverScore, score_drivers
from api.access import Permit, needs
from api.citations import both
from api.dispatch import drivers_by_code
from api.fleet_report_schemas import DriverScores
from api.fleet_year import days_of_year, scored_drivers
from api.params import Given
from api.routes.fleet_accounts import MonthParam, YearParam, year_asked
from quotawatt.access.roles import Permission
from quotawatt.dispatch.records import Driver
from quotawatt.rulebook.driver_scores import DriverScheme
from quotawatt.spans import next_month

router = APIRouter(prefix="/fleet", tags=["fleet"])

Decider = Annotated[Permit, needs(Permission.DISPATCH_DECIDE)]


@router.get("/driver-scores", response_model=DriverScores)
def list_driver_scores(
    services: Given, permit: Decider, year: YearParam = None, month: MonthParam = None
) -> dict[str, Any]:
    """Each driver's score over a year so far or a month, with its parts; drivers of organisations in reach.

    A part of which too little is known has no points and is left out; ``known_pct`` says how much is known.
    """
    chosen = year_asked(services, year)
    first, until = days_of_year(services, chosen)
    if month is not None:
        first = date(chosen, month, 1)
        until = next_month(first)
    with services.records.connect() as conn:
        drivers = drivers_by_code(conn)
    mine = {code: driver for code, driver in drivers.items() if permit.sees(driver.organisation)}
    facts = [f for f in scored_drivers(services, permit, first, until) if f.driver in mine]
    schemes = services.rulebook.as_of(first).driver_scores.values()
    return {
        "first": first,
        "until": until,
        "items": [
            _item(score, scheme, mine[score.driver])
            for scheme in schemes
            for score in score_drivers(scheme, facts)
        ],
    }


def _item(score: DriverScore, scheme: DriverScheme, driver: Driver) -> dict[str, Any]:
    titles = {part.basis: both(part.title) for part in scheme.parts}
    return {
        **asdict(score),
        "name": driver.name,
        "organisation": driver.organisation,
        "driver_pool": driver.driver_pool,
        "parts": [{**asdict(part), "title": titles[part.basis]} for part in score.parts],
    }
