"""Values that stand still and should not."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from analytics.reconciliation.world import Heard, World, iso
from quotawatt.findings import Finding
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.model import Asset, Binding, Meter, PvPlant

_DAY = timedelta(days=1)

# Of the time looked at, so much must be covered before anything is said of it.
_COVERED = 2 / 3

# A house in use always draws some current, and a plant gives some on any day. Water may rest over a
# holiday, so it is judged by the whole history. Heat and gas rest for half the year.
_JUDGED_SOON = {"electricity_import_kwh", "pv_generation_kwh"}
_JUDGED_LATE = {"water_m3"}

# What never keeps one value for days while it is measured. Power does where nothing runs (zero), and
# positions, levels and batteries of what is parked.
_LIVELY = {
    "indoor_temperature_c", "outdoor_temperature_c", "temperature_c", "humidity_pct", "co2_ppm",
    "irradiance_w_m2", "voltage_v", "electricity_power_kw",
}  # fmt: skip


def steady_values(world: World) -> Iterator[Finding]:
    """``counter_stands_still`` of a building's main meters and of plants, ``gauge_frozen`` of sensors.

    A sub-meter may rest: its circuit is switched off. So may a main meter that never ran in the time looked
    at, beside another that does (a spare feed), and whatever is not in use.
    """
    for code, asset in world.in_use():
        for binding in world.feeding.get(code, ()):
            if isinstance(asset, Meter | PvPlant):
                yield from _counters(world, asset, binding)
            yield from _gauges(world, asset, binding)


def _counters(world: World, asset: Meter | PvPlant, binding: Binding) -> Iterator[Finding]:
    if isinstance(asset, Meter) and asset.parent is not None:
        return
    main = MAIN_QUANTITIES[asset.carrier] if isinstance(asset, Meter) else "pv_generation_kwh"
    over = world.recent if main in _JUDGED_SOON else world.history
    length = world.limits.recent if main in _JUDGED_SOON else world.limits.history
    if main not in _JUDGED_SOON | _JUDGED_LATE:
        return
    for heard in world.heard(binding, over):
        point = binding.point_quantity or heard.key.quantity
        enough = _enough(heard, length, world.limits.steady_readings)
        if point == main and enough and not _is_spare(world, asset, binding, heard):
            yield _finding("counter_stands_still", world, asset, heard)


def _gauges(world: World, asset: Asset, binding: Binding) -> Iterator[Finding]:
    for heard in world.heard(binding, world.recent):
        enough = _enough(heard, world.limits.recent, world.limits.gauge_readings)
        resting = heard.key.quantity.endswith(("_kw", "_v")) and heard.maximum == 0
        if heard.key.quantity in _LIVELY and enough and not resting:
            yield _finding("gauge_frozen", world, asset, heard)


def _enough(heard: Heard, length: timedelta, readings: int) -> bool:
    covered = heard.last - heard.first >= _COVERED * length
    return heard.steady and heard.count >= readings and covered


def _is_spare(world: World, asset: Meter | PvPlant, binding: Binding, heard: Heard) -> bool:
    """Whether it never ran in the time looked at, and another main meter of the building does."""
    if isinstance(asset, PvPlant) or _long_steady(world, binding, heard) is None:
        return False
    meters = world.register.meters_of(asset.building, asset.carrier)
    others = [m.code for m in meters if m.parent is None and m.code != asset.code]
    return any(_runs(world, code, MAIN_QUANTITIES[asset.carrier]) for code in others)


def _runs(world: World, code: str, main: str) -> bool:
    """Whether the meter's main counter went on of late."""
    return any(
        not heard.steady and (binding.point_quantity or heard.key.quantity) == main
        for binding in world.feeding.get(code, ())
        for heard in world.heard(binding, world.recent)
    )


def _long_steady(world: World, binding: Binding, heard: Heard) -> Heard | None:
    """The series over the whole history, where it stood still over all of it."""
    same = [h for h in world.heard(binding, world.history) if h.key == heard.key]
    return next((h for h in same if h.steady), None)


def _finding(code: str, world: World, asset: Asset, heard: Heard) -> Finding:
    longer = _longest(world, heard)
    return Finding(
        code,
        asset.code,
        {
            "device": heard.key.device,
            "channel": heard.key.channel,
            "quantity": heard.key.quantity,
            "value": heard.maximum,
            "since": iso(longer.first),
            "until": iso(longer.last),
            "days": round((longer.last - longer.first) / _DAY, 1),
            "readings": longer.count,
        },
    )


def _longest(world: World, heard: Heard) -> Heard:
    """The longest time known over which the series stood still."""
    over: Sequence[Heard] = world.history.get((heard.key.device, heard.key.channel), ())
    same = [h for h in over if h.key == heard.key and h.steady]
    return max([heard, *same], key=lambda h: h.last - h.first)
