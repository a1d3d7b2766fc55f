"""Former values of a file, read as the cells of the column that they belong to: words, names of assets."""

from collections.abc import Sequence
from dataclasses import replace

from quotawatt.register.headings import headings, meanings, spelled
from quotawatt.register.naming import Names, Tables, code_for
from quotawatt.register.problems import CellError, Problem
from quotawatt.register.reading import ESCAPE
from quotawatt.register.rows import CODED, Row
from quotawatt.register.rules import REFERENCES


def as_in_own_columns(tables: Tables) -> tuple[Sequence[Row], list[Problem]]:
    """The rows of former values with identifiers and codes in the place of words and names.

    What has the sign for itself before it stays as it is, without the sign. Names that several assets have
    are problems, and left out.
    """
    kinds = {row.cells.get("code"): kind for kind in CODED for row in tables.get(kind, ())}
    names = Names(tables)
    rows: list[Row] = []
    problems: list[Problem] = []
    for row in tables["former_values"]:
        kind, value = kinds.get(row.cells.get("asset")), row.cells.get("value")
        if value:
            try:
                read = _read(kind, row.cells.get("attribute") or "", value, names)
                row = replace(row, cells={**row.cells, "value": read})
            except CellError as error:
                problems.append(Problem(row.where.at("value"), error.rule, value))
                others = {name: cell for name, cell in row.cells.items() if name != "value"}
                row = replace(row, cells=others)
        rows.append(row)
    return rows, problems


def _read(kind: str | None, attribute: str, value: str, names: Names) -> str:
    if value.startswith(ESCAPE):
        return value.removeprefix(ESCAPE)
    if kind is None or attribute not in headings(kind):
        return value
    if (kind, attribute) in REFERENCES:
        return code_for(names, REFERENCES[kind, attribute], value)
    return meanings(kind, attribute).get(spelled(value), value)
