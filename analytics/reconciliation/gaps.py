"""Parents and their children: what the sub-meters see together beside what the meter above them sees."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.reconciliation.world import World, iso
from quotawatt.findings import Evidence, Finding
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.register.model import Meter


def gaps(world: World) -> Iterator[Finding]:
    """``children_exceed_parent`` and ``unmetered_rest``, over the last complete days (``limits.month``).

    Only where the parent and every child in use were measured nearly all the time; else a gap is an outage.
    """
    for parent, children in _families(world).items():
        meter = world.register.meters[parent]
        finding = _gap(world, meter, children)
        if finding is not None:
            yield finding


def _families(world: World) -> Mapping[str, Sequence[Meter]]:
    """The meters in use behind each meter in use."""
    in_use = {m.code: m for meters in world.meters_in_use.values() for m in meters}
    found: dict[str, list[Meter]] = {}
    for meter in in_use.values():
        if meter.parent in in_use:
            found.setdefault(meter.parent, []).append(meter)
    return found


def _gap(world: World, parent: Meter, children: Sequence[Meter]) -> Finding | None:
    limits, measure = world.limits, MAIN_QUANTITIES[parent.carrier]
    above = world.month.of(parent.code, measure, limits.covered)
    below = world.month.together([child.code for child in children], measure, limits.covered)
    if above is None or below is None:
        return None
    gap = above - below
    evidence: Evidence = {
        "quantity": measure,
        "since": iso(world.month.span.start),
        "until": iso(world.month.span.end),
        "value": above,
        "children_value": below,
        "count": len(children),
        "gap": abs(gap),
        "gap_pct": round(100 * abs(gap) / above, 1) if above > 0 else None,
    }
    if -gap > max(limits.children_over * above, limits.least_gap):
        return Finding("children_exceed_parent", parent.code, evidence)
    if _divide(world, children) and gap > max(limits.unmetered_over * above, limits.least_gap):
        return Finding("unmetered_rest", parent.code, evidence)
    return None


def _divide(world: World, children: Sequence[Meter]) -> bool:
    """Whether they were meant to divide what the parent counts, and not just to watch pieces of equipment."""
    return any(child.serves is None or child.serves in world.register.spaces for child in children)
