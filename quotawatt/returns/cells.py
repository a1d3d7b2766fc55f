"""The cells of a return: what was filled in, what people wrote over it, and what counts.

A cell goes by ``SHEET.ROW``, of one month ``SHEET.ROW.2024-03``. Values are in the row's unit; None: not
known, which is never zero.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from quotawatt.issued import printed
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form, FormRow

Value = float | str | None

MEASURED, ESTIMATED, MISSING, BY_HAND = "measured", "estimated", "missing", "by_hand"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure.

    quality
        ``measured``, ``estimated`` (a part of it, or of its time, is), ``missing``, or ``by_hand``.
    coverage
        Share of its time that is known, 0..1; 1 for what the register says and people write.
    """

    value: Value
    quality: str = MEASURED
    coverage: float = 1.0


UNKNOWN = Cell(None, MISSING, 0.0)


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody wrote into a cell, and why. ``at`` is ISO 8601, UTC."""

    value: Value
    reason: str
    by: str
    at: str


Cells = Mapping[str, Cell]
Overrides = Mapping[str, Override]


def cell_id(row: str, month: str = "") -> str:
    """The id of a row's cell; of one month where it is given."""
    return f"{row}.{month}" if month else row


def form_cells(form: Form, period: Period) -> Iterator[tuple[str, str, str, FormRow]]:
    """Each cell of a form and period: its id, its row ``SHEET.ROW``, its month (empty: all) and the row."""
    for name, sheet, row in form.rows():
        yield name, name, "", row
        if sheet.by_month and not row.is_text:
            for month in period.months:
                yield cell_id(name, month), name, month, row


def counting(cells: Cells, overrides: Overrides) -> dict[str, Cell]:
    """The cells with what people wrote over them."""
    written = {name: Cell(one.value, BY_HAND) for name, one in overrides.items()}
    return {**cells, **written}


def figures(form: Form, period: Period, cells: Cells) -> dict[str, dict[str, Any]]:
    """The cells as a snapshot holds them: each value as it prints, with unit, decimals and quality."""
    found = {}
    for name, _, _, row in form_cells(form, period):
        cell = cells.get(name, UNKNOWN)
        found[name] = {
            "value": printed(cell.value, row.decimals),
            "decimals": row.decimals,
            "unit": row.unit,
            "quality": cell.quality,
            "coverage": round(cell.coverage, 4),
        }
    return found


def cells_to_json(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells or overrides as plain JSON."""
    return {name: asdict(one) for name, one in cells.items()}


def cells_of_json(raw: Mapping[str, Any]) -> dict[str, Cell]:
    """Cells from plain JSON."""
    return {name: Cell(**one) for name, one in raw.items()}


def overrides_of_json(raw: Mapping[str, Any]) -> dict[str, Override]:
    """Overrides from plain JSON."""
    return {name: Override(**one) for name, one in raw.items()}
