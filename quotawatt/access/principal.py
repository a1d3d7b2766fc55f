"""Who asks: a person, a program with a token, or whoever holds the home folder."""

from dataclasses import dataclass
from typing import Literal

from quotawatt.access.roles import PERMISSIONS, Permission, Role

Tree = Literal["region", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a subtree of organisations.

    organisation
        Its top; empty: the whole installation.
    tree
        By which parent the subtree is meant: ``region`` (属地) or ``system`` (主管部门).
    """

    role: Role
    organisation: str = ""
    tree: Tree = "region"


@dataclass(frozen=True, slots=True)
class TokenScope:
    """What a token is limited to, of all that its owner can do at the time of each request.

    organisation
        Top of the subtree; empty: as far as the owner reaches.
    """

    permissions: frozenset[Permission]
    organisation: str = ""
    tree: Tree = "region"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has shown who they are.

    name
        As the ledger names them: the account, ``ACCOUNT/TOKEN`` for a token, ``cli:NAME`` for the command
        line.
    grants
        Their roles, each over its subtree.
    unrestricted
        True for whoever holds the home folder: they could change the stores themselves.
    user
        The account; empty for those who have none.
    token
        What limits a token; None: not a token.
    session
        Number of the session; None: not in one.
    must_change_password
        Whether nothing may be done before the password was changed.
    """

    name: str
    grants: tuple[Grant, ...] = ()
    unrestricted: bool = False
    user: str = ""
    token: TokenScope | None = None
    session: int | None = None
    must_change_password: bool = False

    def grants_for(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that give a permission; a token's are its owner's, where it has the permission."""
        if self.token is not None and permission not in self.token.permissions:
            return ()
        return tuple(g for g in self.grants if permission in PERMISSIONS[g.role])

    def may(self, permission: Permission) -> bool:
        """Whether they have the permission over anything. Everybody with an account has ``own``."""
        if self.unrestricted:
            return True
        if permission is Permission.OWN:
            return self.token is None or permission in self.token.permissions
        return bool(self.grants_for(permission))
