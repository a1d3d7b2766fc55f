"""Entries as a workbook (.xlsx): the empty one to fill, with lists to choose from, and what was filled in."""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from quotawatt.hand import rules
from quotawatt.hand.carriers import KINDS_OF
from quotawatt.hand.entries import KIND_OF
from quotawatt.register.forms import FORMS
from quotawatt.register.found import Found
from quotawatt.register.header_table import header_table
from quotawatt.register.headings import headings, named_sheet, spelled, word_for
from quotawatt.register.model import Register
from quotawatt.register.rows import columns
from quotawatt.register.workbook import LISTS_SHEET, Book, read_workbook
from quotawatt.register.workbook_sheets import formats_of, furnish
from quotawatt.settings import Language
from quotawatt.spreadsheets import new_workbook

Lists = Mapping[str, Sequence[str]]
"""By ``form.column`` what can be chosen there."""


def read_entries(name: str, data: bytes, step: Callable[[int], None] = lambda _: None) -> Found:
    """Read the forms of a workbook. Nothing is raised: what is wrong is among the problems.

    name
        Of the file, for messages.
    step
        Told now and then how many rows were read since.
    """
    return read_workbook(name or "workbook", data, step, _BOOK)


def template_entries(register: Register, language: Language) -> bytes:
    """The empty workbook: a sheet a form, with the register's assets to choose from."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        formats = formats_of(book)
        sheets = {form: book.add_worksheet(_sheet_name(form, language)) for form in FORMS}
        lists = _write_lists(book, _choices(register, language))
        for form, sheet in sheets.items():
            furnish(sheet, form, language, formats, lists)
    return out.getvalue()


def form_of_sheet(name: str) -> str | None:
    """The form that a sheet of this name holds; None where it is none."""
    return named_sheet(name, _forms())


_BOOK = Book(form_of_sheet, rules.NO_SHEETS, rules.NOT_READ)


@cache
def _forms() -> Mapping[str, str]:
    return {
        spelled(name): form
        for form, entry in header_table()["forms"].items()
        for name in (form, entry["zh"], entry["en"], *entry["aka"])
    }


def _sheet_name(form: str, language: Language) -> str:
    name: str = header_table()["forms"][form][language]
    return name


def _choices(register: Register, language: Language) -> Lists:
    found: dict[str, Sequence[str]] = {}
    for form in FORMS:
        classes, _ = KINDS_OF[KIND_OF[form]]
        found[f"{form}.asset"] = [
            f"{asset.code} {asset.name_zh if language == 'zh' else asset.name_en}".rstrip()
            for asset in register.assets.values()
            if isinstance(asset, classes) and asset.status == "in_use"
        ]
        for column in columns(form):
            words = headings(form)[column.name].words
            if words:
                found[f"{form}.{column.name}"] = [
                    word_for(form, column.name, identifier, language) for identifier in words
                ]
    return found


def _write_lists(book: Workbook, lists: Lists) -> Mapping[str, str]:
    """Write the lists into a hidden sheet; gives where each stands."""
    sheet = book.add_worksheet(LISTS_SHEET)
    sheet.hide()
    found = {}
    for position, (name, choices) in enumerate(lists.items()):
        for row, choice in enumerate(choices):
            sheet.write_string(row, position, choice)
        if choices:
            at = xl_col_to_name(position)
            found[name] = f"='{LISTS_SHEET}'!${at}$1:${at}${len(choices)}"
    return found
