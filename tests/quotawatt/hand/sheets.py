"""Workbooks of entries for the tests."""

import io
from collections.abc import Mapping, Sequence

from xlsxwriter.workbook import Workbook

Cell = str | float | int | None


def workbook(**sheets: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook with these sheets, each with its header row first."""
    return workbook_of(sheets)


def workbook_of(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook with sheets of any name."""
    out = io.BytesIO()
    with Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(row, column, cell)
    return out.getvalue()


READINGS_HEADER: list[Cell] = ["计量点", "抄表时间", "表底数", "确认"]
BILLS_HEADER: list[Cell] = [
    "计量点",
    "能源品种",
    "起始日期",
    "截止日期",
    "用量",
    "面积热量",
    "金额",
    "确认",
]
FUELS_HEADER: list[Cell] = [
    "计量点",
    "能源品种",
    "起始日期",
    "截止日期",
    "购入量",
    "期初库存",
    "期末库存",
]
