"""What virtual meters are made of in one snapshot of the register: parts that exist, with weights.

A virtual meter that names others is resolved down to meters, plants and buildings, so that nothing has to be
computed before it but these. One that cannot be resolved (``formula_faults`` says why) has no parts, and so
no result.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from analytics.grid import Key
from analytics.totals.segments import counts
from quotawatt.register.formula_faults import RegisterBooks, formula_fault
from quotawatt.register.formulas import Share, Term, parse_formula, parts_first, terms_by_code
from quotawatt.register.model import Register, VirtualMeter

STAFF = ("in_post", "non_establishment", "service")
"""Whose number shares by people of organisations go by."""

_NOTHING: Mapping[Key, float] = MappingProxyType({})

ROUNDING = 1e-9
"""What sums of weights leave over where they cancel out."""


def weights_of(register: Register, day: date | None) -> dict[Key, Mapping[Key, float]]:
    """Of each virtual meter in use what it is the weighted sum of; empty where that cannot be said.

    day
        The day of the snapshot, for head-counts, which have dates of their own; None: no share goes by them.
    """
    meters = {code: m for code, m in register.virtual_meters.items() if counts(register, code)}
    read = terms_by_code((code, meter.formula) for code, meter in meters.items())
    order, circular = parts_first({code: [t.part for t in read[code]] for code in read})
    books = RegisterBooks(register)
    resolved: dict[str, Mapping[Key, float] | None] = dict.fromkeys(meters)
    for code in order:
        if formula_fault(books, code, circular) is None:
            resolved[code] = _resolve(register, meters[code], resolved, day)
    return {Key(code, meter.quantity): resolved[code] or _NOTHING for code, meter in meters.items()}


def share_of(
    register: Register, building: str, share: Share, day: date | None = None
) -> float | None:
    """What part of a building falls to a space or an organisation, 0..1; None where it is not known.

    By area it is that of its spaces in use among those of all of them; spaces of unknown area, like
    corridors, are left out of both, so that the shares of all spaces add up to 1. By people a space has its
    occupants among those of all spaces, an organisation its staff on the day among those of all
    organisations in the building.
    """
    if share.basis == "people" and share.of in register.organisations:
        return _of_staff(register, building, share.of, day)
    column = "area_m2" if share.basis == "area" else "occupants"
    figures = {
        space.code: float(figure)
        for space in register.spaces_in(building)
        if counts(register, space.code)
        if (figure := getattr(space, column)) is not None
    }
    own = [
        figure
        for code, figure in figures.items()
        if share.of in (code, register.organisation_of(code))
    ]
    whole = sum(figures.values())
    return sum(own) / whole if own and whole > 0 else None


def shares_by_staff(register: Register) -> bool:
    """Whether any virtual meter's formula has a share by people of an organisation."""
    return any(
        term.share is not None
        and term.share.basis == "people"
        and term.share.of in register.organisations
        for terms in terms_by_code(
            (m.code, m.formula) for m in register.virtual_meters.values()
        ).values()
        for term in terms
    )


def _resolve(
    register: Register,
    meter: VirtualMeter,
    resolved: Mapping[str, Mapping[Key, float] | None],
    day: date | None,
) -> Mapping[Key, float] | None:
    """The weighted parts of one whose parts are resolved already; None where one of them cannot be."""
    found: dict[Key, float] = {}
    for term in parse_formula(meter.formula):
        weight = _weight(register, meter, term, day)
        parts = _parts(register, meter, term.part, resolved)
        if weight is None or parts is None:
            return None
        for key, times in parts.items():
            found[key] = found.get(key, 0.0) + weight * times
    return {key: weight for key, weight in found.items() if abs(weight) > ROUNDING}


def _parts(
    register: Register,
    meter: VirtualMeter,
    part: str,
    resolved: Mapping[str, Mapping[Key, float] | None],
) -> Mapping[Key, float] | None:
    """A part down to what exists; empty where it is not in use, None where it cannot be resolved."""
    if not counts(register, part):
        return _NOTHING
    if part in register.virtual_meters:
        return resolved[part]
    return {Key(part, meter.quantity): 1.0}


def _weight(register: Register, meter: VirtualMeter, term: Term, day: date | None) -> float | None:
    if term.share is None:
        return term.factor
    part = share_of(register, meter.building, term.share, day)
    return None if part is None else term.factor * part


def _of_staff(register: Register, building: str, of: str, day: date | None) -> float | None:
    if day is None:
        return None
    there = RegisterBooks(register).organisations_in(building)
    people = {code: _staff(register, code, day) for code in there}
    own, whole = people.get(of), sum(n for n in people.values() if n is not None)
    return own / whole if own is not None and whole > 0 else None


def _staff(register: Register, organisation: str, day: date) -> float | None:
    held = [
        h.people
        for h in register.headcounts_of(organisation)
        if h.component in STAFF
        and h.valid_from <= day
        and (h.valid_until is None or day < h.valid_until)
    ]
    return sum(held) if held else None
