"""Counters that stand still although something passes, and powers that nothing counts."""

from collections.abc import Iterator
from datetime import timedelta

from analytics.reconciliation.uses import Uses
from analytics.reconciliation.world import Heard, World, iso
from quotawatt.findings import Finding
from quotawatt.flows import FLOWS
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.model import Binding, Meter
from quotawatt.spans import DAY

_HOUR = timedelta(hours=1)

_UNITS = 2.0
"""So many units of the counter must have passed before its standing still means anything."""

_SHARE = 0.5
"""Of what a meter used before, the part by which the gap behind its parent must have grown."""

_COVERED = 2 / 3
"""Of the time looked at."""


def stuck_counters(world: World) -> Iterator[Finding]:
    """``counter_stuck``: stands still over ``limits.recent`` while its own power, or its parent, goes on.

    Its own power never fell to zero, so that several units must have passed; or the gap between its parent
    and its siblings grew by at least half of what it used before, all of them measured. A counter that stands
    still alone says that nothing is used, for a long time: that is a measurement.
    """
    for meter in (m for meters in world.meters_in_use.values() for m in meters):
        for binding in world.feeding.get(meter.code, ()):
            for counter in _still(world, meter, binding):
                if (by_power := _by_own_power(world, binding, counter)) is not None:
                    yield _finding(meter, counter, by_power, binding.device)
                elif (by_parent := _by_parent(world, meter, binding)) is not None:
                    yield _finding(meter, counter, by_parent, str(meter.parent))


def uncounted_powers(world: World) -> Iterator[Finding]:
    """``power_not_counted``: a channel that says how much flows, and has no counter.

    Power becomes use only where a binding names it: a device that has a counter must not count twice.
    """
    for code, asset in world.in_use():
        for binding in world.feeding.get(code, ()):
            heard = {h.key.quantity: h for h in world.heard(binding, world.recent)}
            for name, flow in FLOWS.items():
                main = isinstance(asset, Meter) and MAIN_QUANTITIES.get(asset.carrier) == flow.taken
                if main and not binding.quantity and name in heard and flow.taken not in heard:
                    detail = {"device": binding.device, "channel": binding.channel}
                    found = {**detail, "quantity": name, "since": iso(heard[name].first)}
                    yield Finding("power_not_counted", code, found)


def _still(world: World, meter: Meter, binding: Binding) -> Iterator[Heard]:
    main = MAIN_QUANTITIES.get(meter.carrier)
    for heard in world.heard(binding, world.recent):
        covered = heard.last - heard.first >= _COVERED * world.limits.recent
        enough = heard.steady and covered and heard.count >= world.limits.steady_readings
        if enough and (binding.point_quantity or heard.key.quantity) == main:
            yield heard


def _by_own_power(world: World, binding: Binding, counter: Heard) -> float | None:
    """What passed at least while the counter stood still, after the multiplier, by the device's own power."""
    for power in world.recent.get((binding.device, binding.channel), ()):
        flow = FLOWS.get(power.key.quantity)
        if flow is None or flow.taken != counter.key.quantity:
            continue
        both = min(power.last, counter.last) - max(power.first, counter.first)
        passed = power.minimum * flow.per_hour * (both / _HOUR)
        if passed >= _UNITS:
            return passed * binding.multiplier
    return None


def _by_parent(world: World, meter: Meter, binding: Binding) -> float | None:
    """By how much the gap behind the parent grew meanwhile; None where that says nothing.

    It goes by results, in which resets, rollovers and replacements are no use.
    """
    now, before = (_gap(world, meter, uses) for uses in (world.lately, world.month))
    used = world.month.of(meter.code, MAIN_QUANTITIES.get(meter.carrier, ""), world.limits.covered)
    if now is None or before is None or not used:
        return None
    # The month holds the days in question, in which the meter used nothing.
    days = world.limits.recent / DAY
    share = days / (world.limits.month_days - days)
    # What is missing now, as far as it was not missing before.
    grown = min(now, now - (before - now) * share)
    least = max(_SHARE * used * share, _UNITS * binding.multiplier)
    return grown if grown >= least else None


def _gap(world: World, meter: Meter, uses: Uses) -> float | None:
    """What the meter's parent used and none of those behind it; None where not all of it is measured."""
    measure, covered = MAIN_QUANTITIES.get(meter.carrier, ""), world.limits.covered
    siblings = world.meters_in_use.get(meter.building, ())
    family = [m.code for m in siblings if m.parent == meter.parent]
    above = uses.of(meter.parent or "", measure, covered)
    below = uses.together(family, measure, covered)
    return None if above is None or below is None else above - below


def _finding(meter: Meter, counter: Heard, passed: float, other: str) -> Finding:
    return Finding(
        "counter_stuck",
        meter.code,
        {
            "device": counter.key.device,
            "channel": counter.key.channel,
            "quantity": counter.key.quantity,
            "value": counter.maximum,
            "since": iso(counter.first),
            "until": iso(counter.last),
            "passed": round(passed, 3),
            "by": other,
        },
    )
