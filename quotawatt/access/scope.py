"""Which assets somebody reaches: the one place that says so.

An asset is reached by the organisation that answers for it (``Register.organisation_of``), with all below
the granted one in the tree that the grant names, as things are on the present day. A site belongs to
nobody: whoever reaches a building on it sees it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from quotawatt.access.principal import Grant, Principal, TokenScope
from quotawatt.access.roles import Permission, Role
from quotawatt.register.model import Organisation, Register, Site
from quotawatt.register.rows import KEYS, records_of

_WHOLE = Grant(Role.MANAGER)


class Reach:
    """What somebody's grants for one permission reach in one snapshot of the register.

    ``everywhere`` says that it holds over the whole installation: also for what belongs to no organisation.
    """

    def __init__(
        self, register: Register, grants: tuple[Grant, ...], limit: TokenScope | None = None
    ) -> None:
        self._register = register
        whole = any(not grant.organisation for grant in grants)
        self.everywhere = whole and (limit is None or not limit.organisation)
        granted = _below(register, grants)
        limited = None if limit is None or not limit.organisation else _below(register, (limit,))
        if limited is None:
            self._organisations = granted
        else:
            self._organisations = limited if whole else granted & limited

    def sees(self, code: str) -> bool:
        """Whether the asset of this code is within reach; one that the register lacks only everywhere."""
        if self.everywhere:
            return True
        if isinstance(self._register.assets.get(code), Site):
            return code in self._sites
        return self._register.organisation_of(code) in self._organisations

    @cached_property
    def _sites(self) -> frozenset[str]:
        buildings = self._register.buildings.values()
        return frozenset(b.site for b in buildings if b.organisation in self._organisations)

    @cached_property
    def register(self) -> Register:
        """The register with only what is within reach; an organisation whose parent is not is a top."""
        return self._register if self.everywhere else _restricted(self._register, self.sees)


class Reaches:
    """Reaches by principal and permission, kept as long as the register and the day stay the same."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._register: Register | None = None
        self._day = date.min
        self._known: dict[tuple[object, ...], Reach] = {}

    def reach(
        self, register: Register, day: date, principal: Principal, permission: Permission
    ) -> Reach:
        """What the principal reaches for the permission, as the register is on the day (local)."""
        if principal.unrestricted:
            key: tuple[object, ...] = ("unrestricted",)
        else:
            key = (principal.grants_for(permission), principal.token)
        with self._lock:
            if register is not self._register or day != self._day:
                self._register, self._day, self._known = register, day, {}
            if key not in self._known:
                self._known[key] = self._new(register.as_of(day), principal, permission)
            return self._known[key]

    def _new(self, present: Register, principal: Principal, permission: Permission) -> Reach:
        if principal.unrestricted:
            return Reach(present, (_WHOLE,))
        return Reach(present, principal.grants_for(permission), principal.token)


def _below(register: Register, tops: tuple[Grant | TokenScope, ...]) -> frozenset[str | None]:
    return frozenset(
        code
        for top in tops
        if top.organisation in register.organisations
        for code in register.sub_organisations(top.organisation, top.tree)
    )


def _restricted(register: Register, sees: Callable[[str], bool]) -> Register:
    """The register without what is not seen, and without what hangs on it."""
    kept: dict[str, list[Any]] = {
        kind: [record for record in records if sees(_owner(kind, record))]
        for kind, records in records_of(register).items()
    }
    kept["organisations"] = [_without_hidden_parents(o, sees) for o in kept["organisations"]]
    return Register(**kept, adopted=[b for b in register.adopted if sees(b.asset)])


def _owner(kind: str, record: object) -> str:
    """The code of the asset that a record is or is about."""
    for name in ("code", "asset", "organisation"):
        if name in KEYS[kind]:
            return str(getattr(record, name))
    raise KeyError(kind)


def _without_hidden_parents(
    organisation: Organisation, sees: Callable[[str], bool]
) -> Organisation:
    region, system = organisation.region_parent, organisation.system_parent
    return replace(
        organisation,
        region_parent=region if region is not None and sees(region) else None,
        system_parent=system if system is not None and sees(system) else None,
    )
