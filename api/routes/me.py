"""One's own account: who one is, the password, tokens and sessions."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from api.access import Permit, needs
from api.access_schemas import Me, PasswordChange, SessionList, TokenList
from api.auth import GateParam, address_of, too_many
from api.routes.sessions import session_list
from api.routes.tokens import token_list
from quotawatt.access.grants import shown
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError

router = APIRouter(tags=["access"], prefix="/me")

Own = Annotated[Permit, needs(Permission.OWN)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", response_model=Me)
def who_am_i(permit: Own) -> dict[str, Any]:
    """Who asks, with which roles, and what they may do over anything."""
    principal = permit.principal
    return {
        "name": principal.name,
        "user": principal.user,
        "unrestricted": principal.unrestricted,
        "must_change_password": principal.must_change_password,
        "grants": [shown(grant) for grant in principal.grants],
        "permissions": [p for p in Permission if principal.may(p)],
    }


@router.post("/password", status_code=204)
def change_password(
    request: Request, gate: GateParam, permit: Own, body: PasswordChange
) -> Response:
    """Change one's own password; all other sessions of the account end."""
    _require_person(permit)
    principal, address = permit.principal, address_of(request)
    wait_s = gate.limits.sign_in_wait_s(principal.user, address)
    if wait_s is not None:
        raise too_many(wait_s)
    old, new = body.old.get_secret_value(), body.new.get_secret_value()
    try:
        gate.users.change_password(principal, old, new, gate.clock())
    except InputError:
        gate.limits.sign_in_failed(principal.user, address)
        raise
    return Response(status_code=204)


@router.get("/tokens", response_model=TokenList)
def list_own_tokens(gate: GateParam, permit: Own) -> dict[str, Any]:
    """One's own tokens, without their secrets."""
    return token_list(gate.tokens.listed(permit.principal.user))


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_own_token(gate: GateParam, permit: Own, token_id: Number) -> Response:
    """Revoke one of one's own tokens."""
    _require_person(permit)
    principal = permit.principal
    gate.tokens.revoke(principal, token_id, gate.clock(), user=principal.user)
    return Response(status_code=204)


@router.get("/sessions", response_model=SessionList)
def list_own_sessions(gate: GateParam, permit: Own) -> dict[str, Any]:
    """Where one is signed in."""
    return session_list(gate.sessions.listed(gate.clock(), permit.principal.user))


@router.delete("/sessions/{session_id}", status_code=204)
def end_own_session(gate: GateParam, permit: Own, session_id: Number) -> Response:
    """End one of one's own sessions."""
    _require_person(permit)
    principal = permit.principal
    gate.sign_ins.end(principal, session_id, gate.clock(), user=principal.user)
    return Response(status_code=204)


def _require_person(permit: Permit) -> None:
    """Answer 403 for a token and for who has no account: it is a person's own."""
    principal = permit.principal
    if principal.token is not None or not principal.user:
        raise HTTPException(
            403, f"one's own account must be changed by its owner, signed in, got {principal.name}"
        )
