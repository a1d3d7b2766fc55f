"""Days and instants as people write them in a cell."""

import re
from datetime import UTC, date, datetime, time

from quotawatt.register.cells import DAY
from quotawatt.register.problems import CellError, Rule

INSTANT = Rule(
    "instant",
    "must be a date or time such as 2024-01-05 08:30, with a zone or in that of the site",
    "须为日期或时间，如 2024-01-05 08:30，可带时区，否则按所在院区的时区",
)
NO_DAY = Rule(
    "no_day",
    "must be a date with its day such as 2024-01-05, and the day is missing",
    "须为写到“日”的日期，如 2024-01-05；此处缺少日",
)

SERIAL_DAY = Rule(
    "serial_day",
    "must be a date and is stored as a plain number (format the cell as a date)",
    "须为日期，而单元格存成了数字（请将单元格设为日期格式）",
)
WHOLE_DAY = Rule("whole_day", "must be a date without a time of day", "须为日期，不能带时刻")

_DAY_FORMS = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)")
_CLOCK = re.compile(r"(.+?)[T\s]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?")
_MONTH = re.compile(r"[0-9]{4}([-/.年][0-9]{1,2}月?|年?)")
_YEAR = re.compile(
    r"([0-9]{4})(年([0-9]{1,2}月)?([0-9]{1,2}日)?|[-/.][0-9]{1,2}([-/.][0-9]{1,2})?)"
)


def written_year(text: str) -> str:
    """The year of a day or month; any other text as it is."""
    found = _YEAR.fullmatch(text)
    return text if found is None else found[1]


def written_day(text: str) -> date:
    """The day that a text in plain forms says. Raises CellError where it says none for certain."""
    if re.fullmatch(r"[0-9]{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DAY_FORMS.fullmatch(text)
    # 年 goes with 月 and 日, and no two separators are mixed.
    if found is None or (found[2], found[4], found[6]) not in _SEPARATORS:
        raise CellError(NO_DAY if _MONTH.fullmatch(text) else DAY)
    try:
        return date(int(found[1]), int(found[3]), int(found[5]))
    except ValueError:
        raise CellError(DAY) from None


_SEPARATORS = frozenset({("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日")})


def written_instant(text: str) -> datetime:
    """An instant; in UTC where the text says a zone, without a zone where it does not."""
    try:
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        clock = _CLOCK.fullmatch(text)
        if clock is None:
            return datetime.combine(written_day(text), time())
        hour, minute, second = (int(part or 0) for part in clock.group(2, 3, 4))
        microsecond = round(float(clock[5] or 0) * 1e6)
        return datetime.combine(written_day(clock[1]), time(hour, minute, second, microsecond))
    except ValueError:
        raise CellError(INSTANT) from None


def numbered_day(raw: object) -> date:
    """20240105 is a day; 45296 may be one, or a number that slipped a column."""
    if isinstance(raw, float) and raw.is_integer() and 19_000_101 <= raw <= 22_001_231:
        return written_day(str(int(raw)))
    raise CellError(SERIAL_DAY)
