"""The console's sections as its header leads to them: each is shown to whoever may open it."""

from dataclasses import dataclass

from quotawatt.access.principal import Principal
from quotawatt.access.roles import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A page that the header leads to; pages below its path belong to it, ``/`` has none.

    text
        Key of what it is called.
    permission
        What the page asks for; ``whole``: over the whole installation.
    """

    path: str
    text: str
    permission: Permission
    whole: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("/", "nav_overview", Permission.RESULTS_READ),
    Section("/cases", "nav_cases", Permission.RESULTS_READ),
    Section("/quota", "nav_quota", Permission.RESULTS_READ),
    Section("/carbon", "nav_carbon", Permission.RESULTS_READ),
    Section("/fleet", "nav_fleet", Permission.RESULTS_READ),
    Section("/dispatch", "nav_dispatch", Permission.RESULTS_READ),
    Section("/register", "nav_register", Permission.RESULTS_READ),
    Section("/findings", "nav_findings", Permission.RESULTS_READ),
    Section("/anomalies", "nav_anomalies", Permission.RESULTS_READ),
    Section("/silences", "nav_silences", Permission.RESULTS_READ),
    Section("/pool", "nav_pool", Permission.RESULTS_READ),
    Section("/score", "nav_score", Permission.RESULTS_READ),
    Section("/devices", "nav_devices", Permission.INTAKE_READ, whole=True),
    Section("/delivery", "nav_delivery", Permission.DELIVERY_READ, whole=True),
    Section("/rules/library", "nav_library", Permission.RULES_READ),
    Section("/rules/proposals", "nav_rules", Permission.RULES_READ),
    Section("/access", "nav_access", Permission.ACCESS_READ),
    Section("/ledger", "nav_ledger", Permission.LEDGER_READ),
)


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A section as the header draws it; ``here`` where the page that is shown belongs to it."""

    path: str
    text: str
    here: bool


def navigation(who: Principal | None, path: str) -> list[SectionLink]:
    """The sections that somebody may open; none for nobody in particular, as at the sign-in."""
    if who is None or who.must_change_password:
        return []
    return [SectionLink(s.path, s.text, _holds(s, path)) for s in SECTIONS if _opens(s, who)]


def first_page(who: Principal | None) -> str:
    """Where somebody begins: the overview, or the first section that they may open."""
    return next((section.path for section in navigation(who, "/")), "/account")


def holds_everywhere(who: Principal, permission: Permission) -> bool:
    """Whether somebody has a permission over the whole installation, as ``Permit.everywhere`` says it."""
    if who.unrestricted:
        return True
    limited = who.token is not None and bool(who.token.organisation)
    return not limited and any(not grant.organisation for grant in who.grants_for(permission))


def _opens(section: Section, who: Principal) -> bool:
    if section.whole:
        return holds_everywhere(who, section.permission)
    return who.may(section.permission)


def _holds(section: Section, path: str) -> bool:
    return path == section.path or (section.path != "/" and path.startswith(f"{section.path}/"))
