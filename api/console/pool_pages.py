"""The pages of the pool (公物仓): what is offered, what stands idle, and the search before a purchase."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, acting_permit, filled, refusal_of
from api.console.pool_view import PoolNames, acting_choices
from api.params import Given, services_of, today_of
from api.pool_schemas import MatchIn, OfferIn
from api.routes import pool as desk
from api.routes.pool import State
from quotawatt.access.roles import Permission
from quotawatt.register.pool_states import OFFER_STATES

router = APIRouter(include_in_schema=False, prefix="/pool")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Actor = Annotated[Permit, needs(Permission.POOL_ACT)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

PAGE = 100
"""Offers of one page."""

WANTED = ("organisation", "kind", "quantity", "least_power_kw", "least_area_m2")
"""The fields of a search before a purchase."""


@router.get("", response_model=None)
def show_offers(
    request: Request,
    services: Given,
    permit: Reader,
    state: Literal["", State] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """What is or was offered, the latest first."""
    found = desk.list_offers(
        services, permit, state=state or None, limit=PAGE, offset=(page - 1) * PAGE
    )
    return draw_pool(
        request,
        permit,
        "pool.html",
        offers=found["items"],
        total=found["total"],
        states=OFFER_STATES,
        state=state,
        page=page,
        pages=-(-found["total"] // PAGE),
    )


@router.get("/candidates", response_model=None)
def show_candidates(request: Request, permit: Reader) -> Response:
    """Idle equipment and rooms that nobody has offered yet, with the form that offers them."""
    return _draw_candidates(request, permit)


@router.get("/match", response_model=None)
def show_match(request: Request, permit: Reader) -> Response:
    """The form of a search before a purchase."""
    return _draw_match(request, permit)


@router.post("/match", response_model=None)
def search(request: Request, services: Given, permit: Actor, form: SignedForm) -> Response:
    """Search the pool before a purchase; the answer has the number that can be cited."""
    wanted = {name: form.get(name, "").strip() for name in WANTED}
    try:
        found = desk.search(services, permit, filled(MatchIn, {"kind": " ", **_given(wanted)}))
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw_match(request, permit, wanted, refusal=refusal)
    return _draw_match(request, permit, wanted, found)


@router.post("/offers", response_model=None)
def offer(request: Request, services: Given, permit: Actor, form: SignedForm) -> Response:
    """Offer equipment or a room."""
    names = ("asset", "term", "lend_until", "location", "condition")
    try:
        body = filled(OfferIn, {name: form.get(name, "").strip() for name in names})
        made = desk.offer(services, permit, body)
    except REFUSALS as error:
        return _draw_candidates(request, permit, refusal_of(error, words_of(request, services)))
    return RedirectResponse(f"/pool/offers/{made['id']}", 303)


def _given(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _draw_candidates(request: Request, permit: Permit, refusal: Refusal | None = None) -> Response:
    services = services_of(request)
    acting = acting_permit(request, permit, Permission.POOL_ACT)
    reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
    return draw_pool(
        request,
        permit,
        "pool_candidates.html",
        refusal,
        candidates=desk.list_candidates(services, reader)["items"],
        may_offer=acting.sees if acting is not None else lambda _: False,
        may_act=acting is not None,
        today=today_of(services),
    )


def _draw_match(
    request: Request,
    permit: Permit,
    wanted: dict[str, str] | None = None,
    found: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    acting = acting_permit(request, permit, Permission.POOL_ACT)
    words = words_of(request, services_of(request))
    return draw_pool(
        request,
        permit,
        "pool_match.html",
        refusal,
        wanted=wanted or dict.fromkeys(WANTED, ""),
        found=found,
        organisations=acting_choices(acting, words),
    )


def draw_pool(
    request: Request, permit: Permit, name: str, refusal: Refusal | None = None, **context: Any
) -> Response:
    """A page of the pool; its names are those of the whole register, for the pool is for all to see."""
    services = services_of(request)
    return draw(
        request,
        name,
        refusal.status if refusal else 200,
        refusal=refusal,
        names=PoolNames(services, words_of(request, services)),
        sees=permit.sees,
        zone=ZoneInfo(services.settings.timezone),
        now=services.clock(),
        **context,
    )
