"""What follows from other cells: the period from its months, sums from their parts.

What people write into a cell stands; what follows from it is worked out anew, unless they wrote that too.
"""

from collections.abc import Iterable, Mapping, Sequence

from quotawatt.returns.cells import (
    BY_HAND,
    ESTIMATED,
    MEASURED,
    MISSING,
    UNKNOWN,
    Cell,
    Cells,
    Overrides,
    cell_id,
    counting,
)
from quotawatt.returns.periods import Period, month_days
from quotawatt.rulebook.forms import Form, FormSheet, Origin

_WHOLE = 0.9995
"""Coverage from which a figure counts as whole: a few seconds at a change of the hour are no gap."""


def derived(form: Form, period: Period, cells: Cells, overrides: Overrides) -> dict[str, Cell]:
    """The cells with what people wrote, and with what follows from it."""
    found = counting(cells, overrides)
    for sheet in form.sheets:
        if sheet.by_month:
            _add_months(sheet, period, found, overrides)
        _add_sums(sheet, period, found, overrides)
    return found


def over_months(months: Mapping[str, Cell]) -> Cell:
    """The cell of a whole period from those of its months; each weighs by its days."""
    known = [cell for cell in months.values() if cell.value is not None]
    if not known:
        return UNKNOWN
    days = {month: _days(month) for month in months}
    coverage = sum(c.coverage * days[m] for m, c in months.items()) / sum(days.values())
    return Cell(_sum(known), _quality(known, coverage), coverage)


def added(parts: Sequence[Cell]) -> Cell:
    """Cells added up, those that are empty left out; empty where all are."""
    known = [cell for cell in parts if cell.value is not None]
    if not known:
        return UNKNOWN
    coverage = min(cell.coverage for cell in known)
    return Cell(_sum(known), _quality(known, coverage), coverage)


def quality_of(coverage: float, *, estimated: bool) -> str:
    """The quality of a figure of which so much is known."""
    if coverage <= 0:
        return MISSING
    return ESTIMATED if estimated or coverage < _WHOLE else MEASURED


def parts_of(sheet: FormSheet, name: str, period: Period) -> Mapping[str, Sequence[str]]:
    """The cells of a row that are sums, each with the cells that it adds up."""
    row = sheet.row(name)
    if row is None or row.is_text:
        return {}
    whole = f"{sheet.id}.{name}"
    months = period.months if sheet.by_month else ()
    if row.source.origin is Origin.SUM:
        return {
            cell_id(whole, month): [
                cell_id(f"{sheet.id}.{part}", month) for part in row.source.names
            ]
            for month in ("", *months)
        }
    if months and row.source.origin in (Origin.USE, Origin.COST):
        return {whole: [cell_id(whole, month) for month in months]}
    return {}


def _add_months(
    sheet: FormSheet, period: Period, found: dict[str, Cell], overrides: Overrides
) -> None:
    """The whole of each row of which a month was written in, and the whole was not."""
    for row in sheet.rows:
        name = f"{sheet.id}.{row.id}"
        by_month = {month: cell_id(name, month) for month in period.months}
        if name not in overrides and any(cell in overrides for cell in by_month.values()):
            found[name] = over_months({m: found.get(c, UNKNOWN) for m, c in by_month.items()})


def _add_sums(
    sheet: FormSheet, period: Period, found: dict[str, Cell], overrides: Overrides
) -> None:
    for row in sheet.rows:
        if row.source.origin is Origin.SUM:
            for cell, parts in parts_of(sheet, row.id, period).items():
                if cell not in overrides:
                    found[cell] = added([found.get(part, UNKNOWN) for part in parts])


def _sum(cells: Iterable[Cell]) -> float:
    return sum(cell.value for cell in cells if isinstance(cell.value, float | int))


def _quality(known: Sequence[Cell], coverage: float) -> str:
    qualities = {cell.quality for cell in known}
    if qualities == {BY_HAND}:
        return BY_HAND
    return quality_of(coverage, estimated=ESTIMATED in qualities)


def _days(month: str) -> int:
    first, until = month_days(month)
    return (until - first).days
