"""Supply contracts from a file: CSV (UTF-8 or GB18030) or a workbook, headings in Chinese or English."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import python_calamine as calamine

from quotawatt.errors import InputError
from quotawatt.money.contracts import NO_CHARGE, Draft, SupplyContract, measure_of
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.rulebook.model import Rulebook

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "subject": ("计量点", "对象", "subject", "asset"),
    "tariff": ("电价", "费率", "tariff"),
    "valid_from": ("起始日", "valid_from", "from"),
    "valid_until": ("终止日（不含）", "终止日(不含)", "valid_until", "until"),
    "account": ("户号", "account"),
    "charge": ("基本电费方式", "charge"),
    "capacity_kva": ("容量（kVA）", "容量(kVA)", "capacity_kva"),
    "demand_kw": ("合同需量（kW）", "合同需量(kW)", "demand_kw"),
    "power_factor_table": ("力调电费表", "power_factor_table"),
    "area_m2": ("供暖面积（m²）", "供暖面积(m²)", "area_m2"),
    "note": ("备注", "note"),
}
"""By column the headings that it goes by; the first is that of the Chinese form."""

REQUIRED = ("subject", "tariff", "valid_from")
CHARGES = {"不计": "none", "按容量": "capacity", "合同需量": "contracted", "实际需量": "actual"}
_ROW_LIMIT = 20_000

DAY = Rule("contract_day", "must be a day YYYY-MM-DD", "须为日期 YYYY-MM-DD")
NUMBER = Rule("contract_number", "must be a number", "须为数字")
MISSING = Rule("contract_missing_cell", "must not be empty", "不得为空")


@dataclass(frozen=True)
class Contracts:
    """What a file holds: contracts to make, and what is wrong with the other rows."""

    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]


def read_contracts_file(name: str, data: bytes, rulebook: Rulebook) -> Contracts:
    """The contracts of a file. Raises InputError where it is no table with the columns required."""
    rows = (
        _workbook(name, data)
        if name.lower().endswith((".xlsx", ".xls", ".ods"))
        else _csv(name, data)
    )
    if not rows:
        raise InputError(
            f"a file of contracts must have a heading row, got an empty {name or 'file'}"
        )
    if len(rows) > _ROW_LIMIT:
        raise InputError(
            f"a file of contracts must have at most {_ROW_LIMIT} rows, got {len(rows)}"
        )
    columns = _columns(rows[0])
    drafts, problems = [], list[Problem]()
    for number, row in enumerate(rows[1:], start=2):
        cells = {c: row[at] if at < len(row) else None for c, at in columns.items()}
        if all(cell in (None, "") for cell in cells.values()):
            continue
        where = Where(name or "file", number)
        values = _values(cells, where, problems)
        if values is not None:
            contract = SupplyContract(0, measure=measure_of(values["tariff"], rulebook), **values)
            drafts.append(Draft(where, contract))
    return Contracts(tuple(drafts), tuple(problems))


def _columns(heading: Sequence[Any]) -> dict[str, int]:
    known = {spelled.lower(): column for column, names in HEADINGS.items() for spelled in names}
    found = {}
    for at, cell in enumerate(heading):
        column = known.get(str(cell or "").strip().lower())
        if column is not None and column not in found:
            found[column] = at
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        raise InputError(
            f"a file of contracts must have the column {missing[0]}, got {list(heading)}"
        )
    return found


def _values(
    cells: Mapping[str, Any], where: Where, problems: list[Problem]
) -> dict[str, Any] | None:
    """The columns of a contract; None, with the reasons noted, where a cell is wrong."""
    before, values = len(problems), dict[str, Any]()
    for column, cell in cells.items():
        if cell in (None, ""):
            if column in REQUIRED:
                problems.append(Problem(where.at(column), MISSING))
            continue
        try:
            read: Callable[[Any], Any] = _READERS.get(column, _text)
            values[column] = read(cell)
        except ValueError:
            rule = DAY if column.startswith("valid") else NUMBER
            problems.append(Problem(where.at(column), rule, str(cell)))
    charge = values.get("charge", NO_CHARGE)
    values["charge"] = CHARGES.get(charge, charge)
    return values if len(problems) == before else None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # an account's number, as spreadsheets keep it
    return str(cell).strip()


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return date.fromisoformat(str(cell).strip().replace("/", "-"))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "valid_from": _day,
    "valid_until": _day,
    "capacity_kva": float,
    "demand_kw": float,
    "area_m2": float,
}


def _csv(name: str, data: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            return [list(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise InputError(f"a file must be readable CSV, got {name} ({error})") from None
    raise InputError(f"a file must be text in UTF-8 or GB18030, got {name}")


def _workbook(name: str, data: bytes) -> list[list[Any]]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        return book.get_sheet_by_index(0).to_python()
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise InputError(f"a file must be a readable workbook, got {name} ({error})") from None
