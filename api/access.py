"""What a route asks for, and whether the one who asks may have it: the one place that decides."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.auth import Gate, Known, authenticate, gate_of
from api.params import services_of, today_of
from api.services import Services
from quotawatt.access.principal import Principal
from quotawatt.access.roles import Permission
from quotawatt.access.scope import Reach
from quotawatt.errors import NotFoundError
from quotawatt.register.model import Register
from quotawatt.settings import Settings


class Permit:
    """That the one who asks has a permission, and over which assets."""

    def __init__(
        self, permission: Permission, principal: Principal, services: Services, gate: Gate
    ) -> None:
        self.permission = permission
        self.principal = principal
        self._services = services
        self._gate = gate

    @property
    def actor(self) -> str:
        """Who asks, as the ledger names them."""
        return self.principal.name

    @property
    def everywhere(self) -> bool:
        """Whether it holds over the whole installation: for what belongs to no organisation."""
        return self.principal.unrestricted or self._reach.everywhere

    @property
    def register(self) -> Register:
        """The present register with only the assets that it holds over."""
        return self._reach.register

    def sees(self, code: str) -> bool:
        """Whether it holds over the asset of this code."""
        return self.everywhere or self._reach.sees(code)

    def may_also(self, permission: Permission, code: str) -> bool:
        """Whether the same one has another permission over the asset of this code."""
        if not self.principal.may(permission):
            return False
        return Permit(permission, self.principal, self._services, self._gate).sees(code)

    def may_also_everywhere(self, permission: Permission) -> bool:
        """Whether the same one has another permission over the whole installation."""
        if not self.principal.may(permission):
            return False
        return Permit(permission, self.principal, self._services, self._gate).everywhere

    def require(self, code: str) -> None:
        """Raise NotFoundError where it does not: what is out of reach is as if it were not there."""
        if not self.sees(code):
            raise NotFoundError(f"a code must be one of the register, got {code!r}")

    def require_everywhere(self) -> None:
        """Answer 403 where it holds over a part only, and what is asked for belongs to nobody."""
        if not self.everywhere:
            raise HTTPException(
                403,
                f"what belongs to no organisation must be asked for with {self.permission.value} over "
                f"the whole installation, got {self.actor} with a part",
            )

    @property
    def _reach(self) -> Reach:
        services = self._services
        today = today_of(services)
        register = services.register_source()
        return self._gate.reaches.reach(register, today, self.principal, self.permission)


def needs(permission: Permission) -> Any:
    """A dependency that answers 401 or 403 unless the one who asks has the permission somewhere."""

    def permit(request: Request, principal: Known) -> Permit:
        return permit_of(request, principal, permission)

    # The routes are listed with what they ask for, and tested one by one.
    permit.permission = permission  # type: ignore[attr-defined]
    return Depends(permit)


def needs_unless(open_to_all: Callable[[Settings], bool], permission: Permission) -> Any:
    """A dependency like ``needs`` that lets everybody in where the settings say so."""

    def permit(request: Request) -> None:
        if not open_to_all(services_of(request).settings):
            permit_of(request, authenticate(request), permission)

    permit.permission = permission  # type: ignore[attr-defined]
    return Depends(permit)


def permit_of(request: Request, principal: Principal, permission: Permission) -> Permit:
    """The permit of somebody known. Answers 403 where they do not have the permission anywhere."""
    request.state.asker = principal
    if principal.must_change_password and permission is not Permission.OWN:
        raise HTTPException(
            403, f"a first password must be changed before anything else, got {principal.name}"
        )
    if not principal.may(permission):
        raise HTTPException(
            403, f"what is asked for takes the permission {permission.value}, got {principal.name}"
        )
    return Permit(permission, principal, services_of(request), gate_of(request))


def asker_of(request: Request) -> Principal | None:
    """Who asked for what the route needed a permission for; None where it needed none."""
    asker: Principal | None = getattr(request.state, "asker", None)
    return asker
