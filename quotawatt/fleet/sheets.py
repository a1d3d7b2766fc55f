"""Tables for people as a workbook or as CSV: each figure under its name, its unit and where it is from."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | float | int | None
"""None: not known; the cell stays empty."""

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
"""What a spreadsheet program does not take in the name of a sheet."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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
    with Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no instant, a constant
        for number, sheet in enumerate(sheets, start=1):
            name = f"{number} {_NOT_IN_NAMES.sub('', sheet.title)}"[:31]
            _write(book, book.add_worksheet(name), sheet)
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
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
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
        numbers = book.add_format({"border": 1, "num_format": _pattern(column.decimals)})
        for down, row in enumerate(sheet.rows, start=_HEAD_ROW + 3):
            _cell(page, down, at, row[at], words, numbers)
    page.freeze_panes(_HEAD_ROW + 3, 1)
    page.repeat_rows(_HEAD_ROW, _HEAD_ROW + 2)


def _cell(
    page: Worksheet, row: int, column: int, value: Cell, words: Format, numbers: Format
) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value, words)
    elif value is None:
        page.write_blank(row, column, None, words)
    else:
        page.write_number(row, column, value, numbers)


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _plain(cell: Cell, decimals: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    return f"{cell:.{decimals}f}"
