"""The sheets of a workbook to be filled: headings with notes, drop-downs, formats, and the guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from quotawatt.register.headings import (
    REQUIRED_MARK,
    headings,
    must_be_filled,
    sheet_name,
    word_for,
)
from quotawatt.register.rows import KINDS, Column, columns
from quotawatt.register.rules import REFERENCES, VOCABULARIES
from quotawatt.register.workbook import LISTS_SHEET
from quotawatt.settings import Language

DROP_DOWN_ROWS = 10_000
_WIDTHS: Mapping[type, int] = {str: 16, float: 13, int: 10, bool: 10, date: 12, datetime: 26}
_WIDE = frozenset({"name_zh", "name_en", "source", "quantity", "point_quantity", "value"})


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats of a workbook."""

    required: Format
    optional: Format
    text: Format
    day: Format
    wrapped: Format


def formats_of(book: Workbook) -> Formats:
    """Add the formats to a workbook."""
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    return Formats(
        required=book.add_format({**heading, "bg_color": "#D9E7F5"}),
        optional=book.add_format({**heading, "bg_color": "#F2F2F2"}),
        # As text a code keeps its leading zeros.
        text=book.add_format({"num_format": "@"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
    )


def furnish(
    sheet: Worksheet, kind: str, language: Language, formats: Formats, lists: Mapping[str, str]
) -> None:
    """Write the header row of a kind, with notes, drop-downs, formats and widths."""
    sheet.freeze_panes(1, 1)
    for position, column in enumerate(columns(kind)):
        heading = headings(kind)[column.name]
        title = heading.title(language) + (REQUIRED_MARK if must_be_filled(column) else "")
        width = 24 if column.name in _WIDE else _WIDTHS[column.type]
        sheet.set_column(position, position, width, _format(column, formats))
        marked = formats.required if must_be_filled(column) else formats.optional
        sheet.write_string(0, position, title, marked)
        sheet.write_comment(0, position, f"{heading.note(language)}\n{column.name}")
        source = _source(kind, column.name, language, lists)
        if source is not None:
            choice = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, position, DROP_DOWN_ROWS, position, choice)


def write_lists(book: Workbook, language: Language) -> Mapping[str, str]:
    """Write the words of all vocabularies into a hidden sheet; gives where each list stands."""
    sheet = book.add_worksheet(LISTS_SHEET)
    sheet.hide()
    lists = [
        (f"{kind}.{column.name}", found)
        for kind in KINDS
        for column in columns(kind)
        if (found := choices(kind, column.name, language))
    ]
    for row in range(max(len(words) for _, words in lists)):
        for position, (_, words) in enumerate(lists):
            if row < len(words):
                sheet.write_string(row, position, words[row])
    return {
        name: f"='{LISTS_SHEET}'!${(at := xl_col_to_name(position))}$1:${at}${len(words)}"
        for position, (name, words) in enumerate(lists)
    }


def write_guide(book: Workbook, language: Language, formats: Formats) -> None:
    """Write the sheet that says what is to be filled in, with an example of each column."""
    zh = language == "zh"
    sheet = book.add_worksheet(GUIDE_SHEETS[language])
    sheet.set_column(0, 1, 20)
    sheet.set_column(2, 2, 8)
    sheet.set_column(3, 4, 48, formats.wrapped)
    sheet.set_column(5, 5, 26)
    for row, line in enumerate(_GUIDE_ZH if zh else _GUIDE_EN):
        sheet.write_string(row, 0, line)
    row = len(_GUIDE_ZH) + 1
    for position, title in enumerate(_GUIDE_TITLES[language]):
        sheet.write_string(row, position, title, formats.required)
    for kind in KINDS:
        for column in columns(kind):
            row += 1
            for position, cell in enumerate(_guide_row(kind, column, language)):
                sheet.write_string(row, position, cell)


def choices(kind: str, column: str, language: Language) -> Sequence[str]:
    """The words from which a cell is chosen; none where anything may stand."""
    identifiers = VOCABULARIES.get((kind, column)) or tuple(headings(kind)[column].words)
    return [
        word_for(kind, column, identifier, language) for identifier in identifiers if identifier
    ]


def _format(column: Column, formats: Formats) -> Format | None:
    if column.type in (str, datetime):
        return formats.text
    return formats.day if column.type is date else None


def _source(kind: str, column: str, language: Language, lists: Mapping[str, str]) -> str | None:
    """What a drop-down shows: words, or the codes of the one kind that the column refers to."""
    kinds = REFERENCES.get((kind, column), ())
    if len(kinds) == 1:
        return f"='{sheet_name(kinds[0], language)}'!$A$2:$A${DROP_DOWN_ROWS}"
    return lists.get(f"{kind}.{column}")


def _guide_row(kind: str, column: Column, language: Language) -> tuple[str, ...]:
    heading = headings(kind)[column.name]
    example = word_for(kind, column.name, heading.example, language)
    required = ("是" if language == "zh" else "yes") if must_be_filled(column) else ""
    words = choices(kind, column.name, language)
    shown = "、".join(words) if language == "zh" else ", ".join(words)
    return (
        sheet_name(kind, language),
        heading.title(language),
        required,
        heading.note(language),
        shown,
        example,
    )


GUIDE_SHEETS: Mapping[Language, str] = {"zh": "填写说明", "en": "Guide"}
_GUIDE_TITLES: Mapping[Language, Sequence[str]] = {
    "zh": ("工作表", "列", "必填", "填写内容", "可选词", "示例"),
    "en": ("Sheet", "Column", "Required", "What to fill in", "Words", "Example"),
}
_GUIDE_ZH = (
    "每类资产一张工作表；不需要的工作表可以删除，未出现的工作表和列保持原样。",
    "编码全库唯一，不得重复使用；资产处置后请改状态为“已处置”，不要删除行。",
    "日期如 2024-01-05；绑定的时间未写时区时，按资产所在院区的时区。",
    "先运行 quotawatt register validate，再运行 quotawatt register import --dry-run。",
)
_GUIDE_EN = (
    "A sheet a kind. Sheets that are not needed may be deleted; absent sheets and columns stay as stored.",
    "A code is unique and never reused. What is gone gets the status 'disposed'; its row stays.",
    "Dates are 2024-01-05; times of bindings without a zone are of the site of the asset.",
    "First run quotawatt register validate, then quotawatt register import --dry-run.",
)
