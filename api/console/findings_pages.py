"""The findings page: where books, telemetry and norms differ, and what people decide about it."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.drawing import SignedForm, draw, words_of
from api.console.findings_view import FindingFilter, findings_page
from api.console.forms import (
    REFUSALS,
    Refusal,
    acting_permit,
    filled,
    lead_back,
    refusal_of,
)
from api.finding_schemas import Acceptance
from api.params import Given, services_of
from api.routes import findings as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False)

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FINDINGS_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/findings", response_model=None)
def show_findings(
    request: Request, permit: Reader, chosen: Annotated[FindingFilter, Query()]
) -> Response:
    """What stands, by who answers for it, the gravest first."""
    return _draw(request, permit, chosen)


@router.post("/findings/check", response_model=None)
def check_now(services: Given, permit: Officer, form: SignedForm) -> Response:
    """Compare the register with telemetry now."""
    report = desk.check_register(services, permit)
    said = {name: report[name] for name in ("opened", "standing", "cleared")}
    return lead_back("/findings", form, done="checked", **said)


@router.post("/findings/{number}/accept", response_model=None)
def accept(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Accept a finding, with the reason that stands in its form."""
    try:
        body = filled(Acceptance, {"reason": form.get("reason", "").strip() or " "})
        desk.accept_finding(services, permit, number, body)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, FindingFilter(), refusal)
    return lead_back("/findings", form, done="accepted", number=number)


@router.post("/findings/{number}/reopen", response_model=None)
def reopen(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Take an acceptance back."""
    try:
        desk.reopen_finding(services, permit, number)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, FindingFilter(), refusal)
    return lead_back("/findings", form, done="reopened", number=number)


def _draw(
    request: Request, permit: Permit, chosen: FindingFilter, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    words = words_of(request, services)
    acting = acting_permit(request, permit, Permission.FINDINGS_ACT)
    # What somebody may decide about is no more than what they may read.
    reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
    page = findings_page(services, reader, acting, chosen, words, refusal)
    return draw(
        request,
        "findings.html",
        refusal.status if refusal else 200,
        page=page,
        now=services.clock(),
        zone=ZoneInfo(services.settings.timezone),
    )
