"""Cases: listed, read with all that belongs to them, and counted."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from alerts.cases.acts import evidence_of
from alerts.cases.book import list_cases
from alerts.cases.facts import facts_between
from alerts.cases.listing import Wanted, by_importance, conditions_of
from alerts.cases.model import CaseState
from alerts.cases.statistics import statistics_of
from api.access import Permit, needs
from api.case_answers import case_answer, case_items
from api.case_schemas import (
    CaseOut,
    CasePage,
    CaseStatisticsPage,
    Grouping,
    Severity,
    State,
)
from api.case_statistics import statistics_items
from api.cases import case_within_reach, named_like, rules_like, within_reach
from api.params import Given, LimitParam, OffsetParam, parse_span, require_asset, today_of
from quotawatt.access.principal import Tree
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError
from quotawatt.hand.documents import read_document

router = APIRouter(prefix="/cases", tags=["cases"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the case")]
OrganisationParam = Annotated[
    str | None, Query(max_length=64, description="Only those that it, or one below it, answers for")
]
TreeParam = Annotated[Tree, Query(description="By which parent 'below' is meant")]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_MEDIA = ("image/jpeg", "image/png", "application/pdf")
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document as it was handed in",
        "content": dict.fromkeys(_MEDIA, _BINARY),
    }
}


@router.get("", response_model=CasePage)
def read_cases(
    services: Given,
    permit: Reader,
    state: Annotated[
        list[State] | None, Query(description="May be repeated; default those that are open")
    ] = None,
    rule: Annotated[list[str] | None, Query(description="May be repeated")] = None,
    severity: Annotated[list[Severity] | None, Query(description="May be repeated")] = None,
    organisation: OrganisationParam = None,
    tree: TreeParam = "region",
    asset: Annotated[str | None, Query(max_length=64)] = None,
    firing: Annotated[bool | None, Query(description="Whether the condition holds")] = None,
    overdue: Annotated[bool, Query(description="Only open ones past their due date")] = False,
    mine: Annotated[bool, Query(description="Only what was given to me, or is mine")] = False,
    q: Annotated[
        str | None, Query(max_length=64, description="Part of a rule, subject or asset's name")
    ] = None,
    limit: LimitParam = 100,
    offset: OffsetParam = 0,
) -> dict[str, Any]:
    """Cases, open ones first, then the gravest, then the newest."""
    wanted = Wanted(
        states=[CaseState(name) for name in state or ("open", "acknowledged", "proposed_closed")],
        rules=rule or (),
        severities=severity or (),
        organisations=_below(permit, organisation, tree),
        asset=asset,
        firing=firing,
        overdue_on=today_of(services) if overdue else None,
        of_person=f"account:{permit.principal.user}" if mine else None,
        words=q,
        named=named_like(permit.register, q) if q else (),
        titled=rules_like(services.rulebook, q) if q else (),
    )
    conditions = [*within_reach(permit), *conditions_of(wanted)]
    with services.records.connect() as conn:
        total, found = list_cases(conn, conditions, by_importance(), limit, offset)
        return {"total": total, "items": case_items(conn, found, services)}


@router.get("/statistics", response_model=CaseStatisticsPage)
def read_statistics(
    services: Given,
    permit: Reader,
    first: Annotated[str, Query(alias="from", examples=["2023-01-01"])],
    until: Annotated[str | None, Query(description="End, not included; default now")] = None,
    by: Annotated[Grouping, Query(description="What is counted together")] = "organisation",
    organisation: OrganisationParam = None,
    tree: TreeParam = "region",
) -> dict[str, Any]:
    """What became of the cases that were opened in a span: how many, how quickly, by whom.

    By organisation each counts what it and those below it answer for.
    """
    zone = ZoneInfo(services.settings.timezone)
    span = parse_span(first, until, zone, services.clock())
    wanted = Wanted(organisations=_below(permit, organisation, tree))
    with services.records.connect() as conn:
        facts = facts_between(conn, span, [*within_reach(permit), *conditions_of(wanted)])
    counted = statistics_of(facts, services.clock(), zone)
    return statistics_items(counted, by, tree, services)


@router.get("/{number}", response_model=CaseOut)
def read_case(
    services: Given, permit: Reader, number: Number, response: Response
) -> dict[str, Any]:
    """One case with its steps, documents, notices, and the explanations of its account."""
    with services.records.connect() as conn:
        case = case_within_reach(conn, permit, number)
        response.headers["ETag"] = f'"{case.version}"'
        return case_answer(conn, case, services)


@router.get("/{number}/evidence/{sha256}", response_class=Response, responses=_DOCUMENT)
def read_evidence(
    services: Given,
    permit: Reader,
    number: Number,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="Of the document")],
) -> Response:
    """A document of a case, as it was handed in; one that was altered since is refused."""
    with services.records.connect() as conn:
        case_within_reach(conn, permit, number)
        if sha256 not in {row["sha256"] for row in evidence_of(conn, number)}:
            raise NotFoundError(f"a document must be one of its case, got {sha256} of {number}")
        document = read_document(conn, sha256)
    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(document.media_type, "pdf")
    name = f'attachment; filename="case-{number}-{sha256[:8]}.{suffix}"'
    headers = {"Content-Disposition": name}
    return Response(document.content, media_type=document.media_type, headers=headers)


def _below(permit: Permit, organisation: str | None, tree: Tree) -> frozenset[str] | None:
    """The organisation and those below it; None: whichever."""
    if organisation is None:
        return None
    require_asset(permit.register, organisation)
    return frozenset(permit.register.sub_organisations(organisation, tree))
