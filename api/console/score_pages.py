"""The page of asset-performance scores with their parts, and of holdings against norms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.access import Permit, needs
from api.console.drawing import draw
from api.params import FIRST_YEAR, LAST_YEAR, Given
from api.routes import scores as desk
from quotawatt.access.roles import Permission
from quotawatt.spans import judged_year, local_date

router = APIRouter(include_in_schema=False)

YEARS_BACK = 3

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SchemeScores:
    """A scheme and the scores by it, the highest first; organisations without one come last."""

    scheme: Row
    scores: Sequence[Row]


@router.get("/score", response_model=None)
def show_scores(
    request: Request,
    services: Given,
    permit: Annotated[Permit, needs(Permission.RESULTS_READ)],
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
) -> Response:
    """The scores of a year with what they rest on, and the holdings as of its end or today."""
    zone = ZoneInfo(services.settings.timezone)
    now = services.clock()
    found = desk.list_scores(services, permit, year)
    present = judged_year(now, zone)
    as_of = None if found["year"] == present else local_date(found["as_of"], zone)
    norms = desk.list_norms(services, permit, as_of)
    return draw(
        request,
        "score.html",
        year=found["year"],
        years=sorted({*range(present - YEARS_BACK, present + 1), found["year"]}),
        as_of=found["as_of"],
        schemes=[
            SchemeScores(scheme, _ranked(scheme, found["items"])) for scheme in found["schemes"]
        ],
        over=[item for item in norms["items"] if item["over"]],
        within=[item for item in norms["items"] if not item["over"]],
        unknown=[item for item in norms["findings"] if item["code"].endswith("_unknown")],
        clauses=_clauses(norms["items"]),
        register=permit.register,
        zone=zone,
    )


def _ranked(scheme: Row, items: Sequence[Row]) -> list[Row]:
    mine = [item for item in items if item["scheme"] == scheme["id"]]
    return sorted(mine, key=lambda s: (s["points"] is None, -(s["points"] or 0), s["organisation"]))


def _clauses(items: Sequence[Row]) -> list[Row]:
    """The clauses that the norms cite, each once, in order."""
    cited = {(i["clause"]["instrument"], i["clause"]["clause"]): i["clause"] for i in items}
    return list(cited.values())
