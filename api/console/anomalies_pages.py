"""The anomaly pages: what is out of the ordinary, one event drawn, and what people decide about it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.anomaly_schemas import OrdinaryComment
from api.console.anomalies_view import AnomalyFilter, anomalies_page, anomaly_page
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, acting_permit, filled, lead_back, refusal_of
from api.params import Given, services_of
from api.routes import anomalies as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False)

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Officer = Annotated[Permit, needs(Permission.FINDINGS_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/anomalies", response_model=None)
def show_anomalies(
    request: Request, services: Given, permit: Reader, chosen: Annotated[AnomalyFilter, Query()]
) -> Response:
    """What is out of the ordinary, what goes on first."""
    words = words_of(request, services)
    page = anomalies_page(request, services, permit, chosen, words)
    return draw(request, "anomalies.html", page=page, now=services.clock())


@router.get("/anomalies/{number}", response_model=None)
def show_anomaly(
    request: Request, permit: Reader, number: Number, chosen: Annotated[AnomalyFilter, Query()]
) -> Response:
    """One event with the hours around it."""
    return _draw(request, permit, number, chosen.done)


@router.post("/anomalies/{number}/ordinary", response_model=None)
def say_ordinary(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Call an event ordinary, with the comment that stands in its form."""
    try:
        body = filled(OrdinaryComment, {"comment": form.get("comment", "").strip() or " "})
        desk.say_ordinary(services, permit, number, body)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, number, "", refusal)
    return lead_back(f"/anomalies/{number}", form, done="ordinary")


@router.post("/anomalies/{number}/not-ordinary", response_model=None)
def say_not_ordinary(
    request: Request, services: Given, permit: Officer, number: Number, form: SignedForm
) -> Response:
    """Take back that an event is ordinary."""
    try:
        desk.say_not_ordinary(services, permit, number)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, number, "", refusal)
    return lead_back(f"/anomalies/{number}", form, done="not_ordinary")


def _draw(
    request: Request, permit: Permit, number: int, done: str, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    acting = acting_permit(request, permit, Permission.FINDINGS_ACT)
    # What somebody may decide about is no more than what they may read.
    reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
    page = anomaly_page(services, reader, acting, number, refusal)
    status = refusal.status if refusal else 200
    return draw(request, "anomaly.html", status, page=page, done=done, now=services.clock())
