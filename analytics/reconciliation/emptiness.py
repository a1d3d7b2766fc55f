"""Buildings that nobody uses by the books, and that use."""

from collections.abc import Collection, Iterator

from analytics.reconciliation.world import IN_USE, World, iso
from quotawatt.findings import Evidence, Finding
from quotawatt.register.model import Building, Space

_LEAST_COVERAGE = 0.5
"""What was seen in half the time was used, whatever happened in the other half."""

_ALL_ROOMS = 0.5
"""Of the gross area; walls, corridors and stairs are the rest."""


def empty_buildings(world: World) -> Iterator[Finding]:
    """``empty_building_uses``: planned, idle, transferred or disposed of, or without anybody in it.

    Alarms and emergency lights go on in an empty building; what is above them (``limits``) is told, over the
    last complete days. Heat and gas are left out: they keep the frost off.
    """
    for code, building in world.register.buildings.items():
        reason = _why_empty(world, building)
        if not reason:
            continue
        area = building.gross_area_m2
        electricity = world.limits.empty_kwh_per_m2 * area if area else world.limits.empty_kwh
        allowed = {"electricity_import_kwh": electricity, "water_m3": world.limits.empty_water_m3}
        for measure, most in allowed.items():
            used = world.month.of(code, measure, _LEAST_COVERAGE)
            if used is not None and used > most:
                evidence: Evidence = {
                    "quantity": measure,
                    "since": iso(world.month.span.start),
                    "until": iso(world.month.span.end),
                    "value": used,
                    "status": reason,
                }
                yield Finding("empty_building_uses", code, evidence)


def _why_empty(world: World, building: Building) -> str:
    """Why nobody should be there: its status, or ``nobody``; empty where somebody is."""
    if building.status != IN_USE:
        return building.status
    spaces = world.register.spaces_in(building.code)
    holders = {building.organisation, *(s.organisation for s in spaces if s.organisation)}
    held = any(
        code in world.register.organisations and world.status(code) == IN_USE for code in holders
    )
    used = not _are_all(building, spaces) or any(space.status == IN_USE for space in spaces)
    return "" if held and used else "nobody"


def _are_all(building: Building, spaces: Collection[Space]) -> bool:
    """Whether the register has the building's rooms, and not just some of them."""
    known = sum(space.area_m2 or 0.0 for space in spaces)
    return building.gross_area_m2 is not None and known >= _ALL_ROOMS * building.gross_area_m2
