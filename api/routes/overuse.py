"""Overuse explained: at which hours, behind which sub-meter, what it costs, which pattern it has."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from analytics.grid import Key
from analytics.overuse.patterns import USED
from api.access import Permit, needs
from api.overuse_schemas import OveruseOut
from api.overusing import overuse_item, overuse_of
from api.params import (
    FromParam,
    Given,
    UntilParam,
    parse_span,
    require_asset,
    require_max_span,
    zone_of_subject,
)
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.spans import Span, ceil_hour, floor_hour

router = APIRouter(tags=["anomalies"])

MAX_DAYS = 366

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/overuse", response_model=OveruseOut)
def explain_overuse(
    services: Given,
    permit: Reader,
    asset: Annotated[
        str,
        Query(
            max_length=128,
            description="Code of a building, meter or organisation, or BUILDING/item:ITEM",
            examples=["BLD-1"],
        ),
    ],
    first: FromParam,
    until: UntilParam = None,
    measure: Annotated[
        str, Query(max_length=64, description="What is used", examples=["water_m3"])
    ] = "electricity_import_kwh",
) -> dict[str, Any]:
    """Excess over expected use in at most 366 days, by class of hours and by sub-meter, with patterns.

    Judged by the baselines that were kept when the span began; where there is none, one is learnt from the
    year before. Excess of the parts and of the rest adds up to that of the asset.
    """
    code = asset.partition("/")[0]
    register = services.register_source()
    permit.require(code)
    require_asset(register, code)
    if measure not in USED:
        raise InputError(f"a measure of overuse must be one of {', '.join(USED)}, got {measure!r}")
    zone = zone_of_subject(register, code, services.settings)
    asked = parse_span(first, until, zone, services.clock())
    require_max_span(asked, MAX_DAYS)
    span = Span(floor_hour(asked.start), ceil_hour(asked.end))
    return overuse_item(overuse_of(services, Key(asset, measure), span, permit.sees), register)
