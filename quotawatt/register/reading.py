"""From the cells that people fill to values: words, dates, numbers and blanks as they write them.

What can be understood with certainty is understood; what may mean two things is refused with the rule.
Text goes through ``rows.parse_cell`` in the end, so a file and the API have one set of rules.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from quotawatt.register.cells import NUMBER, REQUIRED, TRUTH, WHOLE_NUMBER, Cell
from quotawatt.register.days import (
    WHOLE_DAY,
    numbered_day,
    written_day,
    written_instant,
    written_year,
)
from quotawatt.register.headings import (
    attributes,
    headings,
    meanings,
    must_be_filled,
    spelled,
)
from quotawatt.register.problems import CellError, Rule
from quotawatt.register.rows import Column, format_cell, parse_cell
from quotawatt.register.unit_names import unit_spellings

Raw = str | float | bool | date | datetime | time | timedelta | None
"""A cell as a workbook or file gives it; None and blanks: empty."""

ESCAPE = "'"
"""Before a text that is taken as it is, whatever else it may mean."""

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
_BLANKS = frozenset({"-", "--", "—", "——", "–", "/", "\\", "无", "n/a"})
_STILL = frozenset({"至今", "now", "still"})
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_WITH_UNIT = re.compile(r"(¥?)\s*([+-]?[0-9][0-9,.]*)\s*(.*)")
_MOST_EXACT = 10**15
_OWN_SIGNS = frozenset({"channel", "value"})
"""Columns of text in which a sign for nothing may be a name or a value."""


@dataclass(frozen=True, slots=True)
class _Sense:
    """How a text in a column is taken.

    words
        Spelling -> the identifier that it means.
    units
        How the column's unit is written behind a number.
    times
        How many of the unit a number in the column counts.
    may_be_empty
        Whether the cell may have nothing.
    """

    column: Column
    words: Mapping[str, str]
    units: Collection[str]
    times: int
    may_be_empty: bool


def reader_of(kind: str, column: Column, times: int = 1) -> Callable[[Raw], Cell]:
    """What reads the cells of a column; it raises CellError with the rule that a cell breaks.

    An instant without a zone is given without one: its place is not known yet. So is a former value with
    the sign before it that makes it stand for itself: the column that it belongs to is not known.

    times
        How many of the column's unit the numbers count, where the heading says so.
    """
    place = (kind, column.name)
    words = attributes() if place == ("former_values", "attribute") else meanings(*place)
    units = unit_spellings(headings(kind)[column.name].unit) if times == 1 else ()
    sense = _Sense(column, words, units, times, not must_be_filled(column))
    of_text = _verbatim if place == ("former_values", "value") else _TEXTS.get(column.type, _words)
    of_other = _of_former if place == ("former_values", "value") else _OTHERS[column.type]

    def read(raw: Raw) -> Cell:
        if isinstance(raw, str):
            raw = raw.strip()
        if raw is None or raw == "":
            if not sense.may_be_empty:
                raise CellError(REQUIRED)
            return column.default
        return of_text(sense, raw) if isinstance(raw, str) else of_other(sense, raw)

    return read


def _words(sense: _Sense, text: str) -> Cell:
    """A text; a word of the column's vocabulary becomes what it means."""
    column = sense.column
    if text.startswith(ESCAPE):
        return parse_cell(column, text[1:])
    if sense.may_be_empty and column.name not in _OWN_SIGNS and text.casefold() in _BLANKS:
        return column.default
    return parse_cell(column, sense.words.get(spelled(text), text) if sense.words else text)


def _verbatim(sense: _Sense, text: str) -> Cell:
    return parse_cell(sense.column, text)


def _truth(sense: _Sense, text: str) -> Cell:
    if _is_blank(sense, text):
        return sense.column.default
    return parse_cell(sense.column, sense.words.get(spelled(text), text.lstrip(ESCAPE)))


def _number(sense: _Sense, text: str) -> Cell:
    text = _plain(text)
    if _is_blank(sense, text):
        return sense.column.default
    text = _without_unit(sense, text)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return _scaled(sense, parse_cell(sense.column, text))


