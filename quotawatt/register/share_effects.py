"""From when on a change of rooms or head-counts makes another share of what virtual meters share by them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from quotawatt.register.effects import ALWAYS, first_difference
from quotawatt.register.formulas import Share, terms_by_code
from quotawatt.register.model import Headcount, Register

_OF_SPACES = ("building", "area_m2", "occupants", "organisation", "status")


def changed_shares(
    before: Register, after: Register, spaces: Iterator[str], headcounts: Iterator[Headcount]
) -> Iterator[tuple[str, date]]:
    """Virtual meters with a share that a change reaches, each with the first day on which it may differ.

    spaces
        Codes of rooms of which something differs, now or on another day.
    headcounts
        Head-counts that were added, removed or changed, as they were and as they are.

    A room that is new or gone differs from the beginning (``ALWAYS``).
    """
    sharing = _sharing(after)
    if not sharing:
        return
    days = _days_by_building(before, after, spaces)
    people = min((h.valid_from for h in headcounts), default=None)
    for code, shares in sharing.items():
        found = [days.get(after.virtual_meters[code].building)]
        if any(s.basis == "people" and s.of in after.organisations for s in shares):
            found.append(people)
        if known := [day for day in found if day is not None]:
            yield code, min(known)


def _sharing(register: Register) -> Mapping[str, list[Share]]:
    """The shares in each virtual meter's formula; those without any are left out."""
    terms = terms_by_code((c, m.formula) for c, m in register.virtual_meters.items())
    shares = {c: [t.share for t in of_one if t.share is not None] for c, of_one in terms.items()}
    return {code: of_one for code, of_one in shares.items() if of_one}


def _days_by_building(
    before: Register, after: Register, spaces: Iterator[str]
) -> Mapping[str, date]:
    """By building the first day on which one of its rooms differs, for all buildings that it was ever in."""
    found: dict[str, date] = {}
    for code in spaces:
        both = [register for register in (before, after) if code in register.spaces]
        day = ALWAYS if len(both) == 1 else first_difference(before, after, code, _OF_SPACES)
        if day is None:
            continue
        for building in {b for register in both for b in _buildings(register, code)}:
            found[building] = min(day, found.get(building, day))
    return found


def _buildings(register: Register, code: str) -> Iterator[Any]:
    yield register.spaces[code].building
    yield from (held.value for held in register.history_of(code).get("building", ()))
