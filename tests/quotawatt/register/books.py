"""Workbooks for tests: sheets as lists of rows, and what an import makes of them."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter.workbook import Workbook

from quotawatt.register.found import Found
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.uploads import read_upload

ZONE = ZoneInfo("Asia/Shanghai")
ORGANISATIONS = [
    ["编码", "中文名称", "英文名称", "机构类型", "级别"],
    ["ORG-1", "岚泉市机关事务管理局", "Lanquan Office Affairs Bureau", "党政机关", "市级"],
]
SITES = [
    ["编码", "中文名称", "英文名称", "时区", "省份", "定额分区"],
    ["SITE-1", "东院", "East court", "Asia/Shanghai", "山东", "B"],
]
BUILDINGS = [
    ["编码", "中文名称", "英文名称", "所在院区", "使用单位", "建筑面积(㎡)"],
    ["BLD-1", "主楼", "Main building", "SITE-1", "ORG-1", 8000],
]

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def book(
    sheets: Sheets, more: Callable[[Workbook, Mapping[str, Any]], None] | None = None
) -> bytes:
    """A workbook with these sheets; ``more`` may do to it what a list of rows cannot say."""
    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        added = {name: made.add_worksheet(name) for name in sheets}
        for name, rows in sheets.items():
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date | datetime):
                        added[name].write_datetime(row, column, cell, day)
                    elif cell is not None:
                        added[name].write(row, column, cell)
        if more is not None:
            more(made, added)
    return out.getvalue()


def read(
    sheets: Sheets, more: Callable[[Workbook, Mapping[str, Any]], None] | None = None
) -> Found:
    """What is read of a workbook with these sheets."""
    return read_upload("台账.xlsx", book(sheets, more))


def planned(found: Found, stored: Register = Register(), options: Options = Options()) -> Plan:
    """What an import of it would do."""
    return plan_import(stored, found, options, ZONE)


def whole(**changed: Sequence[Sequence[Any]]) -> Sheets:
    """A small right register; by keyword the sheets that are others."""
    return {"单位": ORGANISATIONS, "院区": SITES, "建筑": BUILDINGS, **changed}


def problems_of(sheets: Sheets, **more: Any) -> list[str]:
    """The problems of a workbook in English, each at its cell."""
    plan = planned(read(sheets, **more))
    return [plan.found.placed(problem).text() for problem in plan.problems]


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with other parts; ``sheet1`` stands for the XML of the first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            short = name.rsplit("/", 1)[-1].partition(".")[0]
            new.writestr(name, parts.get(short) or old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
