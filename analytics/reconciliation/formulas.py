"""Virtual meters that cannot be computed, and why."""

from collections.abc import Iterator

from analytics.reconciliation.world import GONE, World
from analytics.totals.segments import counts
from analytics.totals.virtual import share_of
from quotawatt.findings import Evidence, Finding
from quotawatt.register.formula_faults import Fault, RegisterBooks, formula_fault
from quotawatt.register.formulas import parse_formula, parts_first, terms_by_code
from quotawatt.register.model import VirtualMeter


def faulty_formulas(world: World) -> Iterator[Finding]:
    """``formula_unknown_part``, ``formula_in_circle``, ``formula_quantities_differ``,
    ``formula_share_unknown``: of virtual meters that are used.

    Each has no results until its formula is put right, and the rest goes on.
    """
    register = world.register
    meters = {c: m for c, m in register.virtual_meters.items() if counts(register, c)}
    terms = terms_by_code((code, meter.formula) for code, meter in meters.items())
    circular = parts_first({c: [t.part for t in of_one] for c, of_one in terms.items()})[1]
    books = RegisterBooks(register)
    for code, meter in meters.items():
        fault = formula_fault(books, code, circular) or _unknown_share(world, meter)
        if fault is not None and world.status(code) not in GONE:
            yield _finding(meter, fault)


def _unknown_share(world: World, meter: VirtualMeter) -> Fault | None:
    """A share that no area or head-count tells."""
    for term in parse_formula(meter.formula):
        if term.share is not None:
            part = share_of(world.register, meter.building, term.share, world.today)
            if part is None:
                return Fault("share_elsewhere", term.share.of)
    return None


def _finding(meter: VirtualMeter, fault: Fault) -> Finding:
    evidence: Evidence = {
        "formula": meter.formula,
        "part": fault.part,
        "measure": meter.quantity,
        "building": meter.building,
    }
    match fault.code:
        case "in_circle":
            return Finding("formula_in_circle", meter.code, evidence)
        case "quantities_differ":
            return Finding("formula_quantities_differ", meter.code, evidence)
        case "share_elsewhere":
            return Finding("formula_share_unknown", meter.code, evidence)
        case _:
            return Finding("formula_unknown_part", meter.code, evidence)
