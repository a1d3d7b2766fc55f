"""Accounts as far as telling people needs them: who is blocked, and who manages which organisations."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from quotawatt.access.roles import Role
from quotawatt.register.belonging import Tree
from quotawatt.register.model import Register
from quotawatt.storage.access_tables import grants, users


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its canonical name.

    manages
        Organisations over whose subtrees it has the role of a manager; an empty one is the whole.
    """

    name: str
    display_name: str
    blocked: bool = False
    manages: tuple[tuple[str, Tree], ...] = ()


Accounts = Mapping[str, Account]
"""By name."""


def read_accounts(conn: Connection) -> Accounts:
    """All accounts of the record store."""
    managed: dict[str, list[tuple[str, Tree]]] = {}
    rows = conn.execute(
        select(grants).where(grants.c.role == Role.MANAGER.value).order_by(grants.c.id)
    )
    for row in rows:
        tree: Tree = "system" if row.tree == "system" else "region"
        managed.setdefault(row.user, []).append((row.organisation, tree))
    columns = (users.c.name, users.c.display_name, users.c.blocked)
    return {
        row.name: Account(row.name, row.display_name, row.blocked, tuple(managed.get(row.name, ())))
        for row in conn.execute(select(*columns).order_by(users.c.name))
    }


def managers_over(accounts: Accounts, register: Register, organisation: str) -> list[Account]:
    """The accounts, not blocked, that manage an organisation, those of the nearest subtree first.

    Those who manage the whole come last; of an unknown organisation they alone.
    """
    found: dict[str, tuple[int, str]] = {}
    for account in accounts.values():
        for code, tree in account.manages:
            path = ("", *reversed(register.path_of(organisation, tree)))
            if code in path and not account.blocked:
                distance = len(path) - path.index(code)
                known = found.get(account.name)
                found[account.name] = min(
                    known or (distance, account.name), (distance, account.name)
                )
    return [accounts[name] for _, name in sorted(found.values())]
