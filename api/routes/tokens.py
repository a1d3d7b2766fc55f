"""Everybody's tokens, as the security administrator and the auditor see them; making one."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.exceptions import HTTPException

from api.access import Permit, needs
from api.access_schemas import MadeToken, NewToken, TokenList
from api.auth import GateParam
from api.params import Given, require_asset
from quotawatt.access.principal import TokenScope
from quotawatt.access.roles import Permission
from quotawatt.access.tokens import Token
from quotawatt.access.users import canonical_name
from quotawatt.errors import InputError
from quotawatt.register.model import Organisation

router = APIRouter(tags=["access"], prefix="/tokens")


@router.get("", response_model=TokenList)
def list_tokens(
    gate: GateParam, permit: Annotated[Permit, needs(Permission.ACCESS_READ)]
) -> dict[str, Any]:
    """All tokens, without their secrets."""
    permit.require_everywhere()
    return token_list(gate.tokens.listed())


@router.post("", response_model=MadeToken, status_code=201)
def make_token(
    services: Given,
    gate: GateParam,
    permit: Annotated[Permit, needs(Permission.OWN)],
    body: NewToken,
) -> dict[str, Any]:
    """Make a token of one's own. It is shown this once."""
    user = _owner(permit, body.user)
    if body.organisation:
        asset = require_asset(services.register_source(), body.organisation)
        if not isinstance(asset, Organisation):
            raise InputError(f"a token must be over an organisation, got {body.organisation}")
    scope = TokenScope(frozenset(body.permissions), body.organisation, body.tree)
    now = gate.clock()
    end = now + timedelta(days=body.days)
    token, secret = gate.tokens.make(permit.principal, user, body.name, scope, end, now)
    return {**token_item(token), "token": secret}


@router.delete("/{token_id}", status_code=204)
def revoke_token(
    gate: GateParam,
    permit: Annotated[Permit, needs(Permission.GRANTS_WRITE)],
    token_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> Response:
    """Revoke anybody's token."""
    permit.require_everywhere()
    gate.tokens.revoke(permit.principal, token_id, gate.clock())
    return Response(status_code=204)


def token_item(token: Token) -> dict[str, Any]:
    """A token as a row."""
    row = asdict(token)
    scope = row.pop("scope")
    return {**row, **scope, "permissions": sorted(scope["permissions"])}


def token_list(tokens: list[Token]) -> dict[str, Any]:
    """Tokens as a list of rows."""
    return {"total": len(tokens), "items": [token_item(t) for t in tokens]}


def _owner(permit: Permit, wanted: str | None) -> str:
    """Whose the token is to be. Answers 403 where it is another's, and where a token asks for a token."""
    principal = permit.principal
    user = principal.user if wanted is None else canonical_name(wanted)
    if principal.token is not None or (user != principal.user and not principal.unrestricted):
        raise HTTPException(
            403, f"a token must be made by its owner, signed in, got {principal.name} for {user}"
        )
    if not user:
        raise InputError("a token must be that of an account, got none")
    return user
