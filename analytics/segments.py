"""A time cut where the register changes: over each piece one snapshot of it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from quotawatt.register.belonging import Tree
from quotawatt.register.model import FormerValue, Register
from quotawatt.register.rows import kind_of

IN_USE = frozenset({"in_use", "idle"})
"""The stages of life in which an asset counts: with its use, its area and what is expected of it."""


_RESTS_ON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "organisations": frozenset({"kind", "level", "region_parent", "system_parent", "status"}),
        "sites": frozenset({"province", "quota_zone"}),
        "buildings": frozenset({"site", "organisation", "gross_area_m2", "status"}),
        "meters": frozenset({"building", "carrier", "parent", "status"}),
        "pv_plants": frozenset({"building", "status"}),
        "vehicles": frozenset({"organisation", "energy", "status"}),
    }
)
"""The columns that totals and yearly accounts rest on, by kind."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Local days ``[first, until)`` over which the assets have the values of ``register``."""

    first: date
    until: date
    register: Register

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.first).days


def books(register: Register) -> Register:
    """The register with only those former values, and kinds, that totals and yearly accounts rest on.

    Rooms and equipment are most of a register and change most often; each change would cut time in two.
    The register itself where nothing was ever changed.
    """
    if not register.former_values:
        return register
    return Register(
        organisations=tuple(register.organisations.values()),
        headcounts=register.headcounts,
        sites=tuple(register.sites.values()),
        buildings=tuple(register.buildings.values()),
        meters=tuple(register.meters.values()),
        pv_plants=tuple(register.pv_plants.values()),
        vehicles=tuple(register.vehicles.values()),
        former_values=[f for f in register.former_values if _matters(register, f)],
    )


def _matters(register: Register, former: FormerValue) -> bool:
    asset = register.assets.get(former.asset)
    return asset is not None and former.attribute in _RESTS_ON.get(kind_of(asset), ())


def segments(register: Register, first: date, until: date) -> tuple[Segment, ...]:
    """The pieces of ``[first, until)`` in order, at least one; one where nothing changes meanwhile."""
    edges = [first, *register.change_days(first, until), until]
    return tuple(Segment(start, end, register.as_of(start)) for start, end in pairwise(edges))


def counts(register: Register, code: str) -> bool:
    """Whether an asset of a snapshot is in use; what is not known is not."""
    asset = register.assets.get(code)
    return asset is not None and asset.status in IN_USE


def followed_tree(register: Register, organisation: str) -> Tree:
    """Which of the two trees an organisation's totals follow.

    By region, the default, wherever another organisation hangs below it by region. One that heads a
    sector system only has the totals of that system. So no organisation below it is counted twice.
    """
    by_region = len(register.sub_organisations(organisation, "region")) > 1
    return "region" if by_region else "system"
