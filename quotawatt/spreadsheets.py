"""What every workbook and CSV for people shares: how it is made, names of sheets, cells, and no formulas."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
"""What it takes for a formula when it opens a file of text."""


@contextmanager
def new_workbook(out: io.BytesIO, *, constant_memory: bool = False) -> Iterator[Workbook]:
    """A workbook written into ``out`` at the end. The same content gives the same bytes.

    constant_memory
        Whether rows are let go as they are written, one after the other.
    """
    with Workbook(out, {**_OPTIONS, "constant_memory": constant_memory}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - no instant, a constant
        yield book


def numbered_name(number: int, title: str) -> str:
    """The name of a sheet that no other sheet of the workbook has, whatever their titles are."""
    return f"{number} {_NOT_IN_NAMES.sub('', title)}"[:31]


def print_on_a4(page: Worksheet) -> None:
    """Print the sheet on A4 across, as wide as a page."""
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)


def number_format(book: Workbook, decimals: int) -> Format:
    """Of framed figures with so many digits after the point."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return book.add_format({"border": 1, "num_format": pattern})


def write_cell(
    page: Worksheet, row: int, column: int, value: Cell, words: Format, numbers: Format
) -> None:
    """Write a value, framed too where there is none."""
    if isinstance(value, str):
        page.write_string(row, column, value, words)
    elif value is None:
        page.write_blank(row, column, None, words)
    else:
        page.write_number(row, column, value, numbers)


def write_rows(page: Worksheet, rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows below the headings of the first one; cells without a value stay empty."""
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write_number(row, column, cell)


def harmless(cell: Cell) -> Cell:
    """A text that no spreadsheet program runs as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
