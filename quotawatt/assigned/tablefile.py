"""Assigned targets from a workbook (.xlsx, its first sheet) or a CSV file (UTF-8 or GB18030), a row each.

Headings are understood in Chinese and English, in any order, on the first row that is not blank; columns
of one's own are passed over. Nothing is raised: what is wrong is among the problems, all at once.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

import python_calamine as calamine

from quotawatt.assigned import rules
from quotawatt.assigned.wishes import TARGET, Wish
from quotawatt.register.archive import Refused, open_archive
from quotawatt.register.cells import PARSERS, REQUIRED
from quotawatt.register.days import written_day, written_year
from quotawatt.register.header_table import spelled
from quotawatt.register.problems import CellError, Problem, Where

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "asset": ("编码", "单位编码", "code", "asset"),
    "indicator": ("指标", "指标编号", "indicator"),
    "year": ("年度", "年份", "year"),
    "amount": ("指标值", "下达值", "amount", "value"),
    "document": ("文号", "document"),
    "decided_on": ("发文日期", "文件日期", "decided_on", "document date"),
    "effective_from": ("生效日期", "effective_from", "from"),
    "approved_by": ("批准人", "批准单位", "approved_by"),
    "note": ("原因", "备注", "note", "reason"),
    "assigner": ("下达单位", "下达单位编码", "assigner"),
    "tree": ("管理关系", "tree"),
}
"""Column -> what its heading may be; the first one is the Chinese that people see."""

_TYPES: Mapping[str, type] = {
    "year": int,
    "amount": float,
    "decided_on": date,
    "effective_from": date,
}
_NEEDED = ("asset", "indicator", "year", "amount", "document", "decided_on")
_TREES = {"属地": "region", "主管部门": "system"}
MOST_ROWS = 20_000

_BROKEN = (
    calamine.CalamineError,
    csv.Error,
    zipfile.BadZipFile,
    LookupError,
    ValueError,
    OSError,
)


class TargetFile(NamedTuple):
    """What was read: wishes, whose places are rows of the file, and what is wrong."""

    wishes: tuple[Wish, ...]
    problems: tuple[Problem, ...]


def read_targets(name: str, data: bytes) -> TargetFile:
    """Read a file of targets; of a row with a wrong cell there is no wish."""
    try:
        rows = list(_rows(name, data))
    except Refused as refused:
        return TargetFile((), (refused.problem,))
    except _BROKEN as error:
        return TargetFile((), (Problem(Where(name), rules.FILE, str(error)),))
    if len(rows) > MOST_ROWS:
        return TargetFile((), (Problem(Where(name), rules.ROWS.of(most=MOST_ROWS), len(rows)),))
    if not rows:
        return TargetFile((), (Problem(Where(name), rules.NO_ROWS),))
    number, header = rows[0]
    places = _places(header)
    missing = [HEADINGS[column][0] for column in _NEEDED if column not in places]
    if missing:
        rule = rules.HEADINGS.of(names=", ".join(missing))
        return TargetFile((), (Problem(Where(name, number), rule),))
    read = [_wish(Where(name, row), cells, places) for row, cells in rows[1:]]
    return TargetFile(
        tuple(wish for wish, _ in read if wish is not None),
        tuple(problem for _, problems in read for problem in problems),
    )


def _rows(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their number from 1, as texts."""
    rows: Sequence[Sequence[Any]]
    if name.lower().endswith(".csv"):
        rows = list(csv.reader(io.StringIO(_text(data), newline=""), strict=True))
    else:
        open_archive(name, data).close()
        sheet = calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        cells = [_plain(cell) for cell in row]
        if any(cells):
            yield number, cells


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _plain(cell: object) -> str:
    """The text of a cell as people would write it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _places(header: Sequence[str]) -> dict[str, int]:
    known = {spelled(name): column for column, names in HEADINGS.items() for name in names}
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        column = known.get(spelled(heading))
        if column is not None:
            found.setdefault(column, place)
    return found


def _wish(
    where: Where, cells: Sequence[str], places: Mapping[str, int]
) -> tuple[Wish | None, list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, place in places.items():
        text = cells[place] if place < len(cells) else ""
        try:
            if (value := _value(column, text)) is not None:
                values[column] = value
        except CellError as error:
            problems.append(Problem(where.at(column), error.rule, text))
    if problems:
        return None, problems
    values |= {"kind": TARGET, "name": values.pop("indicator")}
    values |= {"amounts": (values.pop("amount"),), "where": where}
    values["tree"] = _TREES.get(values.get("tree", ""), values.get("tree", "region"))
    assert set(values) <= {field.name for field in fields(Wish)}
    return Wish(**values), []


def _value(column: str, text: str) -> Any:
    """The cell's value; None where it is empty and may be. Raises CellError."""
    if not text:
        if column in _NEEDED:
            raise CellError(REQUIRED)
        return None
    kind = _TYPES.get(column, str)
    if kind is date:
        return written_day(text)
    return PARSERS[kind](written_year(text) if column == "year" else text)
