"""What the register holds and no device measures."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.reconciliation.gathering import gathered
from analytics.reconciliation.needs import Needs
from analytics.reconciliation.world import BY_HAND, GONE, IN_USE, World
from quotawatt.findings import Evidence, Finding
from quotawatt.register.model import Binding, Vehicle

_PV = "pv_generation_kwh"


def unmeasured(world: World, needs: Needs) -> Iterator[Finding]:
    """Meters, plants and vehicles in use without a device, and buildings without a main meter."""
    yield from _meters(world)
    yield from _plants(world)
    yield from _vehicles(world)
    yield from _buildings(world, needs)


def _meters(world: World) -> Iterator[Finding]:
    """``meter_unbound``, or ``meters_unbound`` for a building or an organisation without any bound meter."""
    unbound = [
        Finding("meter_unbound", meter.code, _last_binding(world, meter.code))
        for meters in world.meters_in_use.values()
        for meter in meters
        if not _is_fed(world, meter.code)
    ]
    yield from gathered(world, unbound, world.meters_in_use, "meters_unbound")


def _is_fed(world: World, code: str) -> bool:
    """Whether a binding holds now, or readings come by hand."""
    return bool(world.feeding.get(code)) or _is_fed_by_hand(world, code)


def _last_binding(world: World, code: str) -> Evidence:
    """Since when nothing feeds the asset, and what did before."""
    ended = [b for b in world.register.bindings_of(code) if b.valid_until is not None]
    past = [b for b in ended if b.valid_until is not None and b.valid_until <= world.now]
    newest = max(past, key=_end, default=None)
    if newest is None or newest.valid_until is None:
        return {}
    # Not "device": with another one it is the same finding.
    return {"since": newest.valid_until.isoformat(), "former_device": newest.device}


def _end(binding: Binding) -> float:
    return 0.0 if binding.valid_until is None else binding.valid_until.timestamp()


def _plants(world: World) -> Iterator[Finding]:
    """``plant_unmetered``: a plant that no binding brings its generation."""
    for code, plant in world.register.pv_plants.items():
        if world.status(code) != IN_USE:
            continue
        points = {b.point_quantity or b.quantity or _PV for b in world.feeding.get(code, ())}
        if _PV not in points and not _is_fed_by_hand(world, code):
            yield Finding("plant_unmetered", code, {"peak_power_kw": plant.peak_power_kw})


def _is_fed_by_hand(world: World, code: str) -> bool:
    newest = world.by_hand.last_of(code)
    entered = [
        *world.last.get((f"{BY_HAND}{code}", ""), {}).values(),
        *([newest] if newest else []),
    ]
    return any(world.now - time <= world.limits.hand_silent_after for time in entered)


def _vehicles(world: World) -> Iterator[Finding]:
    """``vehicle_unbound``, or ``vehicles_unbound`` for an organisation of which no vehicle has a device."""
    fleets: dict[str, list[Vehicle]] = {}
    for _, asset in world.in_use():
        if isinstance(asset, Vehicle) and not asset.tracking_exempt:
            fleets.setdefault(asset.organisation, []).append(asset)
    for organisation, vehicles in fleets.items():
        yield from _fleet(organisation, vehicles, world.feeding)


def _fleet(
    organisation: str, vehicles: Sequence[Vehicle], feeding: Mapping[str, Sequence[Binding]]
) -> Iterator[Finding]:
    unbound = [v for v in vehicles if not feeding.get(v.code)]
    if len(unbound) == len(vehicles) > 1:
        plates = ", ".join(sorted(v.plate for v in unbound)[:5])
        yield Finding("vehicles_unbound", organisation, {"count": len(unbound), "plates": plates})
        return
    for vehicle in unbound:
        yield Finding("vehicle_unbound", vehicle.code, {"plate": vehicle.plate})


def _buildings(world: World, needs: Needs) -> Iterator[Finding]:
    """``main_meter_missing``: a building in use without a meter of a carrier that a quota counts.

    Electricity is asked for in any case; water only where a quota on water counts the building. Where several
    buildings of an organisation lack one, and none has it, it is one finding, ``main_meters_missing``.
    """
    houses: dict[str, list[str]] = {}
    for code, building in world.register.buildings.items():
        if world.status(code) == IN_USE:
            houses.setdefault(building.organisation, []).append(code)
    for organisation, codes in houses.items():
        for carrier in ("electricity", "water"):
            yield from _of_carrier(world, needs, carrier, organisation, codes)


def _of_carrier(
    world: World, needs: Needs, carrier: str, organisation: str, codes: Sequence[str]
) -> Iterator[Finding]:
    counting = {c: needs.water(c) if carrier == "water" else needs.electricity(c) for c in codes}
    asked = [c for c in codes if counting[c] or carrier == "electricity"]
    without = [c for c in asked if not _has_meter(world, c, carrier)]
    if len(without) == len(codes) > 1:
        most = max(len(counting[c]) for c in without)
        detail: Evidence = {"carrier": carrier, "count": len(without), "quota_count": most}
        yield Finding("main_meters_missing", organisation, detail)
        return
    for code in without:
        detail = {"carrier": carrier, "quota_count": len(counting[code])}
        yield Finding("main_meter_missing", code, detail)


def _has_meter(world: World, building: str, carrier: str) -> bool:
    meters = world.register.meters_of(building, carrier)
    return any(meter.status not in GONE for meter in meters)
