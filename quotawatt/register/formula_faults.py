"""What is wrong with the formula of a virtual meter, beyond its spelling.

The same rules hold at entry, where rows are checked, and for registers that are stored already: what a
formula names may be gone, or elsewhere, since.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from quotawatt.register.formulas import Term, measures, parse_formula
from quotawatt.register.model import Register
from quotawatt.register.problems import CellError
from quotawatt.register.rows import kind_of

PARTS = ("meters", "virtual_meters", "pv_plants", "buildings")
"""What a formula may be made of."""

SHARERS = ("spaces", "organisations")
"""To whom a share may fall."""

_PV = "pv_generation_kwh"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the code in the formula at which it is.

    code
        ``unreadable``, ``unknown_part``, ``in_circle``, ``quantities_differ``, ``share_elsewhere``.
    """

    code: str
    part: str


class Books(Protocol):
    """What formulas are held against: a register, or rows of one."""

    def kind(self, code: str) -> str | None:
        """The kind of an asset; None: there is none of this code."""

    def cells(self, code: str) -> Mapping[str, Any]:
        """The columns of an asset, as far as they are known."""

    def organisations_in(self, building: str) -> Collection[str]:
        """Those that a building is accounted to, or that occupy a space of it."""


class RegisterBooks:
    """A register as formulas are held against it."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def kind(self, code: str) -> str | None:
        """The kind of an asset; None: there is none of this code."""
        asset = self._register.assets.get(code)
        return None if asset is None else kind_of(asset)

    def cells(self, code: str) -> Mapping[str, Any]:
        """The columns of an asset."""
        asset = self._register.assets[code]
        return {name: getattr(asset, name) for name in asset.__dataclass_fields__}

    def organisations_in(self, building: str) -> Collection[str]:
        """Those that a building is accounted to, or that occupy a space of it."""
        house = self._register.buildings.get(building)
        spaces = self._register.spaces_in(building)
        occupants = {space.organisation for space in spaces if space.organisation}
        return occupants | (set() if house is None else {house.organisation})


def formula_fault(books: Books, code: str, circular: Collection[str]) -> Fault | None:
    """The first fault of a virtual meter's formula; None: it has none.

    circular
        The virtual meters that lead into a circle (``formulas.parts_first``).
    """
    cells = books.cells(code)
    try:
        terms = parse_formula(cells["formula"])
    except CellError:
        return Fault("unreadable", cells["formula"])
    if code in circular:
        parts = [term.part for term in terms]
        return Fault("in_circle", next((p for p in parts if p in circular), parts[0]))
    return next(_faults(books, cells, terms), None)


def _faults(books: Books, cells: Mapping[str, Any], terms: Collection[Term]) -> Iterator[Fault]:
    quantity, building = cells.get("quantity"), cells.get("building")
    for term in terms:
        kind = books.kind(term.part)
        if kind not in PARTS:
            yield Fault("unknown_part", term.part)
        elif quantity and not _has(kind, books.cells(term.part), quantity):
            yield Fault("quantities_differ", term.part)
        if term.share is None:
            continue
        if books.kind(term.share.of) not in SHARERS:
            yield Fault("unknown_part", term.share.of)
        elif building and not _is_in(books, term.share.of, building):
            yield Fault("share_elsewhere", term.share.of)


def _has(kind: str, part: Mapping[str, Any], quantity: str) -> bool:
    """Whether an asset can have the quantity; where it is not known what it measures nothing is said."""
    if kind == "meters":
        return not part.get("carrier") or measures(part["carrier"], quantity)
    if kind == "virtual_meters":
        return part.get("quantity") in (None, quantity)
    return kind == "buildings" or quantity == _PV


def _is_in(books: Books, code: str, building: str) -> bool:
    if books.kind(code) == "spaces":
        return books.cells(code).get("building") in (None, building)
    return code in books.organisations_in(building)
