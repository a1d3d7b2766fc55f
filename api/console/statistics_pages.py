"""The page of the statistics of cases: how many, how quickly taken up and closed, by whom, in time."""

from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.case_schemas import Grouping
from api.console.drawing import draw, words_of
from api.console.forms import REFUSALS, organisation_choices, refusal_of
from api.console.statistics_view import StatisticsFilter
from api.params import Given
from api.routes import cases as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False)


@router.get("/cases/statistics", response_model=None)
def show_statistics(
    request: Request,
    services: Given,
    permit: Annotated[Permit, needs(Permission.RESULTS_READ)],
    chosen: Annotated[StatisticsFilter, Query()],
) -> Response:
    """What became of the cases that were opened in a span, by organisation, rule, clause or month."""
    words = words_of(request, services)
    begin = chosen.begin(services.clock(), ZoneInfo(services.settings.timezone))
    found, refusal = None, None
    try:
        found = desk.read_statistics(
            services,
            permit,
            begin,
            chosen.end(),
            chosen.by,
            chosen.organisation or None,
            chosen.tree,
        )
    except REFUSALS as error:
        refusal = refusal_of(error, words)
    return draw(
        request,
        "statistics.html",
        refusal.status if refusal else 200,
        chosen=chosen,
        begin=begin,
        groupings=get_args(Grouping),
        organisations=organisation_choices(permit.register, words),
        found=found,
        refusal=refusal,
        sees=permit.sees,
    )
