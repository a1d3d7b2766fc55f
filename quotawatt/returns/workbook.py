"""A return as a workbook: the sheets of its form, numbers as numbers, the seal line under each."""

import io
from collections.abc import Sequence
from itertools import zip_longest
from zoneinfo import ZoneInfo

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from quotawatt.returns.layout import (
    Face,
    Sheet,
    is_unverified,
    lines_of,
    signatures,
    title_of,
    word,
)
from quotawatt.returns.periods import Period
from quotawatt.rulebook.forms import Form
from quotawatt.settings import Language
from quotawatt.spreadsheets import (
    new_workbook,
    number_format,
    numbered_name,
    print_on_a4,
    write_cell,
)

_FIRST_ROW = 5
"""Of the table: title, lines and a blank row stand above it."""


def return_workbook(
    form: Form,
    period: Period,
    sheets: Sequence[Sheet],
    face: Face,
    language: Language,
    zone: ZoneInfo,
) -> bytes:
    """The workbook of a return. The same return gives the same bytes."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        head = [title_of(form, language), *lines_of(form, period, face, language)]
        foot = _foot(form, face, language, zone)
        for number, sheet in enumerate(sheets, start=1):
            _write(book, sheet, numbered_name(number, sheet.title), head, foot)
    return out.getvalue()


def _foot(form: Form, face: Face, language: Language, zone: ZoneInfo) -> list[str]:
    signed = [*signatures(face, language, zone), word("seal", language)]
    notes = [word("trust", language)] if is_unverified(form) else []
    return ["    ".join(signed), *notes]


def _write(
    book: Workbook, sheet: Sheet, name: str, head: Sequence[str], foot: Sequence[str]
) -> None:
    page = book.add_worksheet(name)
    print_on_a4(page)
    page.set_column(0, 0, 28)
    page.set_column(1, len(sheet.heads) - 2, 13)
    page.set_column(len(sheet.heads) - 1, len(sheet.heads) - 1, 24)
    title = book.add_format({"bold": True, "font_size": 14})
    for row, line in enumerate(head):
        page.write_string(row, 0, line, title if row == 0 else None)
    _table(book, page, sheet)
    below = _FIRST_ROW + len(sheet.rows) + 2
    for row, line in enumerate(foot, start=below):
        page.write_string(row, 0, line)


def _table(book: Workbook, page: Worksheet, sheet: Sheet) -> None:
    heads = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
    words = book.add_format({"border": 1, "text_wrap": True})
    formats = {row.decimals: number_format(book, row.decimals) for row in sheet.rows}
    last = len(sheet.heads) - 1
    for column, name in enumerate(sheet.heads):
        page.write_string(_FIRST_ROW, column, name, heads)
    for at, line in enumerate(sheet.rows, start=_FIRST_ROW + 1):
        page.write_string(at, 0, line.title, words)
        page.write_string(at, 1, line.unit, words)
        # A row of words has no months.
        for column, value in zip_longest(range(2, last), line.values):
            write_cell(page, at, column, value, words, formats[line.decimals])
        page.write_string(at, last, line.note, words)
