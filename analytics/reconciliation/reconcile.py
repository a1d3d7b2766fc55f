"""All checks of books against telemetry, one after the other."""

from collections.abc import Iterator

from analytics.consumption.wiring_findings import wiring_findings
from analytics.reconciliation.coverage import unmeasured
from analytics.reconciliation.denominators import missing_denominators
from analytics.reconciliation.devices import doubled_bindings, unregistered_devices
from analytics.reconciliation.emptiness import empty_buildings
from analytics.reconciliation.formulas import faulty_formulas
from analytics.reconciliation.gaps import gaps
from analytics.reconciliation.hand import differing, overdue
from analytics.reconciliation.intensities import outliers
from analytics.reconciliation.lifecycle import contradicted_statuses
from analytics.reconciliation.needs import needs_of
from analytics.reconciliation.negatives import negative_virtuals
from analytics.reconciliation.silence import silences
from analytics.reconciliation.steadiness import steady_values
from analytics.reconciliation.stuck import stuck_counters, uncounted_powers
from analytics.reconciliation.twice import registered_twice
from analytics.reconciliation.unruled import passed_by
from analytics.reconciliation.unused import unused_quotas
from analytics.reconciliation.world import World
from quotawatt.findings import Finding


def reconcile(world: World) -> list[Finding]:
    """Everything in which books and telemetry differ at the instant of the world."""
    return list(_all(world))


def _all(world: World) -> Iterator[Finding]:
    needs = needs_of(world.register, world.rulebook, world.today)
    yield from unregistered_devices(world)
    yield from doubled_bindings(world)
    yield from silences(world)
    yield from contradicted_statuses(world)
    yield from steady_values(world)
    yield from passed_by(world, needs)
    yield from missing_denominators(world, needs)
    yield from unmeasured(world, needs)
    yield from unused_quotas(world.rulebook, needs)
    yield from registered_twice(world)
    yield from faulty_formulas(world)
    yield from negative_virtuals(world)
    yield from gaps(world)
    yield from empty_buildings(world)
    yield from outliers(world)
    yield from stuck_counters(world)
    yield from uncounted_powers(world)
    yield from wiring_findings(world.book)
    yield from differing(world)
    yield from overdue(world)
