"""Grants: roles given and taken by the security administrator, never to and from oneself."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access import Permit, needs
from api.access_schemas import GrantItem, GrantList, NewGrant
from api.auth import GateParam
from api.params import Given, require_asset
from quotawatt.access.grants import StoredGrant, shown
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Permission
from quotawatt.access.users import canonical_name
from quotawatt.errors import InputError, NotFoundError
from quotawatt.register.model import Organisation

router = APIRouter(tags=["access"], prefix="/grants")

Reader = Annotated[Permit, needs(Permission.ACCESS_READ)]
Giver = Annotated[Permit, needs(Permission.GRANTS_WRITE)]


@router.get("", response_model=GrantList)
def list_grants(
    gate: GateParam,
    permit: Reader,
    user: Annotated[str | None, Query(max_length=64, description="Only of this account")] = None,
) -> dict[str, Any]:
    """Who has which role over what."""
    listed = gate.grants.listed(None if user is None else canonical_name(user))
    seen = [g for g in listed if _within(permit, g.grant.organisation)]
    return {"total": len(seen), "items": [_item(g) for g in seen]}


@router.post("", response_model=GrantItem, status_code=201)
def add_grant(services: Given, gate: GateParam, permit: Giver, body: NewGrant) -> dict[str, Any]:
    """Give a role over what one is security administrator of; the account's sessions end.

    system_admin, security_admin and auditor must each be an account's only role (三员分立).
    """
    if not body.organisation:
        permit.require_everywhere()
    else:
        permit.require(body.organisation)
        asset = require_asset(services.register_source(), body.organisation)
        if not isinstance(asset, Organisation):
            raise InputError(f"a role must be over an organisation, got {body.organisation}")
    grant = Grant(body.role, body.organisation, body.tree)
    user = canonical_name(body.user)
    return _item(gate.grants.add(permit.principal, user, grant, gate.clock()))


@router.delete("/{grant_id}", status_code=204)
def remove_grant(
    gate: GateParam, permit: Giver, grant_id: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> Response:
    """Take a role away; the account's sessions end. The last security administrator remains."""
    if not _within(permit, gate.grants.read(grant_id).grant.organisation):
        raise NotFoundError(f"a grant must exist by its number, got {grant_id}")
    gate.grants.remove(permit.principal, grant_id, gate.clock())
    return Response(status_code=204)


def _within(permit: Permit, organisation: str) -> bool:
    return permit.everywhere or (bool(organisation) and permit.sees(organisation))


def _item(stored: StoredGrant) -> dict[str, Any]:
    return {
        "id": stored.id,
        "user": stored.user,
        **shown(stored.grant),
        "granted_at": stored.granted_at,
        "granted_by": stored.granted_by,
    }
