"""Assets whose telemetry contradicts where the register says they stand in their life."""

from collections.abc import Iterator

from analytics.reconciliation.world import GONE, Heard, World, iso
from quotawatt.findings import Finding
from quotawatt.quantities import COUNTERS
from quotawatt.register.model import Binding


def contradicted_statuses(world: World) -> Iterator[Finding]:
    """``asset_still_reporting`` (disposed or transferred) and ``planned_asset_reporting``.

    A device counts whose newest binding is the asset's, though it may have ended: what was moved to another
    asset speaks for that one.
    """
    for code in world.register.assets:
        status = world.status(code)
        if status in GONE or status == "planned":
            for binding in world.register.bindings_of(code):
                yield from _of_binding(world, code, status, binding)


def _of_binding(world: World, code: str, status: str, binding: Binding) -> Iterator[Finding]:
    rivals = world.register.bindings_on(binding.device, binding.channel)
    heard = world.heard(binding, world.recent)
    since = world.status_since(code)
    late = [h for h in heard if since is None or h.last > since]
    moved_on = any(r.valid_from > binding.valid_from and r.asset != code for r in rivals)
    if not late or moved_on:
        return
    counters = [h for h in late if h.key.quantity in COUNTERS]
    most = max(counters or late, key=lambda h: h.maximum - h.minimum)
    yield Finding(
        "planned_asset_reporting" if status == "planned" else "asset_still_reporting",
        code,
        {
            "device": binding.device,
            "channel": binding.channel,
            "status": status,
            "status_since": None if since is None else iso(since),
            "since": iso(min(h.first for h in late)),
            "until": iso(max(h.last for h in late)),
            "readings": sum(h.count for h in late),
            "measure": most.key.quantity,
            "increase": _increase(most),
        },
    )


def _increase(heard: Heard) -> float | None:
    """How far a counter went on; None for what is none."""
    return heard.maximum - heard.minimum if heard.key.quantity in COUNTERS else None
