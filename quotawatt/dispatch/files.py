"""Orders and fuel-card rows as files that people hand in or take away: a workbook or CSV, in zh or en."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from quotawatt.dispatch.checks import FORM
from quotawatt.dispatch.drafting import OWN_NUMBER
from quotawatt.register.csvfiles import read_csv
from quotawatt.register.found import Found
from quotawatt.register.header_table import header_table, spelled
from quotawatt.register.headings import headings, named_sheet, word_for
from quotawatt.register.problems import Rule
from quotawatt.register.rows import columns
from quotawatt.register.workbook import SHEET_NOT_READ, Book, read_workbook
from quotawatt.register.workbook_sheets import formats_of, furnish
from quotawatt.settings import Language
from quotawatt.spreadsheets import Cell, harmless, new_workbook, write_rows

_NO_SHEET = Rule(
    "no_sheet",
    "a workbook must have a sheet by the name of {names}",
    "工作簿中须有名为{names}的工作表",
)


def read_form(form: str, name: str, data: bytes) -> Found:
    """Read a workbook, or CSV where the name ends so. Nothing is raised: what is wrong is in the problems.

    form
        ``dispatch_orders`` or ``fuel_card_rows``.
    """
    if name.lower().endswith(".csv"):
        return read_csv(name, data, form)
    return read_workbook(name or "workbook", data, lambda _: None, _book(form))


def template(form: str, language: Language) -> bytes:
    """The empty workbook to fill. The same language gives the same bytes."""
    return _workbook(form, (), language)


def order_csv(orders: Sequence[Mapping[str, object]], language: Language, zone: ZoneInfo) -> bytes:
    """Orders as CSV in UTF-8 with a byte order mark, as spreadsheet programs expect it.

    orders
        As the API gives them. Times are local in ``zone``; what is written can be read again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading.title(language) for heading in headings(FORM).values()])
    for order in orders:
        writer.writerow([harmless(cell) for cell in _cells(order, language, zone)])
    return out.getvalue().encode("utf-8-sig")


def order_workbook(
    orders: Sequence[Mapping[str, object]], language: Language, zone: ZoneInfo
) -> bytes:
    """Orders as a workbook, as ``order_csv`` has them. The same orders give the same bytes."""
    return _workbook(FORM, [_cells(order, language, zone) for order in orders], language)


FILES: Mapping[str, Callable[[Sequence[Mapping[str, object]], Language, ZoneInfo], bytes]] = {
    ".csv": order_csv,
    ".xlsx": order_workbook,
}
"""What writes orders, by the end of the file's name."""


def _book(form: str) -> Book:
    entry = header_table()["fleet_forms"][form]
    known = {spelled(name): form for name in (form, entry["zh"], entry["en"], *entry["aka"])}
    rule = _NO_SHEET.of(names=(repr(entry["en"]), f"“{entry['zh']}”"))
    return Book(lambda name: named_sheet(name, known), rule, SHEET_NOT_READ)


def _cells(order: Mapping[str, object], language: Language, zone: ZoneInfo) -> list[Cell]:
    """The cells of an order in the order of the form's columns; our own number where it has no other."""
    own = f"{OWN_NUMBER}{order['number']}"
    flat = {**order, "source_number": order["source_number"] or own}
    flat["state"] = word_for(FORM, "state", str(order["state"]), language)
    return [_cell(flat[column.name], column.type, zone) for column in columns(FORM)]


def _cell(value: object, kind: type, zone: ZoneInfo) -> Cell:
    if value is None or value == "":
        return None
    if kind is datetime:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
    if kind is int:
        return int(str(value))
    return float(str(value)) if kind is float else str(value)


def _workbook(form: str, rows: Sequence[Sequence[Cell]], language: Language) -> bytes:
    out = io.BytesIO()
    with new_workbook(out) as book:
        formats = formats_of(book)
        sheet = book.add_worksheet(header_table()["fleet_forms"][form][language])
        furnish(sheet, form, language, formats, {})
        write_rows(sheet, rows)
    return out.getvalue()
