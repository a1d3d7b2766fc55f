"""A sheet of a workbook, or a file, becomes rows of a kind.

People keep a title above the header, hints below it, blank rows and columns, and columns of their own.
Rows without anything in a column that is read are passed over, and so are, which is said: rows that repeat
the headings, totals, and rows that begin with a word for a hint, an example or a signature.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from quotawatt.register.cells import Cell
from quotawatt.register.found import Note
from quotawatt.register.header_row import (
    HEADER_WITHIN,
    Header,
    NumberedRow,
    find_header,
    no_header,
    read_header,
    repeats_header,
)
from quotawatt.register.headings import spelled
from quotawatt.register.problems import CellError, Problem, Rule, Where
from quotawatt.register.reading import Raw, reader_of
from quotawatt.register.rows import Row, columns

MOST_PROBLEMS = 10_000
"""Wrong cells of one sheet after which the rest of it is not read."""

TOO_MANY_CELLS = Rule(
    "too_many_cells",
    "a row must have at most {count} cells",
    "每行最多 {count} 个单元格",
)
TOO_MANY_PROBLEMS = Rule(
    "too_many_problems",
    f"a sheet must have less than {MOST_PROBLEMS} wrong cells; the rest of it was not read",
    f"一张表中的错误单元格须少于 {MOST_PROBLEMS} 个；其余未读取",
)
HINT_NOT_READ = Rule(
    "hint_not_read",
    "taken for a hint, a total or an example and not read",
    "视为合计、填写说明或示例，未读取",
)

_HINT = re.compile(
    r"示例|example|#|例[如]?:|note:|说明$"
    r"|(备?注|(填[写表报])?说明|注意事项|数据来源)[0-9]{0,2}[:.、]"
    r"|(填[表报]|制表|经办|审[核批]|复核|负责|单位负责|主管|分管|联系)(人|领导|电话|日期|时间|单位)?[^:]{0,12}:"
    r"|(填[表报]|制表)(日期|时间)|单位[(]?盖章"
)
_TOTAL = re.compile(r"(本[页表])?(合计|小计|总计|共计|累计|total|subtotal)([(].{0,30}[)])?[:0-9.]*")
_STEP = 2_000


@dataclass(frozen=True)
class Grid:
    """Cells of a sheet or file.

    name
        As people know it: 建筑, or buildings.csv.
    rows
        Each with its number from 1, in order; blank ones may be left out, a blank cell is None.
    closed
        Whether a cell beyond the header is a problem: in a file with separators it means that one slipped.
    """

    name: str
    kind: str
    rows: Iterable[NumberedRow]
    closed: bool = False


@dataclass
class Taken:
    """What became of a grid.

    header
        None where none was found; one with problems is of no use, and no row is read by it.
    """

    header: Header | None = None
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Whether the rows could be read, right or wrong."""
        return self.header is not None and not self.header.problems


def read_grid(grid: Grid, step: Callable[[int], None]) -> Taken:
    """Read the rows of a kind. ``step`` is told now and then how many rows were read since."""
    rows = iter(grid.rows)
    head = list(islice(rows, HEADER_WITHIN))
    index = find_header(grid.kind, head)
    if index is None:
        return Taken(problems=[no_header(grid.name, grid.kind)])
    header = read_header(grid.name, grid.kind, head[index], head[:index])
    if header.problems:
        return Taken(header, problems=list(header.problems), notes=header.notes)
    taken = Taken(header, notes=header.notes)
    _read_rows(grid, header, chain(head[index + 1 :], rows), taken, step)
    return taken


def _read_rows(
    grid: Grid,
    header: Header,
    rows: Iterable[NumberedRow],
    taken: Taken,
    step: Callable[[int], None],
) -> None:
    reader = _RowReader(grid, header, taken.problems)
    for number, cells in rows:
        if not reader.fills(cells):
            continue
        if repeats_header(grid.kind, header.positions, cells) or _is_no_record(cells):
            taken.notes.append(Note(Where(grid.name, number), HINT_NOT_READ))
            continue
        taken.rows.append(reader.read(number, cells))
        if len(taken.rows) % _STEP == 0:
            step(_STEP)
        if len(taken.problems) >= MOST_PROBLEMS:
            taken.problems.append(Problem(Where(grid.name, number), TOO_MANY_PROBLEMS))
            return
    step(len(taken.rows) % _STEP)


class _RowReader:
    """Reads rows by a header."""

    def __init__(self, grid: Grid, header: Header, problems: list[Problem]) -> None:
        self._grid = grid
        self._width = header.width
        self._problems = problems
        self._readers: list[tuple[str, int, Callable[[Raw], Cell]]] = [
            (
                column.name,
                header.positions[column.name],
                reader_of(grid.kind, column, header.times.get(column.name, 1)),
            )
            for column in columns(grid.kind)
            if column.name in header.positions
        ]
        self._positions = frozenset(header.positions.values())
        self._units = header.units

    def fills(self, cells: Sequence[Raw]) -> bool:
        """Whether anything stands in a column that is read."""
        count = len(cells)
        return any(at < count and _is_filled(cells[at]) for at in self._positions)

    def read(self, number: int, cells: Sequence[Raw]) -> Row:
        """The row; its wrong cells become problems."""
        where = Where(self._grid.name, number)
        count = len(cells)
        if self._grid.closed and count > self._width:
            self._problems.append(Problem(where, TOO_MANY_CELLS.of(count=self._width), count))
        values: dict[str, Cell] = {}
        for name, at, read in self._readers:
            raw = cells[at] if at < count else None
            try:
                values[name] = read(raw)
            except CellError as error:
                shown = "" if raw is None else raw
                self._problems.append(Problem(where.at(name), error.rule, shown))
        return Row(where, values, self._units)


def _is_filled(cell: Raw) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def says_no_record(text: str) -> bool:
    """Whether a row that begins with this text is a total, a hint, an example or a signature."""
    plain = spelled(text)
    return _HINT.match(plain) is not None or _TOTAL.fullmatch(plain) is not None


def _is_no_record(cells: Sequence[Raw]) -> bool:
    """By the first cell; behind a number in a column of its own the first one with words may say a total."""
    filled = [cell for cell in cells if _is_filled(cell)]
    if isinstance(filled[0], str):
        return says_no_record(filled[0])
    words = next((cell for cell in filled if isinstance(cell, str)), "")
    return _TOTAL.fullmatch(spelled(words)) is not None
