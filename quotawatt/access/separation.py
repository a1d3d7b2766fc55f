"""三员分立: the three administrative roles are kept apart from each other and from all work.

Whoever keeps the system running makes accounts without any right, whoever gives rights makes no accounts,
whoever audits changes nothing. So an account that has one of the three has no other role at all, and one
with a role of the work has none of the three.
"""

from collections.abc import Collection

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.errors import StateError

ADMINISTRATIVE = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


def require_separate(user: str, held: Collection[Role], wanted: Role) -> None:
    """Raise StateError where ``wanted`` does not go together with the roles that the account holds."""
    others = sorted(set(held) - {wanted})
    if others and (wanted in ADMINISTRATIVE or ADMINISTRATIVE & set(others)):
        rule = "system_admin, security_admin and auditor must each be an account's only role"
        raise StateError(f"{rule}, got {wanted.value} for {user}, who is {', '.join(others)}")


def is_chief_security(grant: Grant) -> bool:
    """Whether the grant is that of a security administrator over the whole installation."""
    return grant.role is Role.SECURITY_ADMIN and not grant.organisation


def has_administrative(grants: Collection[Grant]) -> bool:
    """Whether one of the three roles is among them."""
    return any(grant.role in ADMINISTRATIVE for grant in grants)
