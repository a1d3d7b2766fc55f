"""Which sub-meters a total is taken apart by."""

from analytics.grid import Key
from analytics.totals.segments import counts
from analytics.totals.tree import Tree
from quotawatt.hand.carriers import quantities_of
from quotawatt.register.model import Register
from quotawatt.spans import Span


def sub_meters(tree: Tree, total: Key, span: Span) -> tuple[Key, ...]:
    """What adds up to the total next below it, none behind another, sorted; empty where nothing does.

    Of a meter those that stand right behind it; of a building its meters, and behind the only one it has
    those of that one; of an organisation its buildings.
    """
    register = tree.register
    if total.subject in register.meters:
        return _behind(register, total)
    parts = [part for part in tree.parts(total, span) if _counts_it(register, part)]
    if len(parts) == 1 and parts[0].subject in register.meters:
        return _behind(register, parts[0])
    return tuple(sorted(parts))


def _counts_it(register: Register, part: Key) -> bool:
    """Whether a part can have this measure: of a building's meters those of its carrier."""
    meter = register.meters.get(part.subject)
    if meter is None:
        return part.subject in register.assets
    return part.measure in quantities_of(meter)


def _behind(register: Register, meter: Key) -> tuple[Key, ...]:
    """The meters in use whose parent a meter is and that count the same measure."""
    return tuple(
        Key(code, meter.measure)
        for code, other in sorted(register.meters.items())
        if other.parent == meter.subject
        and counts(register, code)
        and _counts_it(register, Key(code, meter.measure))
    )
