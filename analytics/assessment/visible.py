"""What the public may see: the register, and use, without classified units and all that is theirs.

Left out is whoever is classified (涉密), in the period or now, and everybody below in either tree, with
buildings, vehicles and people. Use of those that remain is added up anew from their buildings, vehicles
and own entries, so that no total holds what was left out, and nobody finds it by taking one total from
another.
"""

from collections.abc import Iterable, Mapping

from analytics.assessment.figures import Amount, Amounts, Books
from analytics.totals.segments import Segment, counts, followed_tree
from quotawatt.hand.entries import subject_of
from quotawatt.register.model import Register


def classified_codes(registers: Iterable[Register]) -> frozenset[str]:
    """Codes that are hidden by any of the registers.

    Organisations that are classified, all below them in either tree, and the buildings and vehicles of these.
    """
    found: set[str] = set()
    for register in registers:
        hidden: set[str] = set()
        for organisation in register.organisations.values():
            if organisation.classified:
                hidden.update(register.sub_organisations(organisation.code, "region"))
                hidden.update(register.sub_organisations(organisation.code, "system"))
        buildings, vehicles = register.buildings.values(), register.vehicles.values()
        found.update(hidden)
        found.update(b.code for b in buildings if b.organisation in hidden)
        found.update(v.code for v in vehicles if v.organisation in hidden)
    return frozenset(found)


def visible_books(held: Books, hidden: frozenset[str]) -> Books:
    """The books without what is hidden."""
    pieces = tuple(
        Segment(piece.first, piece.until, _without(piece.register, hidden)) for piece in held.pieces
    )
    return held._replace(pieces=pieces)


def visible_amounts(amounts: Amounts, held: Books) -> Mapping[tuple[str, str], Amount]:
    """Use of each organisation of visible books, added up from its buildings, vehicles and own entries.

    Coverage is the mean over what was added. A building that belonged to several in the period counts with
    the one that has it at the end: a publication is about those who are there now.
    """
    register = held.register
    measured: dict[str, list[str]] = {}
    for asset, measure in amounts:
        measured.setdefault(asset, []).append(measure)
    found: dict[tuple[str, str], Amount] = {}
    for code in register.organisations:
        tree = followed_tree(register, code)
        assets = [b.code for b in register.buildings_of(code, tree)]
        assets += [v.code for v in register.vehicles_of(code, tree)]
        parts = [asset for asset in assets if counts(register, asset)]
        parts += [subject_of(o, register) for o in register.sub_organisations(code, tree)]
        known: dict[str, list[Amount]] = {}
        for part in parts:
            for measure in measured.get(part, ()):
                whole = _measure_in_totals(register, part, measure)
                known.setdefault(whole, []).append(amounts[part, measure])
        for measure, shares in known.items():
            coverage = sum(share.coverage for share in shares) / len(shares)
            found[code, measure] = Amount(sum(share.value for share in shares), coverage)
    return found


def _measure_in_totals(register: Register, part: str, measure: str) -> str:
    """As what the use of a part enters totals: a vehicle's fuel as that which it burns."""
    vehicle = register.vehicles.get(part)
    if vehicle is None or measure != "fuel_used_l" or vehicle.energy not in ("petrol", "diesel"):
        return measure
    return f"{vehicle.energy}_l"


def _without(register: Register, hidden: frozenset[str]) -> Register:
    def kept(asset: str, owner: str) -> bool:
        return asset not in hidden and owner not in hidden

    return Register(
        organisations=tuple(o for code, o in register.organisations.items() if code not in hidden),
        headcounts=tuple(h for h in register.headcounts if h.organisation not in hidden),
        sites=tuple(register.sites.values()),
        buildings=tuple(b for b in register.buildings.values() if kept(b.code, b.organisation)),
        vehicles=tuple(v for v in register.vehicles.values() if kept(v.code, v.organisation)),
    )
