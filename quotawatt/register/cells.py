"""From the text of a cell to its value, by the type of the column; the rules that a text may break."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from quotawatt.register.problems import CellError, Rule

Cell = str | float | int | bool | date | datetime | None

REQUIRED = Rule("required", "must not be empty", "不能为空")
TOO_LONG = Rule("too_long", "must have at most {length} characters", "不能超过 {length} 个字符")
NO_CONTROLS = Rule("control_characters", "must not hold control characters", "不能含有控制字符")
NUMBER = Rule(
    "number",
    "must be a number with a decimal point and no separators",
    "须为数字，小数点用“.”，不带“约”等文字",
)
WHOLE_NUMBER = Rule("whole_number", "must be a whole number", "须为整数")
TRUTH = Rule("truth", "must be true or false (是 or 否)", "须为 是 或 否")
DAY = Rule("date", "must be a date YYYY-MM-DD", "须为日期 YYYY-MM-DD")
INSTANT = Rule(
    "instant",
    "must be a time with its zone, YYYY-MM-DDTHH:MM:SS+08:00",
    "须为带时区的时间 YYYY-MM-DDTHH:MM:SS+08:00",
)

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "1", "是"), True),
    **dict.fromkeys(("false", "no", "0", "否"), False),
}


def _text(text: str) -> str:
    if not text.isprintable() and any(unicodedata.category(s) in {"Cc", "Cs"} for s in text):
        raise CellError(NO_CONTROLS)
    return text


def _float(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise CellError(NUMBER)
    return value


def _int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise CellError(WHOLE_NUMBER)
    return int(text)


def _bool(text: str) -> bool:
    try:
        return _TRUTHS[text.casefold()]
    except KeyError:
        raise CellError(TRUTH) from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellError(DAY) from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise CellError(INSTANT)


PARSERS: Mapping[type, Callable[[str], Cell]] = {
    str: _text,
    float: _float,
    int: _int,
    bool: _bool,
    date: _date,
    datetime: _instant,
}
"""The value of a text that is not empty, by type; each raises CellError with the rule that it breaks."""
