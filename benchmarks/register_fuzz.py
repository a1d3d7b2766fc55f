"""Workbooks of wild cells: an import of any of them must end in problems or in a whole register."""

import io
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from quotawatt.register.headings import headings, sheet_name
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan, plan_import
from quotawatt.register.rows import CODED, KINDS, columns
from quotawatt.register.uploads import read_upload

_CELLS_A_BOOK = 2_000
_ZONE = ZoneInfo("Asia/Shanghai")
_SIGNS = "A1-_. 　，,：/＇'年月日０１é中\u200b\u202e\U0001f600\ufffd\n\t=@%\\\"<&;"
_WORDS = (
    *(
        "",
        " ",
        "-",
        "无",
        "至今",
        "在用",
        "是",
        "2024-01-05",
        "2024年1月5日",
        "5/1/24",
        "1,234",
        "1,234.5",
    ),
    *(
        "１２３",
        "1e999",
        "nan",
        "-inf",
        "0x10",
        "999999999999999999999",
        "BLD-1",
        "ORG-1",
        "'ORG-1",
    ),
    *("=1+1", "#REF!", "#N/A", "true", "Asia/Shanghai", "../etc", "A" * 300, "2024-02-30 25:61"),
    *(
        "0001-01-01",
        "9999-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+14:00",
        "示例",
        "编码",
        "name_zh",
    ),
)


def wild_workbook(seed: int, cells: int) -> bytes:
    """A workbook with about that many cells, most of them wrong; the same seed gives the same one.

    Some columns hold what belongs there, so that not every row ends at its first cell.
    """
    chance = random.Random(seed)
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with Workbook(out, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        kinds = chance.sample(list(KINDS), chance.randint(1, len(KINDS)))
        for kind in kinds:
            sheet = book.add_worksheet(sheet_name(kind, chance.choice(("zh", "en"))))
            _fill(chance, sheet, kind, cells // len(kinds), day)
    return out.getvalue()


def _fill(chance: random.Random, sheet: Worksheet, kind: str, cells: int, day: object) -> None:
    top = chance.choice((0, 0, 0, 3))
    names = [column.name for column in columns(kind)]
    if chance.random() < 0.1:
        chance.shuffle(names)
    for position, name in enumerate(names):
        sheet.write_string(top, position, headings(kind)[name].title(chance.choice(("zh", "en"))))
    tame = {name for name in names if chance.random() < 0.5}
    for row in range(top + 1, top + 2 + cells // len(names)):
        for position, name in enumerate(names):
            if name in tame and chance.random() < 0.9:
                code = kind in CODED and name == "code"
                text = f"{kind}-{row}" if code else headings(kind)[name].example
                sheet.write_string(row, position, text)
            else:
                chance.choice(_WRITERS)(chance, sheet, row, position, day)


def _string(chance: random.Random, sheet: Worksheet, row: int, column: int, _: object) -> None:
    signs = "".join(chance.choices(_SIGNS, k=chance.randint(0, 12)))
    sheet.write_string(row, column, chance.choice((signs, chance.choice(_WORDS))))


def _number(chance: random.Random, sheet: Worksheet, row: int, column: int, _: object) -> None:
    numbers = (0, -1, 1.5, 1e15, 1e308, 45296, 20240105, 5e-324, chance.uniform(-1e6, 1e6))
    sheet.write_number(row, column, chance.choice(numbers))


def _date(chance: random.Random, sheet: Worksheet, row: int, column: int, day: object) -> None:
    dates = (date(2024, 1, 5), datetime(2024, 1, 5, 8, 30), date(1900, 1, 1), date(9999, 12, 31))  # noqa: DTZ001
    sheet.write_datetime(row, column, chance.choice(dates), day)


def _serial(chance: random.Random, sheet: Worksheet, row: int, column: int, day: object) -> None:
    sheet.write_number(row, column, chance.choice((-1, 60, 0.5, 2_958_466, 1e12)), day)


def _formula(chance: random.Random, sheet: Worksheet, row: int, column: int, _: object) -> None:
    sheet.write_formula(row, column, "=1+1", None, chance.choice((2, "", "#REF!", "ORG-1")))


def _truth(chance: random.Random, sheet: Worksheet, row: int, column: int, _: object) -> None:
    sheet.write_boolean(row, column, chance.random() < 0.5)


_WRITERS: tuple[Callable[[random.Random, Worksheet, int, int, object], None], ...] = (
    *(_string, _string, _string, _number, _date, _serial, _formula, _truth),
)


def fuzz(seed: int, cells: int) -> Iterator[Plan]:
    """What an import of wild workbooks with that many cells altogether would do, one plan a workbook."""
    for number in range(-(-cells // _CELLS_A_BOOK)):
        data = wild_workbook(seed + number, min(_CELLS_A_BOOK, cells))
        found = read_upload("wild.xlsx", data)
        yield plan_import(Register(), found, Options(), _ZONE)


def damaged(seed: int, data: bytes) -> bytes:
    """The bytes with some of them changed, cut or doubled."""
    chance = random.Random(seed)
    broken = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(broken))
        broken[at] = chance.randrange(256)
    cut = chance.randrange(len(broken))
    return bytes(chance.choice((broken, broken[:cut], broken[cut:], broken + broken[:cut])))
