"""Accepted returns added up level by level, with who is missing. Pure.

Each institution's return is of itself alone, without those below it, so that a level is the sum of what
stands in it, everybody once.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from quotawatt.issued import printed
from quotawatt.register.belonging import Tree
from quotawatt.register.model import Register
from quotawatt.returns.cells import form_cells
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form

Figures = Mapping[str, float | None]
"""Values by cell; None: not known."""

IN_USE = ("in_use", "idle")
"""Stages of life in which an institution makes returns."""


@dataclass(frozen=True, slots=True)
class Level:
    """The sum of a group.

    code
        Of the organisation that heads it, or of the class.
    figures
        By cell; None where none of those counted knows it.
    known
        By cell: how many of those counted know it.
    counted, missing
        Institutions whose return is in the sum, and those that should be.
    """

    code: str
    figures: Figures
    known: Mapping[str, int]
    counted: tuple[str, ...]
    missing: tuple[str, ...]


def respondents(register: Register) -> tuple[str, ...]:
    """Organisations of a snapshot that make returns: in use, with a building, a vehicle or people."""
    holding = {b.organisation for b in register.buildings.values()}
    holding |= {v.organisation for v in register.vehicles.values()}
    holding |= {h.organisation for h in register.headcounts}
    known = register.organisations
    return tuple(sorted(c for c in holding if c in known and known[c].status in IN_USE))


def by_tree(
    register: Register, tree: Tree, own: Mapping[str, Figures], form: Form, period: Period
) -> list[Level]:
    """A level for each organisation that has anybody in it, itself included, in order of its code."""
    expected = respondents(register)
    within: dict[str, list[str]] = defaultdict(list)
    for code in expected:
        for above in register.path_of(code, tree):
            within[above].append(code)
    return [_level(code, within[code], own, form, period) for code in sorted(within)]


def by_class(
    register: Register, own: Mapping[str, Figures], form: Form, period: Period
) -> list[Level]:
    """A level for each kind of institution, in order."""
    within: dict[str, list[str]] = defaultdict(list)
    for code in respondents(register):
        within[register.organisations[code].kind].append(code)
    return [_level(kind, within[kind], own, form, period) for kind in sorted(within)]


def _level(
    code: str, members: Sequence[str], own: Mapping[str, Figures], form: Form, period: Period
) -> Level:
    counted = tuple(member for member in members if member in own)
    known: dict[str, int] = {}
    figures: dict[str, float | None] = {}
    for cell, decimals in _cells(form, period):
        values = [value for m in counted if (value := own[m].get(cell)) is not None]
        known[cell] = len(values)
        summed = printed(math.fsum(values), decimals) if values else None
        figures[cell] = None if summed is None else float(summed)
    return Level(code, figures, known, counted, _missing(members, own))


def _missing(members: Sequence[str], own: Collection[str]) -> tuple[str, ...]:
    return tuple(member for member in members if member not in own)


def _cells(form: Form, period: Period) -> list[tuple[str, int]]:
    return [(c, row.decimals) for c, _, _, row in form_cells(form, period) if row.adds_up]
