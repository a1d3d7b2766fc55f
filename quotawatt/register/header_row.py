"""The header of a sheet: in which row it stands, and which column is which.

It is the row within the first ``HEADER_WITHIN`` that names the most columns of the kind, two at least. A
column that nobody knows is not read, and said so. A heading with a multiple of the unit (万平方米) makes
its figures so many times more; one with another unit is refused, for the figures below it would be taken
for what they are not, and so is a line above the header that says such a unit for all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quotawatt.quantities import COUNTERS, QUANTITIES
from quotawatt.register.forms import FORMS
from quotawatt.register.found import Note
from quotawatt.register.headings import (
    headings,
    is_passed_over,
    must_be_filled,
    read_heading,
    spelled,
)
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.reading import Raw
from quotawatt.register.rows import column_of, columns
from quotawatt.register.unit_names import multiples, unit_spellings

HEADER_WITHIN = 20
"""Rows from the top in which a header is looked for."""

NO_HEADER = Rule(
    "no_header",
    "a sheet must have a header row that names its columns, such as {names}, within its first"
    f" {HEADER_WITHIN} rows",
    f"前 {HEADER_WITHIN} 行中须有列名行，如 {{names}}",
)
MISSING_COLUMN = Rule(
    "missing_column",
    "a required column must be there: {name}",
    "须有必填列“{name}”（{note}）",
)
COLUMN_TWICE = Rule("column_twice", "a column must stand once", "同一列只能出现一次")
UNIT = Rule("unit", "the unit of {name} must be {unit}", "{name}的单位须为 {unit}")
UNIT_ABOVE = Rule(
    "unit_above",
    "the unit of {name} must stand in its heading where the sheet says one above for all",
    "表上另注单位时，{name}的单位须写在列名中",
)
TIMES = Rule(
    "multiple_of_unit",
    "{name} was read as {times} times the figures (its unit is {unit})",
    "{name}按所注单位换算，数值已乘以 {times}（台账单位为 {unit}）",
)
COLUMN_NOT_READ = Rule(
    "column_not_read",
    "the column {name} is none of the register and was not read",
    "列 {name} 不属于台账，未读取",
)
_SHOWN = 60
_UNIT_PARTS = re.compile(r"[\s,，、;；/)）]+")
_UNIT_SAID = re.compile(r"单位\s*[:：]|[Uu]nits?\s*[:：]")

NumberedRow = tuple[int, Sequence[Raw]]


@dataclass
class Header:
    """What a header says.

    row
        Its number from 1.
    positions
        Column -> its position from 0, for the columns that are read.
    times
        Column -> how many of its unit the figures count; others count one.
    units
        Column of a form -> the unit that its heading names, where it depends on the row's quantity.
    bare
        The columns whose heading names no unit.
    width
        Cells up to the last one that is not blank.
    """

    row: int
    positions: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)
    width: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def find_header(kind: str, head: Sequence[NumberedRow]) -> int | None:
    """The index within ``head`` of the row that is the header; None where no row is one."""
    named = [len(_named(kind, cells)) for _, cells in head]
    most = max(named, default=0)
    return named.index(most) if most >= 2 else None


def no_header(sheet: str, kind: str) -> Problem:
    """The problem of a sheet without a header."""
    titles = [_title(kind, column.name) for column in columns(kind) if must_be_filled(column)][:4]
    english, chinese = zip(*titles, strict=True)
    return Problem(Where(sheet), NO_HEADER.of(names=(", ".join(english), "、".join(chinese))))


def read_header(
    sheet: str, kind: str, row: NumberedRow, above: Sequence[NumberedRow] = ()
) -> Header:
    """The columns of a header, with what is wrong with it; where something is, no row can be read by it.

    above
        The rows above the header.
    """
    number, cells = row
    header = Header(number)
    for position, cell in enumerate(cells):
        if text := "" if cell is None else str(cell).strip():
            header.width = position + 1
            _take(sheet, kind, header, position, text)
    header.problems += _units_above(sheet, kind, header, above)
    header.problems += _missing(sheet, kind, header)
    return header


def repeats_header(kind: str, positions: Mapping[str, int], cells: Sequence[Raw]) -> bool:
    """Whether a row says the headings again, in other words: identifiers below Chinese headings."""
    filled = [(name, cells[at]) for name, at in positions.items() if at < len(cells) and cells[at]]
    return len(filled) >= 2 and all(
        isinstance(cell, str) and read_heading(kind, cell).column == name for name, cell in filled
    )


def _named(kind: str, cells: Sequence[Raw]) -> set[str]:
    texts = (cell for cell in cells if isinstance(cell, str))
    return {name for text in texts if (name := read_heading(kind, text).column) is not None}


def _take(sheet: str, kind: str, header: Header, position: int, text: str) -> None:
    heading = read_heading(kind, text)
    if heading.column is None:
        if is_passed_over(text):
            return
        rule = COLUMN_NOT_READ.of(name=(repr(text[:_SHOWN]), f"“{text[:_SHOWN]}”"))
        header.notes.append(Note(Where(sheet, header.row), rule))
        return
    where = Where(sheet, header.row, heading.column)
    if heading.column in header.positions:
        header.problems.append(Problem(where, COLUMN_TWICE, text[:_SHOWN]))
    name, unit = _title(kind, heading.column), headings(kind)[heading.column].unit or "1"
    if not heading.says_unit:
        header.bare.add(heading.column)
    if heading.unit and _is_of_quantity(kind, heading.column):
        header.units[heading.column] = heading.unit
    elif heading.unit:
        header.problems.append(Problem(where, UNIT.of(name=name, unit=unit), text[:_SHOWN]))
    if heading.times != 1:
        header.times[heading.column] = heading.times
        rule = TIMES.of(name=name, times=heading.times, unit=unit)
        header.notes.append(Note(Where(sheet, header.row), rule))
    header.positions.setdefault(heading.column, position)


def _units_above(
    sheet: str, kind: str, header: Header, above: Sequence[NumberedRow]
) -> Iterator[Problem]:
    """Columns whose figures a line above (单位：万平方米) makes something else, as far as one can tell."""
    texts = [cell for _, cells in above for cell in cells if isinstance(cell, str)]
    said = [text for text in texts if _UNIT_SAID.search(text)]
    for column in sorted(header.bare):
        named = multiples(headings(kind)[column].unit)
        for text in said:
            amount = _is_of_quantity(kind, column) and _says_amount(text)
            if amount or any(unit in spelled(text) for unit in named):
                rule = UNIT_ABOVE.of(name=_title(kind, column))
                yield Problem(Where(sheet, header.row, column), rule, text[:_SHOWN])


def _is_of_quantity(kind: str, column: str) -> bool:
    """Whether a column's unit is that of the quantity which the row names."""
    return (
        kind in FORMS and column_of(kind, column).type is float and not headings(kind)[column].unit
    )


def _says_amount(text: str) -> bool:
    """Whether a line above says a unit in which amounts are; 单位：县机关事务局 says an office."""
    named = {spelled(part) for part in _UNIT_PARTS.split(_UNIT_SAID.split(text)[-1])}
    units = (quantity.unit for quantity in QUANTITIES.values() if quantity.name in COUNTERS)
    return any(not named.isdisjoint({*unit_spellings(u), *multiples(u)}) for u in units)


def _missing(sheet: str, kind: str, header: Header) -> Iterator[Problem]:
    for column in columns(kind):
        if must_be_filled(column) and column.name not in header.positions:
            note = headings(kind)[column.name].note("zh").rstrip("。")
            rule = MISSING_COLUMN.of(name=_title(kind, column.name), note=note)
            yield Problem(Where(sheet, header.row, column.name), rule)


def _title(kind: str, column: str) -> tuple[str, str]:
    """The heading in English, with the identifier, and in Chinese."""
    heading = headings(kind)[column]
    return f"{heading.en} ({column})", heading.zh
