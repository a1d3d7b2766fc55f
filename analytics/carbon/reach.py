"""What belongs to an asset in a carbon tree, by a snapshot of the register, and the series that it needs."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analytics.carbon.emissions import ELECTRICITY, SCOPES
from analytics.carbon.nodes import FUELS, OIL, sub_metered
from analytics.totals.segments import Segment, counts, followed_tree
from analytics.yearly.accounts import held_buildings
from quotawatt.register.model import Register

PV = "pv_generation_kwh"
EXPORT = "electricity_export_kwh"
CHARGED = "charge_energy_kwh"

Pair = tuple[str, str]
"""A subject and a measure."""


class Reach(NamedTuple):
    """What belongs to an asset on the days of one snapshot of the register.

    fuel_meters
        Meters that say where their fuel goes, with their node.
    passed_on, taken_over
        Rooms of one's own that others occupy, and rooms of others that one occupies.
    chargers
        Meters of one's own chargers; None: a charger has none.
    """

    buildings: tuple[str, ...]
    fuel_meters: tuple[tuple[str, str], ...]
    passed_on: tuple[str, ...]
    taken_over: tuple[str, ...]
    vehicles: tuple[str, ...]
    chargers: tuple[str, ...] | None


def reach_of(asset: str, register: Register) -> Reach:
    """What belongs to an organisation (with all below it) or a building in one snapshot."""
    buildings = tuple(b.code for b in held_buildings(asset, register))
    fuel = tuple(pair for code in buildings for pair in sub_metered(code, register))
    if asset not in register.organisations:
        return Reach(buildings, fuel, (), (), (), ())
    tree = followed_tree(register, asset)
    own = set(register.sub_organisations(asset, tree))
    inside = [s for code in buildings for s in register.spaces_in(code)]
    return Reach(
        buildings=buildings,
        fuel_meters=fuel,
        passed_on=tuple(s.code for s in inside if s.organisation and s.organisation not in own),
        taken_over=tuple(
            s.code for s in register.spaces_of(asset, tree) if s.building not in buildings
        ),
        vehicles=tuple(
            v.code
            for v in register.vehicles_of(asset, tree)
            if v.energy == "electric" and counts(register, v.code)
        ),
        chargers=_charger_meters(buildings, register),
    )


def _charger_meters(buildings: Sequence[str], register: Register) -> tuple[str, ...] | None:
    chargers = {
        c.code
        for c in register.chargers.values()
        if c.building in buildings and counts(register, c.code)
    }
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
        reach = reach_of(asset, piece.register)
        found |= {(code, name) for code in reach.buildings for name in OIL}
        found |= {(code, name) for code, _ in reach.fuel_meters for name in FUELS}
        drawn = (*reach.passed_on, *reach.taken_over, *(reach.chargers or ()))
        found |= {(code, ELECTRICITY) for code in drawn}
        found |= {(code, CHARGED) for code in reach.vehicles}
    return found
