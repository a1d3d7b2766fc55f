"""Assessment: ranking of like with like, scores by a scheme, and what people confirm for them."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from analytics.assessment.figures import books_of
from analytics.assessment.parts import ranking_head, score_row, standing_row
from analytics.jobs.assessing import read_rankings, read_scores
from api.access import Permit, needs
from api.assessing import instant_of, period_of, sources_of
from api.assessment_schemas import ConfirmationIn, Confirmations, Confirmed, Rankings, SchemeScores
from api.params import AsOfParam, Given
from quotawatt.access.roles import Permission
from quotawatt.assessment import Confirmation, confirm, confirmations
from quotawatt.errors import NotFoundError
from quotawatt.rulebook.assessment import Scheme
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import judged_year

router = APIRouter(tags=["assessment"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.ASSESSMENT_WRITE)]
PeriodParam = Annotated[
    str | None,
    Query(
        max_length=16,
        description="2024, 2024-Q1, 2024-03 or R2024-03: twelve months; default the last that are over",
        examples=["2023", "R2023-06"],
    ),
]
YearParam = Annotated[
    int | None, Query(ge=2000, le=2198, description="Default: the year that is judged")
]


@router.get("/assessment/rankings", response_model=Rankings)
def list_rankings(
    services: Given,
    permit: Reader,
    period: PeriodParam = None,
    ranking: Annotated[str | None, Query(max_length=64, description="Default: all")] = None,
    as_of: AsOfParam = None,
) -> dict[str, Any]:
    """Organisations and buildings among their peers: figure, rank, change, distance to tiers.

    Who has too little data, or too few peers, has no rank and says why. Ranks count all peers; listed are
    those within reach.
    """
    sources = sources_of(services)
    days = period_of(services, period, instant_of(services, as_of))
    if ranking is not None and ranking not in services.rulebook.as_of(days.last).rankings:
        raise NotFoundError(f"a ranking must be one of the rulebook, got {ranking!r}")
    found = read_rankings(sources, days, None if ranking is None else (ranking,))
    register = sources.register.as_of(days.last)
    items = []
    for group in found:
        seen = [s for s in group.standings if permit.sees(s.figure.asset)]
        if seen:
            rows = [standing_row(s, register) for s in seen]
            items.append({**ranking_head(group), "rows": rows})
    return {"period": days.name, "first": days.first, "until": days.until, "items": items}


@router.get("/assessment/scores", response_model=SchemeScores)
def list_scheme_scores(
    services: Given,
    permit: Reader,
    year: YearParam = None,
    scheme: Annotated[str | None, Query(max_length=64, description="Default: all")] = None,
    as_of: AsOfParam = None,
) -> dict[str, Any]:
    """Each organisation's score by each scheme, with its items and what they rest on."""
    sources, at = sources_of(services), instant_of(services, as_of)
    chosen = judged_year(at, sources.zone) if year is None else year
    scores = read_scores(sources, chosen, at, scheme)
    days = period_of(services, f"{chosen}", at)
    held = books_of(sources.register, sources.rulebook, days)
    items = [score_row(s, held) for s in scores if permit.sees(s.organisation)]
    return {"year": chosen, "as_of": at, "items": items}


@router.get("/assessment/confirmations", response_model=Confirmations)
def list_confirmations(
    services: Given,
    permit: Reader,
    scheme: Annotated[str, Query(min_length=1, max_length=64, examples=["annual-targets"])],
    year: YearParam = None,
) -> dict[str, Any]:
    """What people confirmed for a scheme and year, and with which evidence."""
    zone = ZoneInfo(services.settings.timezone)
    chosen = judged_year(services.clock(), zone) if year is None else year
    with services.records.connect() as conn:
        rows = confirmations(conn, _scheme(services.rulebook, scheme).id, chosen)
    return {"items": [row for row in rows if permit.sees(row["organisation"])]}


@router.post("/assessment/confirmations", response_model=Confirmed, status_code=201)
def add_confirmation(services: Given, permit: Writer, body: ConfirmationIn) -> dict[str, Any]:
    """Confirm that an organisation has earned a share of an item's points. A later one replaces it."""
    permit.require(body.organisation)
    scheme = _scheme(services.rulebook, body.scheme)
    given, at = Confirmation(**body.model_dump()), services.clock()
    with services.records.begin() as conn:
        confirm(conn, scheme, given, permit.actor, at)
    return {**body.model_dump(), "confirmed_by": permit.actor, "confirmed_at": at}


def _scheme(rulebook: Rulebook, name: str) -> Scheme:
    scheme = rulebook.schemes.get(name)
    if scheme is None:
        raise NotFoundError(f"a scheme must be one of the rulebook, got {name!r}")
    return scheme
