"""A time cut where the register changes: over each piece one snapshot of it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from types import MappingProxyType

from quotawatt.register.belonging import Tree
from quotawatt.register.model import FormerValue, Register, Space
from quotawatt.register.rows import kind_of

IN_USE = frozenset({"in_use", "idle"})
"""The stages of life in which an asset counts: with its use, its area and what is expected of it."""


_RESTS_ON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "organisations": frozenset(
            {"kind", "level", "region_parent", "system_parent", "classified", "status"}
        ),
        "sites": frozenset({"province", "quota_zone", "city", "climate_zone"}),
        "buildings": frozenset(
            {
                *("site", "organisation", "status", "comfort_class", "heating", "hours_of_use"),
                *("gross_area_m2", "heated_area_m2", "data_centre_area_m2"),
                *("kitchen_area_m2", "excluded_area_m2"),
            }
        ),
        "meters": frozenset({"building", "carrier", "parent", "status"}),
        "pv_plants": frozenset({"building", "status"}),
        "vehicles": frozenset({"organisation", "energy", "status"}),
    }
)
"""The columns that yearly accounts rest on, by kind."""

_TOTALS_REST_ON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **_RESTS_ON,
        "meters": frozenset({"building", "carrier", "item", "parent", "serves", "status"}),
        "virtual_meters": frozenset({"building", "quantity", "formula", "serves", "status"}),
    }
)
"""The columns that totals rest on, by kind; spaces where somebody shares by them."""

_CARBON_RESTS_ON: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **_RESTS_ON,
        "meters": _RESTS_ON["meters"] | {"serves"},
        "spaces": frozenset({"building", "organisation", "use", "status"}),
        "equipment": frozenset({"kind", "status"}),
        "chargers": frozenset({"building", "status"}),
    }
)
"""The columns that carbon rests on, by kind: who draws whose power, and where fuel goes."""

_SHARES_REST_ON = frozenset({"building", "area_m2", "occupants", "organisation", "status"})


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
    """The register with only those former values, and kinds, that yearly accounts rest on.

    Rooms and equipment are most of a register and change most often; each change would cut time in two.
    The register itself where nothing was ever changed.
    """
    if not register.former_values:
        return register
    matters = partial(_matters, register, _RESTS_ON)
    return _limited(register, [f for f in register.former_values if matters(f)])


def total_books(register: Register) -> Register:
    """As ``books``, with what totals rest on: virtual meters too, and rooms that a formula shares by."""
    if not register.former_values:
        return register
    sharing = _sharing(register)
    kept = [
        former
        for former in register.former_values
        if _matters(register, _TOTALS_REST_ON, former) or _changes_shares(register, sharing, former)
    ]
    return _limited(register, kept, tuple(register.spaces.values()))


def carbon_books(register: Register) -> Register:
    """As ``books``, with what carbon rests on: who occupies rooms, what meters serve, chargers."""
    if not register.former_values:
        return register
    matters = partial(_matters, register, _CARBON_RESTS_ON)
    kept = [f for f in register.former_values if matters(f)]
    return _limited(register, kept, tuple(register.spaces.values()))


def _limited(
    register: Register, former_values: Sequence[FormerValue], spaces: Sequence[Space] = ()
) -> Register:
    return Register(
        organisations=tuple(register.organisations.values()),
        headcounts=register.headcounts,
        sites=tuple(register.sites.values()),
        buildings=tuple(register.buildings.values()),
        spaces=spaces,
        meters=tuple(register.meters.values()),
        virtual_meters=tuple(register.virtual_meters.values()),
        pv_plants=tuple(register.pv_plants.values()),
        vehicles=tuple(register.vehicles.values()),
        equipment=tuple(register.equipment.values()),
        chargers=tuple(register.chargers.values()),
        former_values=former_values,
    )


def _matters(
    register: Register, rests_on: Mapping[str, frozenset[str]], former: FormerValue
) -> bool:
    asset = register.assets.get(former.asset)
    return asset is not None and former.attribute in rests_on.get(kind_of(asset), ())


def _sharing(register: Register) -> frozenset[str]:
    """Buildings in which a virtual meter shares, or once did."""
    formers = (f for f in register.former_values if f.asset in register.virtual_meters)
    once = [f.asset for f in formers if f.attribute == "building" or "share" in f.value]
    now = [m.building for m in register.virtual_meters.values() if "share" in m.formula]
    places = [register.history_of(code).get("building", ()) for code in once]
    held = (step.value for steps in places for step in steps)
    return frozenset([*now, *held, *(register.virtual_meters[code].building for code in once)])


def _changes_shares(register: Register, sharing: frozenset[str], former: FormerValue) -> bool:
    space = register.spaces.get(former.asset)
    if space is None or former.attribute not in _SHARES_REST_ON:
        return False
    once = former.value if former.attribute == "building" else ""
    return bool({space.building, once} & sharing)


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
