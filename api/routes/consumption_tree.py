"""Use down the tree, from an organisation or a building to its meters, rooms and items."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Permit, needs
from api.consumption_schemas import ConsumptionTree
from api.consumption_tree import nodes_under, tree_lines
from api.params import (
    FromParam,
    Given,
    UntilParam,
    parse_span,
    require_asset,
    zone_of_subject,
)
from quotawatt.access.roles import Permission
from quotawatt.measures import measure as known_measure
from quotawatt.spans import INSTANT, local_date

router = APIRouter(tags=["series"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]


@router.get("/consumption/tree", response_model=ConsumptionTree)
def read_consumption_tree(
    services: Given,
    permit: Reader,
    subject: Annotated[
        str, Query(description="Code of an organisation, a building or a meter", examples=["BLD-1"])
    ],
    first: FromParam,
    measure: Annotated[
        str, Query(description="What meters count", examples=["electricity_import_kwh"])
    ] = "electricity_import_kwh",
    depth: Annotated[int, Query(ge=0, le=20, description="Levels below the subject")] = 20,
    until: UntilParam = None,
) -> dict[str, Any]:
    """Each node with its use, coverage, estimated share, and the gap between it and its children.

    Counted are the local days that start within the span. The tree is that of its last day.
    """
    register = services.register_source()
    require_asset(register, subject)
    permit.require(subject)
    zone = zone_of_subject(register, subject, services.settings)
    span = parse_span(first, until, zone, services.clock())
    of_day = register.as_of(local_date(span.end - INSTANT, zone))
    nodes = nodes_under(of_day, subject, measure, depth, permit.sees)
    return {
        "subject": subject,
        "measure": measure,
        "unit": known_measure(measure).unit,
        "from_": span.start,
        "until": span.end,
        "timezone": zone.key,
        "items": tree_lines(services.series, nodes, measure, span, zone),
    }
