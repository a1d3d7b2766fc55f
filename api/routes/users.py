"""Accounts: made and blocked by the system administrator, without any right. None is ever deleted."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.access import Permit, needs
from api.access_schemas import NewPassword, NewUser, UserChange, UserItem, UserList
from api.auth import GateParam
from quotawatt.access.roles import Permission
from quotawatt.errors import NotFoundError

router = APIRouter(tags=["access"], prefix="/users")

Reader = Annotated[Permit, needs(Permission.ACCESS_READ)]
Maker = Annotated[Permit, needs(Permission.ACCOUNTS_WRITE)]
UserPath = Annotated[str, Path(max_length=64, description="The account's name")]


@router.get("", response_model=UserList)
def list_users(gate: GateParam, permit: Reader) -> dict[str, Any]:
    """All accounts; over a part of the installation, those with a role within it."""
    within = {g.user for g in gate.grants.listed() if _over(permit, g.grant.organisation)}
    seen = [u for u in gate.users.listed() if permit.everywhere or u.name in within]
    return {"total": len(seen), "items": [asdict(u) for u in seen]}


@router.post("", response_model=UserItem, status_code=201)
def add_user(gate: GateParam, permit: Maker, body: NewUser) -> dict[str, Any]:
    """Make an account. What it may do, the security administrator says."""
    permit.require_everywhere()
    password = None if body.password is None else body.password.get_secret_value()
    made = gate.users.add(permit.principal, body.name, body.display_name, password, gate.clock())
    return asdict(made)


@router.get("/{name}", response_model=UserItem)
def read_user(gate: GateParam, permit: Reader, name: UserPath) -> dict[str, Any]:
    """One account."""
    found = gate.users.read(name)
    held = gate.grants.listed(found.name)
    if not permit.everywhere and not any(_over(permit, g.grant.organisation) for g in held):
        raise NotFoundError(f"an account must exist by its name, got {name!r}")
    return asdict(found)


@router.patch("/{name}", response_model=UserItem)
def change_user(gate: GateParam, permit: Maker, name: UserPath, body: UserChange) -> dict[str, Any]:
    """Rename an account, block it, or open it again. Blocking ends its sessions and stops its tokens."""
    permit.require_everywhere()
    changed = gate.users.read(name)
    if body.display_name is not None:
        changed = gate.users.rename(permit.principal, name, body.display_name, gate.clock())
    if body.blocked is not None:
        changed = gate.users.set_blocked(permit.principal, name, body.blocked, gate.clock())
    return asdict(changed)


@router.post("/{name}/password", status_code=204)
def set_password(gate: GateParam, permit: Maker, name: UserPath, body: NewPassword) -> Response:
    """Give an account a password, which its owner must change at once; its sessions end."""
    permit.require_everywhere()
    password = body.password.get_secret_value()
    gate.users.set_password(permit.principal, name, password, gate.clock())
    return Response(status_code=204)


def _over(permit: Permit, organisation: str) -> bool:
    return bool(organisation) and permit.sees(organisation)
