"""Former values: of an asset that there is, of a column that it has, and right by that column's rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from quotawatt.register import rules
from quotawatt.register.check_cells import broken_by
from quotawatt.register.found import in_both
from quotawatt.register.headings import sheet_name
from quotawatt.register.problems import CellError, Problem, Rule
from quotawatt.register.rows import Column, Row, columns, parse_cell
from quotawatt.register.timeline import Past

ReferenceRule = Callable[[str, str, Any], Rule | None]
"""(kind, column, code) -> the rule that a reference breaks."""


def check_former(
    rows: Sequence[Row], kinds: Mapping[str, str], reference_rule: ReferenceRule
) -> tuple[list[Problem], list[Past]]:
    """The problems of former values by themselves, and those values that could be read.

    ``kinds``: the kind of each code that there is.
    """
    problems: list[Problem] = []
    pasts: list[Past] = []
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        asset, attribute = row.cells.get("asset"), row.cells.get("attribute")
        kind = kinds.get(asset or "")
        if kind is None or not attribute:
            continue  # complained of already
        column = next((c for c in columns(kind) if c.name == attribute != "code"), None)
        if column is None:
            rule = rules.FORMER_COLUMN.of(kind=(kind, f"“{sheet_name(kind, 'zh')}”"))
            problems.append(Problem(row.where.at("attribute"), rule, attribute))
            continue
        problems += _twice(row, seen)
        problems += _value(row, kind, column, reference_rule, pasts)
    return problems, pasts


def _twice(row: Row, seen: dict[tuple[Any, ...], Row]) -> Iterator[Problem]:
    until = row.cells.get("valid_until")
    if until is None:
        return
    key = (row.cells["asset"], row.cells["attribute"], until)
    if key in seen:
        rule = rules.FORMER_TWICE.of(other=in_both(seen[key].where))
        yield Problem(row.where.at("valid_until"), rule, until)
    seen.setdefault(key, row)


def _value(
    row: Row, kind: str, column: Column, reference_rule: ReferenceRule, pasts: list[Past]
) -> Iterator[Problem]:
    text = row.cells.get("value")
    if text is None:
        return
    try:
        value = parse_cell(column, text)
    except CellError as error:
        yield Problem(row.where.at("value"), error.rule, text)
        return
    if value is not None:
        rule = broken_by(kind, column.name, value) or reference_rule(kind, column.name, value)
        if rule is not None:
            yield Problem(row.where.at("value"), rule, text)
            return
    until = row.cells.get("valid_until")
    if until is not None and broken_by("former_values", "valid_until", until) is None:
        pasts.append(Past(kind, row.cells["asset"], column.name, value, until, row))
