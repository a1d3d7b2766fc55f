"""What a change of the register does, put into words: by asset and column, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.console.register_words import Reader, Shown
from quotawatt.register.changes import KindChange, key_of
from quotawatt.register.planning import ColumnChange, Plan
from quotawatt.register.problems import Problem
from quotawatt.register.rows import CODED, KEYS, Record, columns

RECORDS_SHOWN = 100
COLUMNS_SHOWN = 300
PROBLEMS_SHOWN = 500

_HIDDEN = "former_values"
"""The book-keeping behind dates: what it says stands in the history, and in the day of the change."""


@dataclass(frozen=True, slots=True)
class Line:
    """A column of a record that differs. ``dated``: from a day on; else it was so always."""

    kind: str
    record: str
    column: str
    before: Shown
    after: Shown
    dated: bool = False


@dataclass(frozen=True, slots=True)
class KindLines:
    """What an import does to one kind: how many records, the first of them, and the columns that change."""

    kind: str
    added: int
    changed: int
    removed: int
    added_records: list[str]
    removed_records: list[str]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem of an import: sheet, cell or row, heading, and the rule with what was there."""

    sheet: str
    cell: str
    column: str
    text: str


def answer_lines(reader: Reader, answer: Mapping[str, Any]) -> list[Line]:
    """The lines of what an operation answers (``OperationAnswer``)."""
    found: list[Line] = []
    before, after = answer["before"], answer["after"]
    for kind in after:
        if kind != _HIDDEN:
            old = {_key(kind, row): row for row in before.get(kind, ())}
            for row in after[kind]:
                found += _row_lines(reader, kind, old.get(_key(kind, row), {}), row)
    return found


def plan_kinds(reader: Reader, plan: Plan) -> list[KindLines]:
    """What an import does, by kind."""
    lines: dict[str, list[Line]] = {}
    for change in plan.columns[:COLUMNS_SHOWN]:
        lines.setdefault(change.kind, []).append(_column_line(reader, change))
    return [
        _kind_lines(reader, kind, change, lines.get(kind, []))
        for kind, change in plan.difference.items()
    ]


def problem_lines(reader: Reader, plan: Plan) -> list[ProblemLine]:
    """What stands against an import, as far as it is shown."""
    return [_problem_line(reader, plan, problem) for problem in plan.problems[:PROBLEMS_SHOWN]]


def record_name(reader: Reader, kind: str, record: Record) -> str:
    """What tells a record from the others of its kind, with the name of an asset."""
    key = key_of(kind, record)
    if kind in CODED:
        return f"{key[0]} {reader.name_of(record)}"  # type: ignore[arg-type]
    named = zip(KEYS[kind], key, strict=True)
    return " · ".join(reader.value(kind, name, value).text for name, value in named if value)


def _kind_lines(
    reader: Reader, kind: str, change: KindChange[Record], lines: list[Line]
) -> KindLines:
    return KindLines(
        kind=kind,
        added=len(change.added),
        changed=len(change.changed),
        removed=len(change.removed),
        added_records=_names(reader, kind, change.added),
        removed_records=_names(reader, kind, change.removed),
        lines=lines or list(_uncoded_lines(reader, kind, change)),
    )


def _uncoded_lines(reader: Reader, kind: str, change: KindChange[Record]) -> Iterator[Line]:
    """Of records without a code, whose changes ``Plan.columns`` does not list."""
    if kind in CODED:
        return
    for old, new in list(change.changed)[:RECORDS_SHOWN]:
        for column in columns(kind):
            before, after = getattr(old, column.name), getattr(new, column.name)
            if before != after:
                yield Line(
                    kind,
                    record_name(reader, kind, new),
                    reader.title(kind, column.name),
                    reader.value(kind, column.name, before),
                    reader.value(kind, column.name, after),
                )


def _names(reader: Reader, kind: str, records: Iterable[Record]) -> list[str]:
    return [record_name(reader, kind, record) for record in list(records)[:RECORDS_SHOWN]]


def _column_line(reader: Reader, change: ColumnChange) -> Line:
    kind, column = change.kind, change.column
    return Line(
        kind,
        f"{change.code} {reader.name(change.code)}",
        reader.title(kind, column),
        reader.cell(kind, column, change.before),
        reader.cell(kind, column, change.after),
        change.dated,
    )


def _row_lines(
    reader: Reader, kind: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Line]:
    shown = new.get("code") or new.get("device") or new.get("asset") or new.get("organisation")
    record = f"{shown} {reader.name(str(shown))}" if kind in CODED else str(shown)
    for column in columns(kind):
        before, after = old.get(column.name), new.get(column.name)
        if before != after:
            yield Line(
                kind,
                record,
                reader.title(kind, column.name),
                reader.value(kind, column.name, before),
                reader.value(kind, column.name, after),
            )


def _key(kind: str, row: Mapping[str, Any]) -> Sequence[Any]:
    return tuple(row.get(name) for name in KEYS[kind])


def _problem_line(reader: Reader, plan: Plan, problem: Problem) -> ProblemLine:
    where = problem.where
    kinds = [kind for kind, sheet in plan.found.sheets.items() if sheet == where.sheet]
    if not kinds:
        return ProblemLine(reader.place(problem), "", "", reader.rule(problem))
    known = where.column in {column.name for column in columns(kinds[0])}
    return ProblemLine(
        sheet=where.sheet,
        cell=plan.found.cell_of(where) or ("" if where.row is None else str(where.row)),
        column=reader.title(kinds[0], where.column) if known else where.column,
        text=reader.rule(problem),
    )
