"""Snapshots of returns as the documents that other platforms get, and back. Pure."""

from collections.abc import Mapping
from typing import Any

from quotawatt.errors import InputError
from quotawatt.exchange.documents import RETURN_1, ReturnDocument
from quotawatt.exchange.tables import energy_codes
from quotawatt.issued import Issued
from quotawatt.returns.cells import Cell, form_cells
from quotawatt.returns.periods import parse_period
from quotawatt.rulebook.forms import Form, FormRow, Origin


def return_document(snapshot: Issued, form: Form | None) -> dict[str, Any]:
    """A snapshot of a return as plain JSON of schema ``quotawatt.return/1``.

    form
        Of the snapshot's version, which says what energy a cell is; None: it is gone, so it is not said.
    """
    content = snapshot.content
    energies = {} if form is None else _energies(form, snapshot.period)
    return {
        "schema": RETURN_1,
        "number": snapshot.number,
        "sha256": snapshot.sha256,
        "corrects": snapshot.corrects,
        "form": content["form"],
        "organisation": content["organisation"],
        "period": snapshot.period,
        "issued_at": snapshot.issued_at.isoformat(),
        "figures": [
            {"cell": cell, **figure, "energy": energies.get(cell, "")}
            for cell, figure in content["figures"].items()
        ],
        "by_hand": content["by_hand"],
    }


def cells_of(document: ReturnDocument, form: Form) -> dict[str, Cell]:
    """The cells of a return that came. Raises InputError with every cell that is none of the form's."""
    known = {name: row for name, _, _, row in form_cells(form, parse_period(document.period))}
    problems = []
    found: dict[str, Cell] = {}
    for figure in document.figures:
        row = known.get(figure.cell)
        if row is None:
            problems.append(f"a cell must be one of the form, got {figure.cell!r}")
        elif figure.cell in found:
            problems.append(f"a cell must come once, got {figure.cell!r} again")
        elif figure.unit != row.unit:
            problems.append(
                f"{figure.cell} must be in {row.unit or 'no unit'}, got {figure.unit!r}"
            )
        elif figure.value is not None and isinstance(figure.value, str) != row.is_text:
            kind = "a text" if row.is_text else "a number"
            problems.append(f"{figure.cell} must be {kind}, got {figure.value!r}")
        else:
            found[figure.cell] = Cell(figure.value, figure.quality, figure.coverage)
    if problems:
        raise InputError("\n".join(problems))
    return found


def _energies(form: Form, period: str) -> Mapping[str, str]:
    rows = form_cells(form, parse_period(period))
    return {name: code for name, _, _, row in rows if (code := _energy(row))}


def _energy(row: FormRow) -> str:
    """The code of the one energy that a row is an amount of; empty for any other row."""
    source = row.source
    if source.origin is not Origin.USE or len(source.names) != 1:
        return ""
    return energy_codes().get(source.names[0], "")
