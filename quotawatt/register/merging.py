"""What is read beside what is stored: what stays though a sheet does not say it, and what would be lost."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quotawatt.register.editing import cells_of
from quotawatt.register.found import Found
from quotawatt.register.model import Binding, Register
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.rows import KEYS, KINDS, Row, format_cell, records_of

LACKING = Rule(
    "lacking",
    "what is stored must be in its sheet, unless it is to be removed (--remove; an asset that is gone"
    " should get the status disposed instead)",
    "已登记的记录须在表中；确要删除请用 --remove（已处置的资产应改状态为“已处置”）",
)

Key = tuple[Any, ...]


def key_of_row(kind: str, row: Row) -> Key:
    """What tells a row from the others of its kind; None stands for what could not be read."""
    return tuple(row.cells.get(name) for name in KEYS[kind])


def kept_bindings(stored: Register, rows: Sequence[Row]) -> tuple[Binding, ...]:
    """Bindings that an adoption made or ended and that the rows do not say.

    One that the rows leave open keeps the end that an adoption gave it.
    """
    named = {key_of_row("bindings", row): row for row in rows}
    kept: list[Binding] = []
    for binding in stored.adopted:
        theirs = named.get(key_of_row("bindings", Row(Where(""), cells_of(binding))))
        if theirs is None:
            kept.append(binding)
        elif binding.valid_until is not None and theirs.cells.get("valid_until", "") is None:
            kept.append(Binding(**{**cells_of(binding), **_without_end(theirs)}))
    return tuple(kept)


def with_kept(rows: Sequence[Row], kept: Sequence[Binding]) -> list[Row]:
    """The rows with kept bindings, each in the place of one of its key."""
    mine = [
        Row(Where(f"adopted {b.device} -> {b.asset} (--prune removes it)"), cells_of(b))
        for b in kept
    ]
    keys = {key_of_row("bindings", row) for row in mine}
    return [*(row for row in rows if key_of_row("bindings", row) not in keys), *mine]


def with_history(stored: Register, rows: Sequence[Row]) -> list[Row]:
    """The rows of former values with those that are stored and that the sheet lacks.

    History is not forgotten by a file that was filled before it happened.
    """
    said = {key_of_row("former_values", row) for row in rows}
    mine = [Row(Where("former_values stored"), cells_of(former)) for former in stored.former_values]
    return [*rows, *(row for row in mine if key_of_row("former_values", row) not in said)]


def lacking(
    stored: Register, found: Found, tables: Mapping[str, Sequence[Row]]
) -> Iterator[Problem]:
    """What is stored and would be lost. Nothing is said of a kind with rows whose key could not be read."""
    records = records_of(stored)
    adopted = {key_of_row("bindings", Row(Where(""), cells_of(b))) for b in stored.adopted}
    for kind in (kind for kind in KINDS if kind in found.rows):
        keys = {key_of_row(kind, row) for row in tables[kind]}
        if any(len(row.cells.keys() & set(KEYS[kind])) < len(KEYS[kind]) for row in tables[kind]):
            continue
        for record in records[kind]:
            key = tuple(getattr(record, name) for name in KEYS[kind])
            if key not in keys and not (kind == "bindings" and key in adopted):
                shown = " ".join(format_cell(part) for part in key if part != "")
                yield Problem(Where(found.sheets[kind]), LACKING, shown)


def register_of(tables: Mapping[str, Sequence[Row]], adopted: Sequence[Binding]) -> Register:
    """The register of whole and right rows."""
    classes: Mapping[str, Any] = KINDS
    records = {kind: [classes[kind](**row.cells) for row in rows] for kind, rows in tables.items()}
    return Register(**records, adopted=adopted)


def _without_end(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.cells.items() if name != "valid_until"}