def _without_unit(sense: _Sense, text: str) -> str:
    """The number without the column's own unit behind it; a year without its month."""
    if sense.units and (found := _WITH_UNIT.fullmatch(text)):
        unit = spelled(found[3])
        if found[1] and "元" in sense.units and unit in {"", "元"}:
            return found[2]
        if not found[1] and unit in sense.units:
            return found[2]
    return written_year(text) if "年" in sense.units else text


def _scaled(sense: _Sense, value: Cell) -> Cell:
    """The number in the column's unit; in decimal, so that 2.3 times 10000 is 23000."""
    if sense.times == 1 or not isinstance(value, float):
        return value
    return float(Decimal(repr(value)) * sense.times)


def _day(sense: _Sense, text: str) -> Cell:
    text = _plain(text)
    if _is_open(sense, text):
        return sense.column.default
    return written_day(text) if text else parse_cell(sense.column, text)


def _instant(sense: _Sense, text: str) -> Cell:
    text = _plain(text)
    if _is_open(sense, text):
        return sense.column.default
    return written_instant(text) if text else parse_cell(sense.column, text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.removeprefix(ESCAPE)).strip()


def _is_blank(sense: _Sense, text: str) -> bool:
    """Whether a sign that stands for nothing is there, where nothing may stand."""
    return sense.may_be_empty and text.casefold() in _BLANKS


def _is_open(sense: _Sense, text: str) -> bool:
    return _is_blank(sense, text) or (sense.may_be_empty and spelled(text) in _STILL)


def _of_former(sense: _Sense, raw: Raw) -> Cell:
    if isinstance(raw, float | time | timedelta) and not isinstance(raw, bool):
        return _text_of_other(sense, raw)
    return format_cell(raw)


def _text_of_other(sense: _Sense, raw: Raw) -> Cell:
    """Numbers where text belongs: 1.0 is the code 1. Excel keeps neither leading zeros nor a 16th digit."""
    if not isinstance(raw, float) or isinstance(raw, bool):
        raise CellError(TEXT)
    if abs(raw) >= _MOST_EXACT:
        raise CellError(DIGITS_LOST)
    return parse_cell(sense.column, str(int(raw)) if raw.is_integer() else repr(raw))


def _number_of_other(sense: _Sense, raw: Raw) -> Cell:
    if not isinstance(raw, float) or isinstance(raw, bool):
        raise CellError(NUMBER)
    return _scaled(sense, raw)


def _whole_of_other(sense: _Sense, raw: Raw) -> Cell:
    if isinstance(raw, date) and "年" in sense.units:
        return raw.year
    if not isinstance(raw, float) or isinstance(raw, bool) or not raw.is_integer():
        raise CellError(WHOLE_NUMBER)
    return parse_cell(sense.column, str(int(raw)))


def _truth_of_other(_: _Sense, raw: Raw) -> Cell:
    if isinstance(raw, bool):
        return raw
    if raw in (0.0, 1.0):
        return bool(raw)
    raise CellError(TRUTH)


def _day_of_other(_: _Sense, raw: Raw) -> Cell:
    if isinstance(raw, datetime):
        if raw.time() != time():
            raise CellError(WHOLE_DAY)
        return raw.date()
    if isinstance(raw, date):
        return raw
    return numbered_day(raw)


def _instant_of_other(_: _Sense, raw: Raw) -> Cell:
    if isinstance(raw, datetime):
        return raw
    day = raw if isinstance(raw, date) else numbered_day(raw)
    return datetime.combine(day, time())


_TEXTS: Mapping[type, Callable[[_Sense, str], Cell]] = {
    float: _number,
    int: _number,
    bool: _truth,
    date: _day,
    datetime: _instant,
}
_OTHERS: Mapping[type, Callable[[_Sense, Raw], Cell]] = {
    str: _text_of_other,
    float: _number_of_other,
    int: _whole_of_other,
    bool: _truth_of_other,
    date: _day_of_other,
    datetime: _instant_of_other,
}
