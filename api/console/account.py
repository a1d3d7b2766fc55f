"""The page of one's own account: who one is, what one may, the password, tokens and sessions."""

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs
from api.auth import address_of, gate_of, too_many
from api.console.drawing import SignedForm, draw, words_of
from api.console.forms import Refusal, acting_permit, organisation_choices, refusal_of
from api.console.navigation import first_page
from api.params import services_of
from quotawatt.access.roles import Permission
from quotawatt.access.tokens import PERSONAL
from quotawatt.errors import InputError

router = APIRouter(include_in_schema=False)

Own = Annotated[Permit, needs(Permission.OWN)]


@router.get("/account", response_model=None)
def show_account(request: Request, permit: Own, changed: bool = False) -> Response:
    """Who is signed in, with which roles, and the form that changes the password."""
    return draw_account(request, permit, changed=changed)


@router.post("/account/password", response_model=None)
def change_password(request: Request, permit: Own, form: SignedForm) -> Response:
    """Change one's own password; all other sessions of the account end."""
    gate, principal = gate_of(request), permit.principal
    words = words_of(request, services_of(request))
    wait_s = gate.limits.sign_in_wait_s(principal.user, address_of(request))
    if wait_s is not None:
        raise too_many(wait_s)
    new = form.get("new", "")
    if new != form.get("again", ""):
        wrong = Refusal(words("password_differs"), "", 422)
        return draw_account(request, permit, wrong=wrong)
    try:
        gate.users.change_password(principal, form.get("old", ""), new, gate.clock())
    except InputError as error:
        gate.limits.sign_in_failed(principal.user, address_of(request))
        return draw_account(request, permit, wrong=refusal_of(error, words))
    return RedirectResponse("/account?changed=true", 303)


def draw_account(
    request: Request,
    permit: Permit,
    changed: bool = False,
    wrong: Refusal | None = None,
    refusal: Refusal | None = None,
    made: Mapping[str, Any] | None = None,
) -> Response:
    """The page of one's own account.

    wrong
        Why the password was not changed; ``changed``: it was, and the page leads on.
    refusal
        Why no token was made. ``made`` is one that was, with its secret.
    """
    gate, principal = gate_of(request), permit.principal
    services = services_of(request)
    refused = wrong or refusal
    reader = acting_permit(request, permit, Permission.RESULTS_READ)
    return draw(
        request,
        "account.html",
        refused.status if refused else 200,
        principal=principal,
        account=gate.users.read(principal.user) if principal.user else None,
        sessions=gate.sessions.listed(gate.clock(), principal.user) if principal.user else [],
        tokens=gate.tokens.listed(principal.user) if principal.user else [],
        permissions=[p for p in Permission if p not in PERSONAL and principal.may(p)],
        organisations=services.register_source().organisations,
        choices=[]
        if reader is None
        else organisation_choices(reader.register, words_of(request, services)),
        changed=changed,
        following=first_page(principal),
        wrong=wrong,
        refusal=refusal,
        made=made,
        now=gate.clock(),
        zone=ZoneInfo(services.settings.timezone),
    )
