"""The console: the overview page, and acknowledging an alert."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs, permit_of
from api.auth import authenticate
from api.cases import take_up_alert
from api.console.drawing import SignedForm, draw, own_address, words_of
from api.console.overview import Choice, overview
from api.console.signin import sign_in_with_token
from api.params import Given
from api.routes.alerts import require_alert
from quotawatt.access.roles import Permission

router = APIRouter(include_in_schema=False)


def _token_or_permit(
    request: Request, token: Annotated[str | None, Query(max_length=1000)] = None
) -> Permit | str:
    """The token in the address, which signs in; else the permit to read."""
    if token is not None:
        return token
    return permit_of(request, authenticate(request), Permission.RESULTS_READ)


_token_or_permit.permission = Permission.RESULTS_READ  # type: ignore[attr-defined]


@router.get("/", response_model=None)
def show_overview(
    request: Request,
    services: Given,
    shown_to: Annotated[Permit | str, Depends(_token_or_permit)],
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    building: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Everything at a glance. ``?token=`` signs in and leads on without the token in the address."""
    if isinstance(shown_to, str):
        return sign_in_with_token(request, shown_to, own_address(request))
    page = overview(services, words_of(request, services), Choice(year, building), shown_to)
    may_act = shown_to.principal.may(Permission.ALERTS_ACT)
    return draw(request, "overview.html", page=page, may_act=may_act)


@router.post("/alerts/{alert_id}/acknowledge", response_model=None)
def acknowledge(
    services: Given,
    permit: Annotated[Permit, needs(Permission.ALERTS_ACT)],
    alert_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    form: SignedForm,
) -> Response:
    """Acknowledge an alert from its card, and lead back to it."""
    require_alert(services, permit, alert_id)
    comment = form.get("comment", "").strip()[:2000]
    take_up_alert(services, permit, alert_id, comment)
    chosen = {name: form[name] for name in ("year", "building") if form.get(name)}
    return RedirectResponse(f"/?{urlencode(chosen)}#alert-{alert_id}", 303)
