"""Checks of a filled return, as its form lists them. Pure: what a return says in, doubts out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from quotawatt.returns.cells import UNKNOWN, Cell, Cells
from quotawatt.returns.deriving import parts_of
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import CheckKind, Form, FormCheck, Origin


@dataclass(frozen=True, slots=True)
class Material:
    """What a return is checked by.

    cells
        Those that count: with what people wrote, and what follows.
    filled
        Those that were filled in, before anybody wrote.
    before
        Figures of the same period a year before, by cell, where its return was accepted.
    quarters
        Of a year the figures of its accepted quarters, one mapping each.
    """

    form: Form
    period: Period
    cells: Cells
    filled: Cells = field(default_factory=dict)
    before: Mapping[str, float | None] = field(default_factory=dict)
    quarters: Sequence[Mapping[str, float | None]] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check did not find in order.

    value, expected
        What the cell says, or the ratio, and what it was held against; None: nothing is there.
    """

    check: FormCheck
    cell: str
    value: float | None = None
    expected: float | None = None


def check(material: Material) -> list[Doubt]:
    """All doubts, in the order of the form's checks."""
    return [d for one in material.form.checks for d in _CHECKS[one.kind](one, material)]


def _missing(check: FormCheck, m: Material) -> Iterator[Doubt]:
    for name, _, row in m.form.rows():
        if row.required and m.cells.get(name, UNKNOWN).value is None:
            yield Doubt(check, name)


def _coverage(check: FormCheck, m: Material) -> Iterator[Doubt]:
    for name in _rows(check, m, (Origin.USE,)):
        cell = m.cells.get(name, UNKNOWN)
        if cell.value is not None and cell.coverage < check.low:
            yield Doubt(check, name, round(cell.coverage, 4), check.low)


def _sums(check: FormCheck, m: Material) -> Iterator[Doubt]:
    for sheet in m.form.sheets:
        for row in sheet.rows:
            for cell, parts in parts_of(sheet, row.id, m.period).items():
                said = _number(m.cells.get(cell, UNKNOWN))
                numbers = [_number(m.cells.get(part, UNKNOWN)) for part in parts]
                known = [one for one in numbers if one is not None]
                # Months that nobody knows may hold what is missing; a part of a sum may not be there.
                whole = row.source.origin is Origin.SUM or len(known) == len(numbers)
                if said is not None and known and whole and _far(said, sum(known), check.high):
                    yield Doubt(check, cell, said, sum(known))


def _jump(check: FormCheck, m: Material) -> Iterator[Doubt]:
    for name in _rows(check, m, (Origin.USE, Origin.COST)):
        said, before = _number(m.cells.get(name, UNKNOWN)), m.before.get(name)
        if said is not None and before is not None and _far(said, before, check.high):
            yield Doubt(check, name, said, before)


def _ratio(check: FormCheck, m: Material) -> Iterator[Doubt]:
    below = _number(m.cells.get(check.per, UNKNOWN))
    for name in check.rows:
        above = _number(m.cells.get(name, UNKNOWN))
        if above is None or not below:
            continue
        if above == 0 and _number(m.filled.get(name, UNKNOWN)) == 0:
            continue  # measured to be nothing, as heat in summer: no slip of a unit
        ratio = above / below
        if not check.low <= ratio <= check.high:
            yield Doubt(check, name, ratio, check.low if ratio < check.low else check.high)


def _register(check: FormCheck, m: Material) -> Iterator[Doubt]:
    for name in _rows(check, m, (Origin.REGISTER,)):
        said, known = _number(m.cells.get(name, UNKNOWN)), _number(m.filled.get(name, UNKNOWN))
        if said is not None and known is not None and _far(said, known, check.high):
            yield Doubt(check, name, said, known)


def _quarters(check: FormCheck, m: Material) -> Iterator[Doubt]:
    if len(m.quarters) != len(m.period.quarters) or not m.quarters:
        return
    for name in _rows(check, m, (Origin.USE, Origin.COST)):
        said = _number(m.cells.get(name, UNKNOWN))
        parts = [quarter.get(name) for quarter in m.quarters]
        known = [part for part in parts if part is not None]
        if said is not None and len(known) == len(parts) and _far(said, sum(known), check.high):
            yield Doubt(check, name, said, sum(known))


_CHECKS: Mapping[CheckKind, Callable[[FormCheck, Material], Iterator[Doubt]]] = MappingProxyType(
    {
        CheckKind.MISSING: _missing,
        CheckKind.COVERAGE: _coverage,
        CheckKind.SUMS: _sums,
        CheckKind.JUMP: _jump,
        CheckKind.RATIO: _ratio,
        CheckKind.REGISTER: _register,
        CheckKind.QUARTERS: _quarters,
    }
)


def _rows(check: FormCheck, m: Material, origins: Sequence[Origin]) -> Sequence[str]:
    """The rows that a check names; where it names none, those of these origins that hold figures."""
    if check.rows:
        return check.rows
    return [n for n, _, r in m.form.rows() if r.source.origin in origins and not r.is_text]


def _number(cell: Cell) -> float | None:
    return None if cell.value is None or isinstance(cell.value, str) else float(cell.value)


def _far(said: float, expected: float, percent: float) -> bool:
    """Whether two figures are further apart than so many % of the expected one."""
    return abs(said - expected) > abs(expected) * percent / 100 + 1e-9
