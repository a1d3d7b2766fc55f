"""Who asks: a person, a program with a token, or whoever holds the home folder."""

from dataclasses import dataclass
from typing import Literal

from quotawatt.access.roles import Role

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
class Principal:
    """Somebody who has shown who they are.

    name
        As the ledger names them.
    grants
        Their roles, each over its subtree.
    unrestricted
        True for whoever holds the home folder: they could change the stores themselves.
    """

    name: str
    grants: tuple[Grant, ...] = ()
    unrestricted: bool = False
