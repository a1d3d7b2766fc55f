"""Groups of meters beside the buildings: what serves a room, and the items of the national sub-metering list.

An item of a building goes by ``BLD-1/item:A`` and is electricity drawn. It holds the meters of that item and
of those within it (A1 in A).
"""

from collections.abc import Collection, Iterator, Mapping

from analytics.grid import Key
from analytics.totals.segments import counts
from analytics.totals.virtual import ROUNDING
from quotawatt.register.model import Register

ITEM_MEASURE = "electricity_import_kwh"

_ITEM = "/item:"


def item_subject(building: str, item: str) -> str:
    """What the results of an item of a building go by."""
    return f"{building}{_ITEM}{item}"


def building_of_item(subject: str) -> str | None:
    """The building whose item has its results under this name; None for what is no item."""
    building, found, _ = subject.partition(_ITEM)
    return building if found else None


def group_key(group: str, measure: str) -> Key | None:
    """The series of a group by measure; None where an item does not have it."""
    is_item = building_of_item(group) is not None
    return None if is_item and measure != ITEM_MEASURE else Key(group, measure)


def members_of_groups(
    register: Register, computed: Mapping[Key, Mapping[Key, float]]
) -> dict[str, tuple[str, ...]]:
    """The meters, virtual ones too, of each room that any of them serves and of each item there is.

    computed
        What virtual meters are made of.

    Of meters that stand behind one another in a group the top-most alone belong to it, and a meter whose use
    a virtual meter of the group holds does not: nothing counts twice.
    """
    claimed: dict[str, set[str]] = {}
    for group, code in _claims(register):
        claimed.setdefault(group, set()).add(code)
    weights = {key.subject: parts for key, parts in computed.items()}
    return {
        group: tuple(
            sorted(code for code in codes if not _is_counted(register, code, codes, weights))
        )
        for group, codes in claimed.items()
    }


def _claims(register: Register) -> Iterator[tuple[str, str]]:
    """Pairs of a group and a meter in use that is of it, top-most or not."""
    for code, meter in register.meters.items():
        if not counts(register, code):
            continue
        if meter.serves in register.spaces:
            yield str(meter.serves), code
        # "A1" is in A1 and in A.
        for length in range(1, len(meter.item) + 1):
            yield item_subject(meter.building, meter.item[:length]), code
    for code, virtual in register.virtual_meters.items():
        if virtual.serves in register.spaces and counts(register, code):
            yield str(virtual.serves), code


def _is_counted(
    register: Register,
    code: str,
    group: Collection[str],
    weights: Mapping[str, Mapping[Key, float]],
) -> bool:
    """Whether another of the group has the meter's use in it. Virtual meters have each their own."""
    if code in register.virtual_meters:
        return False
    above = _above(register, code)
    if any(other in group and counts(register, other) for other in above):
        return True
    # M - A holds nothing of A, though M does: what it holds is added up over all above.
    path = {code, *above}
    virtual = (weights.get(other, {}) for other in group if other in register.virtual_meters)
    held = (sum(w for part, w in parts.items() if part.subject in path) for parts in virtual)
    return any(weight > ROUNDING for weight in held)


def _above(register: Register, code: str) -> tuple[str, ...]:
    """The meters that a meter stands behind."""
    found: list[str] = []
    parent = register.meters[code].parent
    while parent is not None and parent in register.meters and parent not in found:
        found.append(parent)
        parent = register.meters[parent].parent
    return tuple(found)
