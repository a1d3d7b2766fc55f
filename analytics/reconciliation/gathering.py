"""One finding for many that have one cause: all meters of a building, or of an organisation."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.reconciliation.world import World
from quotawatt.findings import Finding
from quotawatt.register.model import Meter


def gathered(
    world: World, found: Sequence[Finding], meters: Mapping[str, Sequence[Meter]], code: str
) -> Iterator[Finding]:
    """The findings of single meters; where they are about all meters, one of ``code`` that counts them.

    meters
        Those in question by building. An organisation is named where all of several buildings are meant, a
        building where all its meters are; in either case not for fewer than ``limits.building_meters``.
    """
    by_subject: dict[str, list[Finding]] = {}
    for finding in found:
        by_subject.setdefault(finding.subject, []).append(finding)
    houses: dict[str | None, list[str]] = {}
    for building in meters:
        houses.setdefault(world.register.organisation_of(building), []).append(building)
    for organisation, buildings in houses.items():
        all_of_them = [meter for building in buildings for meter in meters[building]]
        if organisation is not None and len(buildings) > 1 and _are(world, all_of_them, by_subject):
            yield Finding(code, organisation, {"count": len(all_of_them)})
            continue
        for building in buildings:
            yield from _of_building(world, building, meters[building], by_subject, code)


def _of_building(
    world: World,
    building: str,
    meters: Sequence[Meter],
    by_subject: Mapping[str, Sequence[Finding]],
    code: str,
) -> Iterator[Finding]:
    if _are(world, meters, by_subject):
        yield Finding(code, building, {"count": len(meters)})
        return
    for meter in meters:
        yield from by_subject.get(meter.code, ())


def _are(
    world: World, meters: Sequence[Meter], by_subject: Mapping[str, Sequence[Finding]]
) -> bool:
    enough = len(meters) >= world.limits.building_meters
    return enough and all(meter.code in by_subject for meter in meters)
