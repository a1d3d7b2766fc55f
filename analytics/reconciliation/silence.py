"""What should report and does not: measurement that has stopped, or that never began."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from analytics.reconciliation.gathering import gathered
from analytics.reconciliation.world import BY_HAND, Heard, World, iso
from quotawatt.findings import Evidence, Finding
from quotawatt.register.model import Asset, Binding, Meter, Vehicle

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ENOUGH = 3


def silences(world: World) -> Iterator[Finding]:
    """``meter_silent``, ``meter_never_reported`` and the same of vehicles.

    For many of one cause it is ``building_silent``, or ``meters_never_reported`` of building or organisation.

    A device is silent after several of its own usual intervals, and not before a day. Of a device that was
    never heard it is said whether it is heard on other channels: then the binding names the wrong one.
    Vehicles that must not be followed are left alone.
    """
    by_building: dict[str, list[Finding]] = {}
    for code, asset in world.in_use():
        if isinstance(asset, Vehicle) and asset.tracking_exempt:
            continue
        found = [f for b in world.feeding.get(code, ()) if (f := _of_binding(world, asset, b))]
        if isinstance(asset, Meter):
            by_building.setdefault(asset.building, []).extend(found)
        else:
            yield from found
    never = [f for found in by_building.values() for f in found if _is_never(f)]
    bound = _bound(world)
    yield from gathered(world, never, bound, "meters_never_reported")
    for building, found in by_building.items():
        others = [f for f in found if not _is_never(f)]
        yield from _of_building(world, building, bound.get(building, ()), others)


def _is_never(finding: Finding) -> bool:
    """Whether nothing at all was heard of a device: where another channel is, the binding is wrong."""
    return finding.code == "meter_never_reported" and finding.detail["device_heard"] is None


def _bound(world: World) -> dict[str, list[Meter]]:
    """The meters in use to which something is bound, by building."""
    bound = {
        building: [meter for meter in meters if world.feeding.get(meter.code)]
        for building, meters in world.meters_in_use.items()
    }
    return {building: meters for building, meters in bound.items() if meters}


def _of_binding(world: World, asset: Asset, binding: Binding) -> Finding | None:
    last = world.last_heard(binding)
    kind = "vehicle" if isinstance(asset, Vehicle) else "meter"
    if last is None or last < binding.valid_from:
        return _never(world, asset, binding, kind)
    habit = usual_interval(world.heard(binding, world.history))
    if world.now - last <= _patience(world, asset, binding, habit):
        return None
    detail: Evidence = {
        **_where(binding),
        "since": iso(last),
        "days": round((world.now - last) / _DAY, 1),
        "usual_interval_h": None if habit is None else round(habit / _HOUR, 2),
    }
    return Finding(f"{kind}_silent", asset.code, detail)


def _never(world: World, asset: Asset, binding: Binding, kind: str) -> Finding | None:
    bound = binding.valid_from
    if world.now - bound <= _least(world, asset, binding):
        return None
    heard = world.device_last.get(binding.device)
    detail: Evidence = {
        **_where(binding),
        "since": iso(bound),
        "days": round((world.now - bound) / _DAY, 1),
        "device_heard": None if heard is None else iso(heard),
    }
    return Finding(f"{kind}_never_reported", asset.code, detail)


def usual_interval(heard: Sequence[Heard]) -> timedelta | None:
    """The mean interval of what reports most often; None where too little was heard to know."""
    intervals = [(h.last - h.first) / (h.count - 1) for h in heard if h.count >= _ENOUGH]
    return min(intervals, default=None)


def _patience(world: World, asset: Asset, binding: Binding, habit: timedelta | None) -> timedelta:
    """How long nothing need be heard before it means something."""
    limits, least = world.limits, _least(world, asset, binding)
    if binding.device.startswith(BY_HAND):
        return least
    if habit is None:
        return max(least, limits.silent_at_last)
    return max(least, min(limits.silent_intervals * habit, limits.silent_at_last))


def _least(world: World, asset: Asset, binding: Binding) -> timedelta:
    if binding.device.startswith(BY_HAND):
        return world.limits.hand_silent_after
    if isinstance(asset, Vehicle):
        return world.limits.vehicle_silent_after
    return world.limits.silent_after


def _of_building(
    world: World, building: str, bound: Sequence[Meter], found: Sequence[Finding]
) -> Iterator[Finding]:
    """What was found of a building's meters, as one finding where all of many are silent."""
    silent = {f.subject: f for f in found if f.code == "meter_silent"}
    if len(bound) < world.limits.building_meters or len(silent) < len(bound):
        yield from found
        return
    yield from (f for f in found if f.code != "meter_silent")
    newest = max(datetime.fromisoformat(str(f.detail["since"])) for f in silent.values())
    detail: Evidence = {
        "since": iso(newest),
        "days": round((world.now - newest) / _DAY, 1),
        "count": len(silent),
    }
    yield Finding("building_silent", building, detail)


def _where(binding: Binding) -> dict[str, str]:
    return {"device": binding.device, "channel": binding.channel, "quantity": binding.quantity}
