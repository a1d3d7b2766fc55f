"""The register as a workbook (.xlsx), and the empty one to fill; ``workbook`` reads them back exactly."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from xlsxwriter.worksheet import Worksheet

from quotawatt.errors import InputError
from quotawatt.register.cells import Cell
from quotawatt.register.headings import sheet_name
from quotawatt.register.model import Register
from quotawatt.register.rows import KINDS, Column, Record, columns, records_of
from quotawatt.register.workbook_sheets import (
    Formats,
    formats_of,
    furnish,
    write_guide,
    write_lists,
)
from quotawatt.register.writing import text_of
from quotawatt.settings import Language
from quotawatt.spreadsheets import new_workbook

MOST_ROWS = 1_048_575
MOST_SIGNS = 32_767
_FIRST_SAFE_DAY = date(1900, 3, 1)
"""Spreadsheets have a day too many before (29 February 1900)."""


def workbook_of(register: Register, language: Language, zone: ZoneInfo) -> bytes:
    """The register as a workbook with headings and words in the language.

    Instants are written with the zone of the site at which their asset is, else with ``zone``. The same
    register gives the same bytes. Raises InputError where it does not fit into a workbook.
    """
    return _workbook(register, language, zone, guide=False)


def template_workbook(language: Language) -> bytes:
    """The empty workbook to fill: a sheet a kind, and one that says how."""
    return _workbook(Register(), language, ZoneInfo("UTC"), guide=True)


def _workbook(register: Register, language: Language, zone: ZoneInfo, *, guide: bool) -> bytes:
    out = io.BytesIO()
    with new_workbook(out, constant_memory=True) as book:
        formats = formats_of(book)
        if guide:
            write_guide(book, language, formats)
        sheets = {kind: book.add_worksheet(sheet_name(kind, language)) for kind in KINDS}
        lists = write_lists(book, language)
        writer = _Writer(register, language, zone, formats)
        for kind, records in records_of(register).items():
            furnish(sheets[kind], kind, language, formats, lists)
            writer.write(sheets[kind], kind, records)
    return out.getvalue()


class _Writer:
    """Writes records below the header of their sheet."""

    def __init__(
        self, register: Register, language: Language, zone: ZoneInfo, formats: Formats
    ) -> None:
        self._register = register
        self._language = language
        self._zone = zone
        self._formats = formats

    def write(self, sheet: Worksheet, kind: str, records: Sequence[Record]) -> None:
        """Write the records of a kind. Raises InputError where they do not fit."""
        if len(records) > MOST_ROWS:
            rule = f"a sheet holds at most {MOST_ROWS} records (export a folder of .csv files)"
            raise InputError(f"{rule}, got {len(records)} {kind}")
        wanted = columns(kind)
        for row, record in enumerate(records, start=1):
            for position, column in enumerate(wanted):
                value = getattr(record, column.name)
                if value not in (None, ""):
                    self._cell(sheet, row, position, kind, column, self._local(record, value))

    def _local(self, record: Record, value: Cell) -> Cell | str:
        if not isinstance(value, datetime):
            return value
        zone = self._register.zone_of_asset(getattr(record, "asset", "")) or self._zone
        return value.astimezone(zone).isoformat()

    def _cell(
        self, sheet: Worksheet, row: int, position: int, kind: str, column: Column, value: Cell
    ) -> None:
        if isinstance(value, date) and value >= _FIRST_SAFE_DAY:
            sheet.write_datetime(row, position, value, self._formats.day)
        elif _is_exact_number(value):
            sheet.write_number(row, position, float(value))  # type: ignore[arg-type]
        else:
            text = (
                value if column.type is datetime else text_of(kind, column, value, self._language)
            )
            if len(str(text)) > MOST_SIGNS:
                rule = f"a cell holds at most {MOST_SIGNS} signs (export a folder of .csv files)"
                raise InputError(f"{rule}, got {kind} {column.name} {str(text)[:60]!r}...")
            sheet.write_string(row, position, str(text))


def _is_exact_number(value: Cell) -> bool:
    """Whether a number stays what it is with the 16 digits that a workbook keeps."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return float(f"{value:.16G}") == value
