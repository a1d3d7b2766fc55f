"""A form filled from what is known: results, costs, register. Pure: facts in, cells out.

The period's figure is the sum of its months. A month of which nothing is known is left out and lowers the
coverage; where no month is known the cell is empty, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from quotawatt.returns.cells import UNKNOWN, Cell, Value, cell_id, form_cells
from quotawatt.returns.deriving import derived, over_months, quality_of
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form, FormRow, FormSheet, Origin, Source


class Figure(NamedTuple):
    """An amount of one month in the measure's unit. None: nothing is known.

    coverage
        Share of the month that is known, 0..1.
    estimated
        Share of the value that is estimated, 0..1.
    """

    value: float | None
    coverage: float = 1.0
    estimated: float = 0.0


class Wanted(NamedTuple):
    """A use: of a measure, of one item of it where that is named."""

    measure: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one institution, without those below it, in a period.

    uses, costs
        By what is wanted, or the measure, and month (``2024-03``). Costs in CNY.
    heat_by_area_gj
        Of each month the heat that was billed by area and measured by nobody.
    register
        The fields of the register by name; see ``forms.REGISTER_FIELDS``. People by component.
    """

    uses: Mapping[tuple[Wanted, str], Figure] = field(default_factory=dict)
    costs: Mapping[tuple[str, str], Figure] = field(default_factory=dict)
    heat_by_area_gj: Mapping[str, float] = field(default_factory=dict)
    register: Mapping[str, Value] = field(default_factory=dict)


def wanted_uses(form: Form) -> tuple[Wanted, ...]:
    """The uses that a form asks for, each once."""
    found = [
        Wanted(name, row.source.item)
        for _, _, row in form.rows()
        if row.source.origin is Origin.USE
        for name in row.source.names
    ]
    return tuple(dict.fromkeys(found))


def wanted_costs(form: Form) -> tuple[str, ...]:
    """The measures whose cost a form asks for, each once."""
    rows = [row for _, _, row in form.rows() if row.source.origin is Origin.COST]
    return tuple(dict.fromkeys(name for row in rows for name in row.source.names))


def wanted_people(form: Form) -> tuple[str, ...]:
    """The components of the people that a form counts, each once."""
    listed = [name for _, _, row in form.rows() for name in row.source.components]
    return tuple(dict.fromkeys(listed))


def fill(form: Form, period: Period, facts: Facts) -> dict[str, Cell]:
    """Every cell of the form, empty ones included."""
    found: dict[str, Cell] = {}
    for sheet in form.sheets:
        for row in sheet.rows:
            found |= _row_cells(sheet, row, period, facts)
    found = derived(form, period, found, {})
    return {name: found[name] for name, _, _, _ in form_cells(form, period)}


def _row_cells(sheet: FormSheet, row: FormRow, period: Period, facts: Facts) -> dict[str, Cell]:
    name = f"{sheet.id}.{row.id}"
    source = row.source
    if source.origin is Origin.REGISTER:
        value = facts.register.get(source.names[0])
        whole = UNKNOWN if value is None else Cell(value)
        return {name: whole, **_by_month(sheet, row, name, dict.fromkeys(period.months, UNKNOWN))}
    if source.origin in (Origin.HAND, Origin.SUM):
        return {name: UNKNOWN, **_by_month(sheet, row, name, dict.fromkeys(period.months, UNKNOWN))}
    months = {month: _month_cell(source, month, facts) for month in period.months}
    return {name: over_months(months), **_by_month(sheet, row, name, months)}


def _by_month(
    sheet: FormSheet, row: FormRow, name: str, months: Mapping[str, Cell]
) -> dict[str, Cell]:
    if not sheet.by_month or row.is_text:
        return {}
    return {cell_id(name, month): cell for month, cell in months.items()}


def _month_cell(source: Source, month: str, facts: Facts) -> Cell:
    if source.origin is Origin.USE:
        figures = [facts.uses.get((Wanted(n, source.item), month)) for n in source.names]
    else:
        figures = [facts.costs.get((name, month)) for name in source.names]
    known = [f for f in figures if f is not None and f.value is not None]
    if not known:
        return UNKNOWN
    total = sum(f.value or 0.0 for f in known)
    if source.billed_by_heat:
        measured = total - facts.heat_by_area_gj.get(month, 0.0)
        # What is left of a month billed by area alone is noise of the arithmetic, and no heat.
        if measured <= 1e-6 * abs(total):
            return UNKNOWN
        total = measured
    coverage = min(f.coverage for f in known)
    estimated = any(f.estimated > 0 for f in known)
    return Cell(total / source.per, quality_of(coverage, estimated=estimated), coverage)
