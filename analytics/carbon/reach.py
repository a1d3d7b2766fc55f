"""What belongs to an asset in a carbon tree, by a snapshot of the register, and the series that it needs."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analytics.carbon.emissions import ELECTRICITY, SCOPES
from analytics.carbon.nodes import FUELS, OIL, sub_metered
from analytics.totals.segments import Segment, counts, followed_tree
from analytics.yearly.accounts import held_buildings
from quotawatt.register.model import Register, Space

PV = "pv_generation_kwh"
EXPORT = "electricity_export_kwh"
CHARGED = "charge_energy_kwh"

Pair = tuple[str, str]
"""A subject and a measure."""


class PowerReach(NamedTuple):
    """Whose electricity an asset answers for beside its own, on the days of one snapshot of the register.

    passed_on, taken_over
        Rooms of one's own that others occupy, and rooms of others that one occupies.
    chargers
        Meters of one's own chargers; None: a charger has none.
    """

    passed_on: tuple[str, ...] = ()
    taken_over: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    chargers: tuple[str, ...] | None = ()

    @property
    def pairs(self) -> set[Pair]:
        """The series that are looked at."""
        drawn = (*self.passed_on, *self.taken_over, *(self.chargers or ()))
        return {(code, ELECTRICITY) for code in drawn} | {(v, CHARGED) for v in self.vehicles}


class FuelReach(NamedTuple):
    """The buildings of an asset, and the meters in them that say where their fuel goes, with the node."""

    buildings: tuple[str, ...]
    meters: tuple[tuple[str, str], ...]

    @property
    def pairs(self) -> set[Pair]:
        """The series that are looked at."""
        oil = {(code, name) for code in self.buildings for name in OIL}
        return oil | {(code, name) for code, _ in self.meters for name in FUELS}


def power_reach(asset: str, register: Register) -> PowerReach:
    """Of an organisation, with all below it; a building answers for all that is drawn in it alone."""
    if asset not in register.organisations:
        return PowerReach()
    tree = followed_tree(register, asset)
    own = set(register.sub_organisations(asset, tree))
    buildings = [b.code for b in held_buildings(asset, register)]
    rooms = [s for code in buildings for s in register.spaces_in(code)]
    return PowerReach(
        passed_on=tuple(s.code for s in rooms if s.organisation and s.organisation not in own),
        taken_over=tuple(
            s.code for s in register.spaces_of(asset, tree) if _landlord(s, register) not in own
        ),
        vehicles=tuple(
            v.code
            for v in register.vehicles_of(asset, tree)
            if v.energy == "electric" and counts(register, v.code)
        ),
        chargers=_charger_meters(buildings, register),
    )


def fuel_reach(asset: str, register: Register) -> FuelReach:
    """Of an organisation (with all below it) or a building."""
    buildings = tuple(b.code for b in held_buildings(asset, register))
    return FuelReach(buildings, tuple(p for code in buildings for p in sub_metered(code, register)))


def _landlord(space: Space, register: Register) -> str:
    held = register.buildings.get(space.building)
    return "" if held is None else held.organisation


def _charger_meters(buildings: Sequence[str], register: Register) -> tuple[str, ...] | None:
    inside = set(buildings)
    chargers = {
        c.code
        for c in register.chargers.values()
        if c.building in inside and counts(register, c.code)
    }
    if not chargers:
        return ()
    meters = {
        m.serves: m.code
        for code in buildings
        for m in register.meters_of(code, "electricity")
        if m.serves in chargers and counts(register, m.code)
    }
    return tuple(sorted(meters.values())) if len(meters) == len(chargers) else None


def needed_pairs(asset: str, pieces: Iterable[Segment]) -> set[Pair]:
    """The daily series that the use of the asset is drawn from, as (subject, measure)."""
    found: set[Pair] = {(asset, name) for name in (*SCOPES, PV, EXPORT)}
    for piece in pieces:
        found |= power_reach(asset, piece.register).pairs | fuel_reach(asset, piece.register).pairs
    return found


def power_pairs(register: Register) -> set[Pair]:
    """The daily series that say who draws whose power, of anybody and at any time of the register.

    Rooms that are, or ever were, occupied by another organisation than that of their building, meters of
    chargers, and electric vehicles.
    """
    lent = {
        s.code for s in register.spaces.values() if _is_lent(s.organisation, s.building, register)
    }
    served = {m.code for m in register.meters.values() if m.serves in register.chargers}
    for former in register.former_values:
        if former.attribute in ("organisation", "building"):
            lent |= {former.asset} & register.spaces.keys()
        elif former.attribute == "serves" and former.value in register.chargers:
            served.add(former.asset)
    electric = {v.code for v in register.vehicles.values() if v.energy == "electric"}
    return {(code, ELECTRICITY) for code in lent | served} | {(v, CHARGED) for v in electric}


def _is_lent(occupant: str | None, building: str, register: Register) -> bool:
    """Whether somebody else than the building's organisation occupies, or once did."""
    if not occupant:
        return False
    held = register.buildings.get(building)
    moved = any(
        step.value != occupant for step in register.history_of(building).get("organisation", ())
    )
    return held is None or held.organisation != occupant or moved
