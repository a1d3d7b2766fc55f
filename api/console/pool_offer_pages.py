"""The pages of one offer of the pool: who asked for it, what was done, and the deeds that fit."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit
from api.console.drawing import SignedForm, words_of
from api.console.forms import REFUSALS, Refusal, acting_permit, filled, refusal_of
from api.console.pool_pages import Actor, Reader, draw_pool
from api.console.pool_view import offer_view
from api.params import Given, services_of, today_of
from api.pool_schemas import DecisionIn, HandoverIn, NoteIn, RequestIn
from api.routes import pool as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/pool")

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/offers/{number}", response_model=None)
def show_offer(request: Request, permit: Reader, number: Number) -> Response:
    """One offer: who asked for it, what was done, and what can be done next."""
    return _draw_offer(request, permit, number)


@router.post("/offers/{number}/withdraw", response_model=None)
def withdraw(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Take an offer back."""
    return _do(
        request,
        permit,
        number,
        lambda: desk.withdraw(services, permit, number, _note(form)),
    )


@router.post("/offers/{number}/requests", response_model=None)
def ask(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Ask for what is offered."""
    fields = {name: form.get(name, "").strip() for name in ("organisation", "purpose")}
    return _do(
        request,
        permit,
        number,
        lambda: desk.request(services, permit, number, filled(RequestIn, fields)),
    )


@router.post("/offers/{number}/hand-over", response_model=None)
def hand_over(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Hand the asset over; the register follows from that day."""
    return _do(
        request,
        permit,
        number,
        lambda: desk.hand_over(services, permit, number, _handover(form)),
    )


@router.post("/offers/{number}/receive", response_model=None)
def receive(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Say that the asset has come."""
    return _do(request, permit, number, lambda: desk.receive(services, permit, number, _note(form)))


@router.post("/offers/{number}/return", response_model=None)
def give_back(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Say that what was lent is back; the register follows from that day."""
    return _do(
        request,
        permit,
        number,
        lambda: desk.give_back(services, permit, number, _handover(form)),
    )


@router.post("/offers/{number}/requests/{asked}/decide", response_model=None)
def decide(
    request: Request,
    services: Given,
    permit: Actor,
    number: Number,
    asked: Number,
    form: SignedForm,
) -> Response:
    """Accept or decline a request."""
    fields = {"accept": form.get("accept") == "yes", "reason": form.get("reason", "").strip()}
    return _do(
        request,
        permit,
        number,
        lambda: desk.decide(services, permit, asked, filled(DecisionIn, fields)),
    )


@router.post("/offers/{number}/requests/{asked}/take-back", response_model=None)
def take_back(
    request: Request,
    services: Given,
    permit: Actor,
    number: Number,
    asked: Number,
    form: SignedForm,
) -> Response:
    """Take back a request of one's own organisation."""
    return _do(
        request,
        permit,
        number,
        lambda: desk.take_back(services, permit, asked, _note(form)),
    )


def _note(form: dict[str, str]) -> NoteIn:
    return filled(NoteIn, {"note": form.get("note", "").strip()})


def _handover(form: dict[str, str]) -> HandoverIn:
    return filled(HandoverIn, {name: form.get(name, "").strip() for name in ("day", "note")})


def _do(request: Request, permit: Permit, number: int, deed: Callable[[], object]) -> Response:
    """Do something with an offer and show it again, with the reason where it was refused."""
    try:
        deed()
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services_of(request)))
        return _draw_offer(request, permit, number, refusal)
    return RedirectResponse(f"/pool/offers/{number}", 303)


def _draw_offer(
    request: Request, permit: Permit, number: int, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    acting = acting_permit(request, permit, Permission.POOL_ACT)
    item = desk.show_offer(services, permit, number)
    page = offer_view(item, acting, words_of(request, services), today_of(services))
    return draw_pool(request, permit, "pool_offer.html", refusal, page=page)
