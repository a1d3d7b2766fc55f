"""The console's sections as its header leads to them: each is shown to whoever may read it."""

from dataclasses import dataclass

from quotawatt.access.principal import Principal
from quotawatt.access.roles import Permission

_P = Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the navigation.

    here
        Whether the page that is shown is this one or one below it.
    """

    path: str
    text: str
    here: bool


SECTIONS: tuple[tuple[str, str, tuple[Permission, ...]], ...] = (
    ("/", "nav_overview", (_P.RESULTS_READ,)),
    ("/register", "nav_register", (_P.RESULTS_READ,)),
    ("/findings", "nav_findings", (_P.RESULTS_READ,)),
    ("/pool", "nav_pool", (_P.RESULTS_READ,)),
    ("/score", "nav_score", (_P.RESULTS_READ,)),
    ("/devices", "nav_devices", (_P.INTAKE_READ,)),
    ("/rules/proposals", "nav_rules", (_P.RULES_READ,)),
    ("/access", "nav_access", (_P.ACCESS_READ, _P.GRANTS_WRITE)),
    ("/ledger", "nav_ledger", (_P.LEDGER_READ,)),
)
"""Path, key of the name, and the permissions of which any opens it; in the order in which they are shown."""


def navigation(who: Principal | None, path: str) -> list[Section]:
    """The sections that somebody may open; none for nobody in particular, as at the sign-in."""
    if who is None or who.must_change_password:
        return []
    return [
        Section(at, text, path == at or (at != "/" and path.startswith(f"{at}/")))
        for at, text, permissions in SECTIONS
        if any(who.may(permission) for permission in permissions)
    ]


def holds_everywhere(who: Principal, permission: Permission) -> bool:
    """Whether somebody has a permission over the whole installation, as ``Permit.everywhere`` says it."""
    if who.unrestricted:
        return True
    limited = who.token is not None and bool(who.token.organisation)
    return not limited and any(not grant.organisation for grant in who.grants_for(permission))
