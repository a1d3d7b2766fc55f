"""The devices page: what came in and found no place, and the forms that adopt a device or forget it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import REFUSALS, Refusal, filled, lead_back, refusal_of
from api.console.intake import MAX_OFFERS, intake
from api.console.navigation import holds_everywhere
from api.intake_schemas import AdoptionRequest, ForgetRequest
from api.params import Given, services_of
from api.routes import devices as desk
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False, prefix="/devices")

Reader = Annotated[Permit, needs(Permission.INTAKE_READ)]
Doer = Annotated[Permit, needs(Permission.INTAKE_ACT)]

_OF_CHANNEL = ("asset", "channel", "multiplier")


@router.get("", response_model=None)
def show_intake(
    request: Request, permit: Reader, adopted: Annotated[str, Query(max_length=128)] = ""
) -> Response:
    """Devices that are not bound, dead letters by reason, and what has come in."""
    return _draw(request, permit, adopted=adopted)


@router.post("/adopt", response_model=None)
def adopt(request: Request, services: Given, permit: Doer, form: SignedForm) -> Response:
    """Bind the channels of a device for which the form names an asset: all of them or none."""
    permit.require_everywhere()
    fields = {name: form.get(name, "").strip() for name in ("device", "valid_from", "if_fed")}
    try:
        body = filled(AdoptionRequest, {**fields, "channels": _channels(form)})
        desk.adopt_device(services, permit, body)
    except REFUSALS as error:
        return _draw(request, permit, refusal=refusal_of(error, words_of(request, services)))
    return lead_back("/devices", {}, adopted=body.device)


@router.post("/forget", response_model=None)
def forget(services: Given, permit: Doer, form: SignedForm) -> Response:
    """Take a device from the list."""
    permit.require_everywhere()
    desk.forget_device(services, permit, filled(ForgetRequest, {"device": form.get("device", "")}))
    return RedirectResponse("/devices", 303)


def _channels(form: dict[str, str]) -> list[dict[str, str]]:
    """The channels that the form names an asset for; its fields are numbered."""
    rows = (
        {name: form.get(f"{name}.{number}", "").strip() for name in _OF_CHANNEL}
        for number in range(MAX_OFFERS)
    )
    return [{name: value for name, value in row.items() if value} for row in rows if row["asset"]]


def _draw(
    request: Request, permit: Permit, refusal: Refusal | None = None, **context: Any
) -> Response:
    reader = permit_of(request, permit.principal, Permission.INTAKE_READ)
    reader.require_everywhere()
    return draw(
        request,
        "intake.html",
        refusal.status if refusal else 200,
        page=intake(services_of(request)),
        refusal=refusal,
        may_adopt=holds_everywhere(permit.principal, Permission.INTAKE_ACT),
        **{"adopted": "", **context},
    )
