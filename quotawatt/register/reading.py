"""From the cells that people fill to values: words, dates, numbers and blanks as they write them.

What can be understood with certainty is understood; what may mean two things is refused with the rule.
Text goes through ``rows.parse_cell`` in the end, so a file and the API have one set of rules.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from quotawatt.register.cells import DAY, NUMBER, TRUTH, WHOLE_NUMBER, Cell
from quotawatt.register.headings import attributes, meanings, spelled
from quotawatt.register.problems import CellError, Rule
from quotawatt.register.rows import Column, format_cell, parse_cell

Raw = str | float | bool | date | datetime | time | timedelta | None
"""A cell as a workbook or file gives it; None and blanks: empty."""

ESCAPE = "'"
"""Before a text that is taken as it is, whatever else it may mean."""

INSTANT = Rule(
    "instant",
    "must be a date or time such as 2024-01-05 08:30, with a zone or in that of the site",
    "须为日期或时间，如 2024-01-05 08:30，可带时区，否则按所在院区的时区",
)
TEXT = Rule(
    "text",
    "must be text and is stored as another type (format the cell as text and type it anew)",
    "须为文本，而单元格存成了其他类型（请将单元格设为文本格式后重新录入）",
)
DIGITS_LOST = Rule(
    "digits_lost",
    "a number of more than 15 digits must be text, for spreadsheets lose the rest",
    "超过 15 位的数字须存为文本，否则表格软件会丢失末位",
)
SEPARATORS = Rule(
    "separators",
    "must be a number without separators, for one comma may be a separator or a decimal comma",
    "须为不含千位分隔符的数字：单个逗号可能是千位分隔符，也可能是小数点",
)
SERIAL_DAY = Rule(
    "serial_day",
    "must be a date and is stored as a plain number (format the cell as a date)",
    "须为日期，而单元格存成了数字（请将单元格设为日期格式）",
)
WHOLE_DAY = Rule("whole_day", "must be a date without a time of day", "须为日期，不能带时刻")

_BLANKS = frozenset({"-", "--", "—", "——", "–", "/", "无", "n/a"})
_STILL = frozenset({"至今", "now", "still"})
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DAY_FORMS = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)")
_CLOCK = re.compile(r"(.+?)[T\s]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?")
_MOST_EXACT = 10**15


def reader_of(kind: str, column: Column) -> Callable[[Raw], Cell]:
    """What reads the cells of a column; it raises CellError with the rule that a cell breaks.

    An instant without a zone is given without one: its place is not known yet.
    """
    words: Mapping[str, str] = meanings(kind, column.name)
    if (kind, column.name) == ("former_values", "attribute"):
        words = attributes()
    of_text = _TEXTS.get(column.type, _words)
    of_other = _OTHERS[column.type]
    former = (kind, column.name) == ("former_values", "value")

    def read(raw: Raw) -> Cell:
        if raw is None:
            return parse_cell(column, "")
        if isinstance(raw, str):
            return of_text(column, raw.strip(), words)
        if former and not isinstance(raw, float | time | timedelta):
            return format_cell(raw)
        return of_other(column, raw)

    return read


def _words(column: Column, text: str, words: Mapping[str, str]) -> Cell:
    """A text; a word of the column's vocabulary becomes what it means."""
    if text.startswith(ESCAPE):
        return parse_cell(column, text[1:])
    if words:
        text = words.get(spelled(text), text)
    return parse_cell(column, text)


def _truth(column: Column, text: str, words: Mapping[str, str]) -> Cell:
    return parse_cell(column, words.get(spelled(text), text.lstrip(ESCAPE)))


def _number(column: Column, text: str, _: Mapping[str, str]) -> Cell:
    text = _plain(text)
    if _is_blank(column, text):
        return column.default
    if _GROUPED.fullmatch(text):
        if text.count(",") == 1 and "." not in text:
            raise CellError(SEPARATORS)
        text = text.replace(",", "")
    return parse_cell(column, text)


def _day(column: Column, text: str, _: Mapping[str, str]) -> Cell:
    text = _plain(text)
    if _is_blank(column, text) or (not column.required and spelled(text) in _STILL):
        return column.default
    return _written_day(text) if text else parse_cell(column, text)


