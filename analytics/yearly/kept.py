"""What goes on from one day to the next: whose accounts there are, judged by what, and their outlines.

Most days nothing changes but the use. Cases and outlines are taken over as long as the register, the rulebook
in force and what authorities decided stay the same; only their days grow.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from analytics.totals.segments import Segment, total_books
from analytics.yearly.cases import Case
from analytics.yearly.holdings import Holding
from analytics.yearly.items import Items
from analytics.yearly.outlines import Outline
from analytics.yearly.usetable import Period
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook

Basis = tuple[object, ...]
"""What the cases of a zone rest on; those of equal ones are the same but for their days."""


class Entry(NamedTuple):
    """The cases of one asset, each with its days, and what was found beside them."""

    cases: tuple[tuple[Period, Case], ...]
    findings: tuple[Finding, ...]


class Kept:
    """The cases and outlines of one register and rulebook, as they were the last time."""

    def __init__(self, register: Register, rulebook: Rulebook) -> None:
        self.books = total_books(register)
        self.items = Items(register, rulebook)
        self.outlines: dict[tuple[str, str], Outline] = {}
        self._bases: dict[ZoneInfo, Basis] = {}
        self._entries: dict[ZoneInfo, dict[str, Entry]] = {}

    def entries(self, zone: ZoneInfo, basis: Basis) -> dict[str, Entry]:
        """Those of a zone, by asset, to take over and to add to; none where the basis has changed."""
        if self._bases.get(zone) != basis:
            self._bases[zone], self._entries[zone] = basis, {}
        return self._entries[zone]


def marks(pieces: Sequence[Segment]) -> tuple[tuple[date, Register], ...]:
    """Where pieces begin and what holds over them: the same while only their end moves on."""
    return tuple((piece.first, piece.register) for piece in pieces)


def held_on(held: tuple[Holding, ...], pieces: Sequence[Segment]) -> tuple[Holding, ...] | None:
    """What was held, over longer days; None where the pieces are others."""
    if marks([one.piece for one in held]) != marks(pieces):
        return None
    return tuple(one._replace(piece=p) for one, p in zip(held, pieces, strict=True))


def moved_on(case: Case, held: tuple[Holding, ...]) -> Case | None:
    """A case over longer days; None where terms end with the days."""
    if any(term.until is not None for term in case.terms):
        return None
    return Case(case.asset, case.yardstick, held, case.terms, case.pairs)
