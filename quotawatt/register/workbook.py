"""Reading a workbook (.xlsx): a sheet a kind, named in Chinese, English or by the identifier.

Sheets of other names are not read, and said so. A formula counts by the value that was saved with it.
"""

import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

import python_calamine as calamine

from quotawatt.register.archive import DAMAGED, Refused, open_archive
from quotawatt.register.cells import REQUIRED
from quotawatt.register.found import Found, Note, unreadable
from quotawatt.register.gathering import Gathering
from quotawatt.register.headings import kind_of_sheet
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.reading import Raw
from quotawatt.register.sheets import Grid, Taken, read_grid
from quotawatt.register.workbook_scan import Scan, letter, scan_sheet, sheet_parts

CELLS_LIMIT = 6_000_000
"""Cells between the first and the last of a sheet; a reader makes room for all of them."""
LISTS_SHEET = "_lists"
OWN_SHEETS = frozenset({"填写说明", "Guide", LISTS_SHEET})
"""Sheets of the template that hold no records."""

NO_SHEETS = Rule(
    "no_sheets",
    "a workbook must have at least one sheet by the name of a kind, such as 建筑 or Buildings",
    "工作簿须至少有一张以类别命名的工作表，如“单位”“建筑”“公务用车”",
)
SHEET_TWICE = Rule(
    "sheet_twice",
    "a kind must stand in one sheet, and is in {other} too",
    "同一类资产须在一张工作表中，“{other}”也是这一类（请合并，或为不需读取的改名）",
)
HIDDEN_SHEET = Rule(
    "hidden_sheet",
    "a sheet that is read must be visible (show it, or give it another name)",
    "要读取的工作表不得隐藏（请取消隐藏，或改名）",
)
EXTENT = Rule(
    "extent",
    f"a sheet must span at most {CELLS_LIMIT} cells (clear what stands far below or to the right)",
    f"工作表跨度不得超过 {CELLS_LIMIT} 个单元格（请清除远处的单元格）",
)
MERGED = Rule(
    "merged",
    "cells of a table must not be merged (unmerge them and fill each)",
    "表格中不得有合并单元格（请取消合并，表头只留一行，并逐格填写）",
)
ERROR_CELL = Rule(
    "error_cell",
    "a cell must not hold an error such as #REF! or #N/A",
    "单元格不得为错误值（如 #REF!、#N/A）",
)
NO_VALUE = Rule(
    "formula_without_value",
    "a formula must have its value saved with it (open and save it with a spreadsheet program)",
    "公式须带有已保存的计算结果（请用表格软件打开并保存）",
)
SHEET_NOT_READ = Rule(
    "sheet_not_read", "no sheet of the register and not read", "不是台账工作表，未读取"
)
HIDDEN_ROWS = Rule("hidden_rows", "{count} hidden rows were read too", "{count} 个隐藏行也已读取")


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook may hold.

    kind_of
        The kind of a sheet by its name; None: it is not read.
    no_sheets, not_read
        What is said where no sheet is read, and of one that is not.
    """

    kind_of: Callable[[str], str | None]
    no_sheets: Rule
    not_read: Rule


REGISTER_BOOK = Book(kind_of_sheet, NO_SHEETS, SHEET_NOT_READ)


def read_workbook(
    name: str, data: bytes, step: Callable[[int], None], wanted: Book = REGISTER_BOOK
) -> Found:
    """Read all sheets of a workbook that are wanted; those of the register where nothing else is.

    name
        Of the file, for messages.
    step
        Told now and then how many rows were read since.

    Nothing is raised: whatever is wrong is among the problems.
    """
    try:
        archive = open_archive(name, data)
        parts = sheet_parts(archive)
        book = calamine.load_workbook(io.BytesIO(data))
        return _read_sheets(name, book, archive, parts, step, wanted)
    except Refused as refused:
        return unreadable(refused.problem)
    except _BROKEN as error:
        return unreadable(Problem(Where(name), DAMAGED, str(error)))


_BROKEN = (
    calamine.CalamineError,
    expat.ExpatError,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    OSError,
)


def _read_sheets(
    name: str,
    book: calamine.CalamineWorkbook,
    archive: zipfile.ZipFile,
    parts: Mapping[str, str],
    step: Callable[[int], None],
    wanted: Book,
) -> Found:
    gathering = Gathering()
    for sheet in book.sheets_metadata:
        kind = wanted.kind_of(sheet.name)
        if kind is None:
            if sheet.name not in OWN_SHEETS:
                gathering.notes.append(Note(Where(sheet.name), wanted.not_read))
        elif kind in gathering.sheets:
            rule = SHEET_TWICE.of(other=gathering.sheets[kind])
            gathering.problems.append(Problem(Where(sheet.name), rule, sheet.name))
        else:
            gathering.sheets[kind] = sheet.name
            scan = scan_sheet(archive, parts[sheet.name])
            problem = _unreadable(sheet, scan)
            if problem is None:
                _read_sheet(book, sheet.name, kind, scan, gathering, step)
            else:
                gathering.problems.append(problem)
    if not gathering.sheets:
        names = "、".join(sheet.name for sheet in book.sheets_metadata)
        gathering.problems.append(Problem(Where(name), wanted.no_sheets, names))
    return gathering.found()


def _unreadable(sheet: calamine.SheetMetadata, scan: Scan) -> Problem | None:
    """What forbids to read the sheet at all."""
    if sheet.visible != calamine.SheetVisibleEnum.Visible:
        return Problem(Where(sheet.name), HIDDEN_SHEET, sheet.name)
    if scan.last_row * scan.last_column > CELLS_LIMIT:
        return Problem(Where(sheet.name), EXTENT, f"A1:{letter(scan.last_column)}{scan.last_row}")
    return None


def _read_sheet(
    book: calamine.CalamineWorkbook,
    name: str,
    kind: str,
    scan: Scan,
    gathering: Gathering,
    step: Callable[[int], None],
) -> None:
    values = book.get_sheet_by_name(name)
    offset = (values.start or (0, 0))[1]
    taken = read_grid(Grid(name, kind, _numbered(values, scan)), step)
    if taken.header is not None:
        _judge(name, scan, taken, offset)
    if scan.hidden_rows:
        taken.notes.append(Note(Where(name), HIDDEN_ROWS.of(count=scan.hidden_rows)))
    gathering.take(kind, name, taken, lambda position: letter(position + offset + 1))


def _numbered(values: calamine.CalamineSheet, scan: Scan) -> Iterator[tuple[int, list[Raw]]]:
    """Rows that are not blank, each with its number. Rows come from the first of the sheet on."""
    for number, row in enumerate(values.iter_rows(), start=1):
        cells: list[Raw] = [None if cell == "" else cell for cell in row]
        if any(cell is not None for cell in cells):
            yield number, cells


def _judge(name: str, scan: Scan, taken: Taken, offset: int) -> None:
    """Add the problems that values do not show, of the columns that are read, from the header down."""
    assert taken.header is not None
    top = taken.header.row
    at = {position + offset + 1: column for column, position in taken.header.positions.items()}
    for cells, rule, value in ((scan.errors, ERROR_CELL, "#"), (scan.unvalued, NO_VALUE, "=")):
        places = [
            Where(name, row, at[column]) for row, column in cells if row > top and column in at
        ]
        _replace(taken, places, rule, value)
    records = {row.where.row for row in taken.rows}
    for first_row, first_column, last_row, last_column in scan.merged:
        span = f"{letter(first_column)}{first_row}:{letter(last_column)}{last_row}"
        columns = [at[column] for column in sorted(at) if first_column <= column <= last_column]
        rows = range(max(first_row, top), min(last_row, scan.last_row) + 1)
        if columns and (first_row <= top <= last_row or not records.isdisjoint(rows)):
            empty = {Where(name, row, column) for row in rows for column in columns}
            taken.problems = [p for p in taken.problems if not _is_empty(p, empty)]
            place = Where(name, max(first_row, top), columns[0])
            taken.problems.append(Problem(place, MERGED, span))


def _replace(taken: Taken, places: Sequence[Where], rule: Rule, value: str) -> None:
    """Add a problem for each place, instead of the complaint that nothing stands there."""
    known = set(places)
    taken.problems = [p for p in taken.problems if not _is_empty(p, known)]
    taken.problems += [Problem(place, rule, value) for place in places]


def _is_empty(problem: Problem, places: Collection[Where]) -> bool:
    return problem.rule.code == REQUIRED.code and problem.where in places
