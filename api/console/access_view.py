"""What the pages of accounts show: accounts with their roles, and what the reader may do with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.access import Permit
from api.auth import Gate
from api.console.forms import Choice, organisation_choices
from api.console.navigation import holds_everywhere
from api.console.texts import Words
from api.routes.grants import list_grants
from api.routes.tokens import token_item
from api.routes.users import list_users, read_user
from quotawatt.access.roles import Permission, Role

Item = Mapping[str, Any]


@dataclass(frozen=True)
class AccountsPage:
    """All accounts that the reader sees; ``grants`` are those of each by its name."""

    users: Sequence[Item]
    grants: Mapping[str, Sequence[Item]]
    may_make: bool


@dataclass(frozen=True)
class UserPage:
    """One account.

    grants
        Each with whether the reader may take it away.
    tokens, sessions
        None: not for the reader to see.
    may_make
        Whether the reader may rename, block and give a password.
    may_give
        Whether the reader may give it a role; of ``choices``, and over the whole where ``give_whole``.
    """

    user: Item
    grants: Sequence[tuple[Item, bool]]
    tokens: Sequence[Item] | None
    sessions: Sequence[Any] | None
    may_make: bool
    may_give: bool
    give_whole: bool
    choices: Sequence[Choice]
    roles: Sequence[Role] = tuple(Role)


def accounts_page(gate: Gate, permit: Permit) -> AccountsPage:
    """The page of all accounts."""
    grants: dict[str, list[Item]] = {}
    for grant in list_grants(gate, permit)["items"]:
        grants.setdefault(grant["user"], []).append(grant)
    return AccountsPage(
        users=list_users(gate, permit)["items"],
        grants=grants,
        may_make=holds_everywhere(permit.principal, Permission.ACCOUNTS_WRITE),
    )


def user_page(
    gate: Gate, permit: Permit, giver: Permit | None, name: str, words: Words
) -> UserPage:
    """The page of one account; ``giver`` is the permit to give roles, None where the reader has none.

    Raises NotFoundError where the account is not there, or out of reach.
    """
    user = read_user(gate, permit, name)
    own = permit.principal.user == user["name"]
    held = list_grants(gate, permit, user["name"])["items"]
    tokens = gate.tokens.listed(user["name"]) if permit.everywhere else None
    sessions = gate.sessions.listed(gate.clock(), user["name"]) if permit.everywhere else None
    may_make = holds_everywhere(permit.principal, Permission.ACCOUNTS_WRITE)
    return UserPage(
        user=user,
        grants=[(grant, not own and _may_take(giver, grant)) for grant in held],
        tokens=None if tokens is None else [token_item(token) for token in tokens],
        sessions=sessions,
        may_make=may_make and not own,
        may_give=giver is not None and not own,
        give_whole=giver is not None and giver.everywhere,
        choices=[] if giver is None else organisation_choices(giver.register, words),
    )


def _may_take(giver: Permit | None, grant: Item) -> bool:
    if giver is None:
        return False
    organisation = grant["organisation"]
    return giver.everywhere or (bool(organisation) and giver.sees(organisation))
