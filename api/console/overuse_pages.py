"""The page of an asset's overuse: when, where and why it used more than expected."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from analytics.overuse.classes import CLASSES
from api.access import Permit, needs
from api.console.drawing import draw
from api.console.overuse_view import OveruseFilter, day_drawing, matrix
from api.params import Given, require_asset, zone_of_subject
from api.routes.overuse import explain_overuse
from quotawatt.access.roles import Permission
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.quantity_words import quantity_word
from quotawatt.spans import DAY, local_date, local_midnight

router = APIRouter(include_in_schema=False)

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/overuse/{asset}", response_model=None)
def show_overuse(
    request: Request,
    services: Given,
    permit: Reader,
    asset: Annotated[str, Path(max_length=64)],
    chosen: Annotated[OveruseFilter, Query()],
) -> Response:
    """One asset's excess by day, part and class of hours, with the patterns that it shows."""
    permit.require(asset)
    zone = zone_of_subject(services.register_source(), asset, services.settings)
    first, until = chosen.days(local_date(services.clock(), zone))
    start, end = (local_midnight(day, zone).isoformat() for day in (first, until))
    item = explain_overuse(services, permit, asset, start, end, chosen.measure)
    return draw(
        request,
        "overuse.html",
        asset=require_asset(permit.register, asset),
        item=item,
        zone=zone,
        chosen=chosen,
        first=first,
        last=until - DAY,
        drawing=day_drawing(item["days"]),
        rows=matrix(item),
        classes=CLASSES,
        measures=MAIN_QUANTITIES.values(),
        quantity_word=quantity_word,
    )
