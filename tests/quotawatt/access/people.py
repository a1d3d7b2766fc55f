"""Accounts for tests: cheap hashes of passwords, and who does things."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from quotawatt.access.grants import Grants, StoredGrant
from quotawatt.access.passwords import Passwords
from quotawatt.access.principal import Grant, Principal, Tree
from quotawatt.access.roles import Role
from quotawatt.access.users import Users

NOW = datetime(2024, 1, 1, tzinfo=UTC)
HOLDER = Principal("cli:root", unrestricted=True)
PASSWORD = "seven green lanterns at dusk"
OTHER_PASSWORD = "a boat drifts below the bridge"

# What is tested is who may do what, not how long a guess takes.
QUICK = Passwords(memory_kib=64, passes=1)


def add_user(records: Engine, name: str, *grants: Grant, password: str | None = PASSWORD) -> None:
    """An account with these roles; its password must be changed."""
    Users(records, QUICK).add(HOLDER, name, "", password, NOW)
    for grant in grants:
        Grants(records).add(HOLDER, name, grant, NOW)


def add_ready_user(records: Engine, name: str, *grants: Grant) -> Principal:
    """An account with these roles that has changed its first password; who it is."""
    add_user(records, name, password=OTHER_PASSWORD)
    me = Principal(name, user=name)
    Users(records, QUICK).change_password(me, OTHER_PASSWORD, PASSWORD, NOW)
    for grant in grants:
        Grants(records).add(HOLDER, name, grant, NOW)
    return Principal(name, grants, user=name)


def give(
    records: Engine,
    by: Principal,
    user: str,
    role: Role,
    organisation: str = "",
    tree: Tree = "region",
) -> StoredGrant:
    """Give a role."""
    return Grants(records).add(by, user, Grant(role, organisation, tree), NOW)
