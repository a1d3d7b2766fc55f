"""The page of delivery, for who runs the system: channels, dead letters, and sending them again."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.delivery_view import (
    CASES_SHOWN,
    PAGE,
    DeliveryPage,
    OutboxFilter,
    Trial,
    recipient_words,
)
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, filled, lead_back, refusal_of
from api.console.navigation import holds_everywhere
from api.notification_schemas import ChannelTrial, RetryOf
from api.params import Given, services_of
from api.routes import notifications as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/delivery")

Reader = Annotated[Permit, needs(Permission.DELIVERY_READ)]
Actor = Annotated[Permit, needs(Permission.DELIVERY_ACT)]
Name = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", response_model=None)
def show_delivery(
    request: Request, permit: Reader, chosen: Annotated[OutboxFilter, Query()]
) -> Response:
    """The channels and how they stand; messages, at first those that were given up."""
    return _draw(request, permit, chosen)


@router.post("/channels/{name}/test", response_model=None)
def try_one(
    request: Request, services: Given, permit: Actor, name: Name, form: SignedForm
) -> Response:
    """Send a test message now, and show what the receiver says."""
    try:
        body = filled(ChannelTrial, {"to": form.get("to", "").strip()})
        result = desk.try_one_channel(services, permit, name, body)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, OutboxFilter(), refusal)
    if not result["delivered"]:
        return _draw(request, permit, OutboxFilter(), trial=Trial(name, result["error"]))
    return lead_back("/delivery", form, done="tried", by=name)


@router.post("/retry", response_model=None)
def retry_all(request: Request, services: Given, permit: Actor, form: SignedForm) -> Response:
    """Send everything again that a channel was given up on."""
    try:
        body = filled(RetryOf, {"channel": form.get("channel", "") or " "})
        retried = desk.retry_all(services, permit, body)["retried"]
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, OutboxFilter(), refusal)
    return lead_back("/delivery", form, done="retried", count=retried)


@router.post("/messages/{number}/retry", response_model=None)
def retry_one(
    request: Request, services: Given, permit: Actor, number: Number, form: SignedForm
) -> Response:
    """Send a message again that was given up."""
    try:
        desk.retry_one(services, permit, number)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return _draw(request, permit, OutboxFilter(), refusal)
    return lead_back("/delivery", form, done="retried", count=1)


def _draw(
    request: Request,
    permit: Permit,
    chosen: OutboxFilter,
    refusal: Refusal | None = None,
    trial: Trial | None = None,
) -> Response:
    services = services_of(request)
    reader = permit_of(request, permit.principal, Permission.DELIVERY_READ)
    channels = desk.read_channels(services, reader)["items"]
    found = desk.read_outbox(
        services, reader, [chosen.state], chosen.channel or None, PAGE, (chosen.page - 1) * PAGE
    )
    words = words_of(request, services)
    return draw(
        request,
        "delivery.html",
        refusal.status if refusal else 200,
        page=DeliveryPage(
            chosen=chosen,
            channels=channels,
            messages=found["items"],
            total=found["total"],
            may_act=holds_everywhere(permit.principal, Permission.DELIVERY_ACT),
        ),
        recipient=lambda key: recipient_words(key, words),
        reads_cases=permit.principal.may(Permission.RESULTS_READ),
        cases_shown=CASES_SHOWN,
        refusal=refusal,
        trial=trial,
        zone=ZoneInfo(services.settings.timezone),
    )