def _instant(column: Column, text: str, words: Mapping[str, str]) -> Cell:
    text = _plain(text)
    if _is_blank(column, text) or (not column.required and spelled(text) in _STILL):
        return column.default
    return _written_instant(text) if text else parse_cell(column, text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.removeprefix(ESCAPE)).strip()


def _is_blank(column: Column, text: str) -> bool:
    """Whether a sign that stands for nothing is there, where nothing may stand."""
    return not column.required and text.casefold() in _BLANKS


def _written_day(text: str) -> date:
    if re.fullmatch(r"[0-9]{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DAY_FORMS.fullmatch(text)
    # 年 goes with 月 and 日, and no two separators are mixed.
    if found is None or (found[2], found[4], found[6]) not in _SEPARATORS:
        raise CellError(DAY)
    try:
        return date(int(found[1]), int(found[3]), int(found[5]))
    except ValueError:
        raise CellError(DAY) from None


_SEPARATORS = frozenset({("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日")})


def _written_instant(text: str) -> datetime:
    """An instant; in UTC where the text says a zone, without a zone where it does not."""
    try:
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        clock = _CLOCK.fullmatch(text)
        if clock is None:
            return datetime.combine(_written_day(text), time())
        hour, minute, second = (int(part or 0) for part in clock.group(2, 3, 4))
        microsecond = round(float(clock[5] or 0) * 1e6)
        return datetime.combine(_written_day(clock[1]), time(hour, minute, second, microsecond))
    except ValueError:
        raise CellError(INSTANT) from None


def _text_of_other(column: Column, raw: Raw) -> Cell:
    """Numbers where text belongs: 1.0 is the code 1. Excel keeps neither leading zeros nor a 16th digit."""
    if not isinstance(raw, float) or isinstance(raw, bool):
        raise CellError(TEXT)
    if abs(raw) >= _MOST_EXACT:
        raise CellError(DIGITS_LOST)
    return parse_cell(column, str(int(raw)) if raw.is_integer() else repr(raw))


def _number_of_other(column: Column, raw: Raw) -> Cell:
    if not isinstance(raw, float) or isinstance(raw, bool):
        raise CellError(NUMBER)
    return raw


def _whole_of_other(column: Column, raw: Raw) -> Cell:
    if not isinstance(raw, float) or isinstance(raw, bool) or not raw.is_integer():
        raise CellError(WHOLE_NUMBER)
    return parse_cell(column, str(int(raw)))


def _truth_of_other(column: Column, raw: Raw) -> Cell:
    if isinstance(raw, bool):
        return raw
    if raw in (0.0, 1.0):
        return bool(raw)
    raise CellError(TRUTH)


def _day_of_other(column: Column, raw: Raw) -> Cell:
    if isinstance(raw, datetime):
        if raw.time() != time():
            raise CellError(WHOLE_DAY)
        return raw.date()
    if isinstance(raw, date):
        return raw
    return _numbered_day(raw)


def _instant_of_other(column: Column, raw: Raw) -> Cell:
    if isinstance(raw, datetime):
        return raw
    day = raw if isinstance(raw, date) else _numbered_day(raw)
    return datetime.combine(day, time())


def _numbered_day(raw: Raw) -> date:
    """20240105 is a day; 45296 may be one, or a number that slipped a column."""
    if isinstance(raw, float) and raw.is_integer() and 19_000_101 <= raw <= 22_001_231:
        return _written_day(str(int(raw)))
    raise CellError(SERIAL_DAY)


_TEXTS: Mapping[type, Callable[[Column, str, Mapping[str, str]], Cell]] = {
    float: _number,
    int: _number,
    bool: _truth,
    date: _day,
    datetime: _instant,
}
_OTHERS: Mapping[type, Callable[[Column, Raw], Cell]] = {
    str: _text_of_other,
    float: _number_of_other,
    int: _whole_of_other,
    bool: _truth_of_other,
    date: _day_of_other,
    datetime: _instant_of_other,
}
