"""Tables for people as a workbook or as CSV: each figure under its name, its unit and where it is from."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from quotawatt.spreadsheets import (
    Cell,
    harmless,
    new_workbook,
    number_format,
    numbered_name,
    print_on_a4,
    write_cell,
)

_HEAD_ROW = 3
"""Title, line below it and a blank row stand above the table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: name, unit (empty: none), where its figures are from, digits after the point."""

    name: str
    unit: str = ""
    source: str = ""
    decimals: int = 0
    width: int = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: rows have a cell for each column."""

    title: str
    line: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def sheets_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as a workbook (.xlsx). The same sheets give the same bytes."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        for number, sheet in enumerate(sheets, start=1):
            _write(book, book.add_worksheet(numbered_name(number, sheet.title)), sheet)
    return out.getvalue()


def sheet_csv(sheet: Sheet) -> bytes:
    """The table as CSV in UTF-8 with a mark, as spreadsheet programs take it; units stand with the names.

    Text that a spreadsheet program would reckon as a formula has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"{c.name} ({c.unit})" if c.unit else c.name for c in sheet.columns])
    for row in sheet.rows:
        cells = zip(row, sheet.columns, strict=True)
        writer.writerow([_plain(cell, column.decimals) for cell, column in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _write(book: Workbook, page: Worksheet, sheet: Sheet) -> None:
    print_on_a4(page)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    page.write_string(1, 0, sheet.line)
    heads = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
    small = book.add_format({"border": 1, "text_wrap": True, "font_size": 8, "align": "center"})
    words = book.add_format({"border": 1, "text_wrap": True})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(_HEAD_ROW, at, column.name, heads)
        page.write_string(_HEAD_ROW + 1, at, column.unit, small)
        page.write_string(_HEAD_ROW + 2, at, column.source, small)
        numbers = number_format(book, column.decimals)
        for down, row in enumerate(sheet.rows, start=_HEAD_ROW + 3):
            write_cell(page, down, at, row[at], words, numbers)
    page.freeze_panes(_HEAD_ROW + 3, 1)
    page.repeat_rows(_HEAD_ROW, _HEAD_ROW + 2)


def _plain(cell: Cell, decimals: int) -> str:
    if cell is None:
        return ""
    return str(harmless(cell)) if isinstance(cell, str) else f"{cell:.{decimals}f}"
