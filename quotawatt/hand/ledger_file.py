"""The monthly ledger (台账) as a file that people keep: a workbook or CSV, headings in Chinese or English."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from quotawatt.register.headings import word_for
from quotawatt.settings import Language
from quotawatt.spreadsheets import Cell, harmless, new_workbook, write_rows

Line = Mapping[str, Any]
"""A line as the API gives it."""

_SOURCES = {
    "telemetry": ("自动采集", "telemetry"),
    "reading": ("抄表", "meter reading"),
    "bill": ("账单", "bill"),
    "purchase": ("燃料购入", "purchase"),
    "computed": ("计算", "computed"),
    "missing": ("缺失", "missing"),
}
_HEADINGS: Mapping[str, tuple[str, str]] = {
    "month": ("月份", "Month"),
    "organisation": ("单位", "Organisation"),
    "asset": ("计量点", "Asset"),
    "name": ("名称", "Name"),
    "quantity": ("能源品种", "Quantity"),
    "unit": ("单位（量）", "Unit"),
    "source": ("来源", "Source"),
    "opening_time": ("期初抄表时间", "Opening reading at"),
    "opening_value": ("期初表底数", "Opening reading"),
    "closing_time": ("期末抄表时间", "Closing reading at"),
    "closing_value": ("期末表底数", "Closing reading"),
    "multiplier": ("倍率", "Multiplier"),
    "use_by_readings": ("抄表期间用量", "Use between readings"),
    "use": ("本月用量", "Use of the month"),
    "coverage_pct": ("覆盖率 %", "Coverage %"),
    "estimated_pct": ("估算占比 %", "Estimated %"),
    "billed": ("账单用量", "Billed"),
    "opening_stock": ("期初库存", "Opening stock"),
    "bought": ("购入量", "Bought"),
    "closing_stock": ("期末库存", "Closing stock"),
    "cost_cny": ("金额（元）", "Cost (CNY)"),
    "entries": ("录入编号", "Entries"),
    "entered_by": ("录入人", "Entered by"),
    "previous_month": ("上月用量", "Month before"),
    "last_year": ("上年同月用量", "Same month last year"),
}


def headings_of(language: Language) -> list[str]:
    """The headings in order."""
    return [words[0 if language == "zh" else 1] for words in _HEADINGS.values()]


def cells_of(month: str, line: Line, language: Language, zone: ZoneInfo) -> list[Cell]:
    """The cells of a line in the order of the headings; times are those of ``zone``."""
    flat: dict[str, Any] = {
        **line,
        "month": month,
        "name": line["name"].get(language, ""),
        "quantity": word_for("hand_bills", "quantity", line["quantity"], language),
        "source": _SOURCES[line["source"]][0 if language == "zh" else 1],
        "coverage_pct": round(100 * line["coverage"], 1),
        "estimated_pct": _percent(line["estimated"]),
        "entries": ", ".join(str(number) for number in line["entries"]),
        "entered_by": ", ".join(line["entered_by"]),
    }
    for end in ("opening", "closing"):
        stand = line[f"{end}_reading"]
        flat[f"{end}_time"] = None if stand is None else _local(stand["time"], zone)
        flat[f"{end}_value"] = None if stand is None else stand["value"]
    return [flat[name] for name in _HEADINGS]


def ledger_csv(month: str, lines: Sequence[Line], language: Language, zone: ZoneInfo) -> bytes:
    """The ledger as CSV in UTF-8 with a byte order mark, as spreadsheet programs expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings_of(language))
    for line in lines:
        writer.writerow([harmless(cell) for cell in cells_of(month, line, language, zone)])
    return out.getvalue().encode("utf-8-sig")


def ledger_workbook(month: str, lines: Sequence[Line], language: Language, zone: ZoneInfo) -> bytes:
    """The ledger as a workbook of one sheet. The same lines give the same bytes."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        sheet = book.add_worksheet(month)
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        sheet.freeze_panes(1, 4)
        sheet.set_column(0, len(_HEADINGS) - 1, 14)
        for column, heading in enumerate(headings_of(language)):
            sheet.write_string(0, column, heading, bold)
        write_rows(sheet, [cells_of(month, line, language, zone) for line in lines])
    return out.getvalue()


FILES: Mapping[str, Callable[[str, Sequence[Line], Language, ZoneInfo], bytes]] = {
    ".csv": ledger_csv,
    ".xlsx": ledger_workbook,
}
"""What writes a ledger, by the end of the file's name."""


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _local(time: str | datetime, zone: ZoneInfo) -> str:
    instant = datetime.fromisoformat(time) if isinstance(time, str) else time
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
