"""The pages of dispatch, made for a phone: ask for a vehicle, approve, assign, leave, return, rate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.dispatch_view import (
    GROUPS,
    PAGE_ROWS,
    DispatchFilter,
    OrderPageView,
    order_view,
    orders_listed,
)
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import (
    REFUSALS,
    Refusal,
    acting_permit,
    filled,
    lead_back,
    organisation_choices,
    refusal_of,
)
from api.dispatch_schemas import AssignIn, LeaveIn, NoteIn, OrderIn, RateIn, ReturnIn
from api.params import Given, services_of
from api.routes import dispatch as desk
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.dispatch.order import OrderState
from quotawatt.errors import InputError

router = APIRouter(include_in_schema=False, prefix="/dispatch")

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Writer = Annotated[Permit, needs(Permission.DISPATCH_WRITE)]
Decider = Annotated[Permit, needs(Permission.DISPATCH_DECIDE)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
_LOCAL = "%Y-%m-%dT%H:%M"


@router.get("", response_model=None)
def show_orders(
    request: Request, services: Given, permit: Reader, chosen: Annotated[DispatchFilter, Query()]
) -> Response:
    """One's own orders, those to be decided or assigned, or all within reach."""
    words = words_of(request, services)
    total, items = orders_listed(services, permit, chosen)
    return draw(
        request,
        "dispatch.html",
        chosen=chosen,
        items=items,
        pages=1 if chosen.view == "todo" else max(1, -(-total // PAGE_ROWS)),
        groups=GROUPS,
        states=list(OrderState),
        zone=ZoneInfo(services.settings.timezone),
        may_ask=acting_permit(request, permit, Permission.DISPATCH_WRITE) is not None,
        decides=acting_permit(request, permit, Permission.DISPATCH_DECIDE) is not None,
        done=words.known(f"dispatch_done_{chosen.done}", "") if chosen.done else "",
    )


@router.get("/new", response_model=None)
def show_form(request: Request, permit: Writer) -> Response:
    """The form to ask for a vehicle."""
    return _draw_form(request, permit, {})


@router.post("", response_model=None)
def ask(request: Request, services: Given, permit: Writer, form: SignedForm) -> Response:
    """Ask for a vehicle; where it is refused, the form again with what was typed."""
    wanted = {name: form.get(name, "").strip() for name in OrderIn.model_fields}
    try:
        for name in ("planned_start", "planned_end"):
            wanted[name] = _with_zone(wanted[name], ZoneInfo(services.settings.timezone))
        order = desk.request_order(services, permit, filled(OrderIn, wanted))
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw_form(request, permit, form, refusal)
    return lead_back(f"/dispatch/{order['number']}", {}, done="requested")


@router.get("/{number}", response_model=None)
def show_order(request: Request, permit: Reader, number: Number, done: str = "") -> Response:
    """One order, and the forms of what the reader may do."""
    return _draw_order(request, permit, number, done=done)


@router.post("/{number}/approve", response_model=None)
def approve(request: Request, permit: Decider, number: Number, form: SignedForm) -> Response:
    """Approve it."""
    return _act(request, permit, number, form, "approve")


@router.post("/{number}/reject", response_model=None)
def reject(request: Request, permit: Decider, number: Number, form: SignedForm) -> Response:
    """Reject it, and say why."""
    return _act(request, permit, number, form, "reject")


@router.post("/{number}/assign", response_model=None)
def assign(request: Request, permit: Decider, number: Number, form: SignedForm) -> Response:
    """Give it a vehicle and a driver."""
    return _act(request, permit, number, form, "assign")


@router.post("/{number}/leave", response_model=None)
def leave(request: Request, permit: Writer, number: Number, form: SignedForm) -> Response:
    """Say that the vehicle leaves."""
    return _act(request, permit, number, form, "leave")


@router.post("/{number}/return", response_model=None)
def give_back(request: Request, permit: Writer, number: Number, form: SignedForm) -> Response:
    """Say that the vehicle is back."""
    return _act(request, permit, number, form, "return")


@router.post("/{number}/rate", response_model=None)
def rate(request: Request, permit: Writer, number: Number, form: SignedForm) -> Response:
    """Rate the driving."""
    return _act(request, permit, number, form, "rate")


@router.post("/{number}/cancel", response_model=None)
def cancel(request: Request, permit: Writer, number: Number, form: SignedForm) -> Response:
    """Cancel it."""
    return _act(request, permit, number, form, "cancel")


_DEEDS: Mapping[str, tuple[type[Any], Any]] = {
    "approve": (NoteIn, desk.approve),
    "reject": (NoteIn, desk.reject),
    "assign": (AssignIn, desk.assign),
    "leave": (LeaveIn, desk.leave),
    "return": (ReturnIn, desk.give_back),
    "rate": (RateIn, desk.rate),
    "cancel": (NoteIn, desk.cancel),
}


def _act(
    request: Request, permit: Permit, number: int, form: Mapping[str, str], verb: str
) -> Response:
    """Do it by the API's own route, and lead back to the order; else the page with why it was refused."""
    services = services_of(request)
    model, route = _DEEDS[verb]
    # What is out of reach is not there, whatever the form holds.
    desk.read_order(services, permit, number)
    try:
        body = filled(model, {name: form.get(name, "").strip() for name in model.model_fields})
        route(services, permit, number, body)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw_order(request, permit, number, refusal=refusal, typed=form, verb=verb)
    return lead_back(f"/dispatch/{number}", {}, done=verb)


def _draw_order(
    request: Request,
    permit: Permit,
    number: int,
    *,
    done: str = "",
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
    verb: str = "",
) -> Response:
    services = services_of(request)
    words = words_of(request, services)
    reader = permit_of(request, permit.principal, Permission.RESULTS_READ)
    page = _order_page(services, reader, number, words)
    return draw(
        request,
        "dispatch_order.html",
        refusal.status if refusal else 200,
        page=page,
        refusal=refusal,
        done=words.known(f"dispatch_done_{done}", "") if done else "",
        typed=typed or {},
        tried=verb,
        organisation=permit.register.organisations.get(page.item["organisation"]),
    )


def _order_page(services: Services, reader: Permit, number: int, words: Any) -> OrderPageView:
    return order_view(services, reader, desk.read_order(services, reader, number), words)


def _draw_form(
    request: Request, permit: Permit, typed: Mapping[str, str], refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    words = words_of(request, services)
    choices = organisation_choices(permit.register, words)
    now = services.clock().astimezone(ZoneInfo(services.settings.timezone))
    return draw(
        request,
        "dispatch_new.html",
        refusal.status if refusal else 200,
        choices=choices,
        typed=typed,
        refusal=refusal,
        soonest=now.strftime(_LOCAL),
    )


def _with_zone(text: str, zone: ZoneInfo) -> str:
    """A local time of a form with its zone. Raises InputError where it is none."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        rule = "a time must be given as day and time of day"
        raise InputError(f"{rule}, got {text!r}") from None
    return (local if local.tzinfo else local.replace(tzinfo=zone)).isoformat()
