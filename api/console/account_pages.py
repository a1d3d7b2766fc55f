"""One's own tokens and sessions, on the page of one's own account."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api.access import Permit, needs
from api.access_schemas import NewToken
from api.auth import GateParam
from api.console.account import draw_account
from api.console.drawing import SignedForm, words_of
from api.console.forms import REFUSALS, filled, refusal_of
from api.params import Given
from api.routes import me as desk
from api.routes.tokens import make_token
from quotawatt.access.roles import Permission
from quotawatt.access.tokens import PERSONAL

router = APIRouter(include_in_schema=False, prefix="/account")

Own = Annotated[Permit, needs(Permission.OWN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post("/tokens", response_model=None)
def make(
    request: Request, services: Given, gate: GateParam, permit: Own, form: SignedForm
) -> Response:
    """Make a token of one's own. The answer shows it, this once."""
    wanted = [p for p in Permission if p not in PERSONAL and form.get(f"may.{p.value}") == "on"]
    fields = {key: form.get(key, "") for key in ("organisation", "tree", "days")}
    name = form.get("name", "").strip() or " "
    try:
        body = filled(NewToken, {**fields, "name": name, "permissions": wanted})
        made = make_token(services, gate, permit, body)
    except REFUSALS as error:
        refusal = refusal_of(error, words_of(request, services))
        return draw_account(request, permit, refusal=refusal)
    return draw_account(request, permit, made=made)


@router.post("/tokens/{token_id}/revoke", response_model=None)
def revoke(gate: GateParam, permit: Own, token_id: Number, form: SignedForm) -> Response:
    """Revoke one of one's own tokens."""
    desk.revoke_own_token(gate, permit, token_id)
    return RedirectResponse("/account#tokens", 303)


@router.post("/sessions/{session_id}/end", response_model=None)
def end(gate: GateParam, permit: Own, session_id: Number, form: SignedForm) -> Response:
    """End one of one's own sessions."""
    desk.end_own_session(gate, permit, session_id)
    return RedirectResponse("/account#sessions", 303)
