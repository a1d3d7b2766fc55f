"""InfluxDB's line protocol as payload: ``measurement,tag=a field=1.5,count=2i 1672503300000000000``.

By InfluxDB's reference of the line protocol (version 2): a backslash takes the meaning of commas, spaces
and equals signs away in names and tags, and of quotation marks and backslashes in texts; integers end in
``i`` or ``u``; lines that begin with ``#`` are comments.
"""

import re
from typing import Any

from collectors.values import NUMBER_TEXT, shown
from quotawatt.errors import DecodeError

POINTS_LIMIT = 10_000

# What may stand between separators, texts in quotation marks whole. No two parts of an expression can begin
# with the same sign, so none is tried twice.
_QUOTED = r'"(?:\\.|[^"\\])*"'
_LINE = re.compile(
    rf"(?P<head>(?:\\.|[^\\ ])+) +(?P<fields>(?:\\.|{_QUOTED}|[^\\\" ])+)(?: +(?P<time>-?\d{{1,19}}))?",
    re.ASCII,
)
_HEAD_PIECE = re.compile(r"(?:\\.|[^\\,])+")
_FIELD_PIECE = re.compile(rf"(?:\\.|{_QUOTED}|[^\\\",])+")
_PAIR = re.compile(r"((?:\\.|[^\\=])+)=(.+)")
_ESCAPED = re.compile(r"\\([, =\"\\])")
_WHOLE = re.compile(r"([+-]?\d{1,20})[iu]", re.ASCII)
_WORDS = {
    word: value
    for value, words in ((True, "t T true True TRUE"), (False, "f F false False FALSE"))
    for word in words.split()
}


def read_lines(text: str) -> dict[str, list[dict[str, Any]]]:
    """``{"points": [{"measurement", "tags": {}, "fields": {}, "time"}, ...]}``.

    ``time`` is the whole number that the line ends in (nanoseconds, unless the sender says otherwise), None
    where there is none. Raises DecodeError (``bad_payload``) where a line is none of the protocol, or there
    are more than 10,000 of them.
    """
    lines = [line.strip(" \r\t") for line in text.split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) > POINTS_LIMIT:
        rule = f"a payload must have at most {POINTS_LIMIT} lines"
        raise DecodeError("bad_payload", f"{rule}, got {len(lines)}")
    return {"points": [_point(line) for line in lines]}


def _point(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _refused(line)
    measurement, *tags = _pieces(found["head"], _HEAD_PIECE, line)
    time = found["time"]
    return {
        "measurement": _plain(measurement),
        "tags": {_plain(k): _plain(v) for k, v in (_pair(tag, line) for tag in tags)},
        "fields": {
            _plain(k): _value(v, line)
            for k, v in (_pair(f, line) for f in _pieces(found["fields"], _FIELD_PIECE, line))
        },
        "time": None if time is None else int(time),
    }


def _pieces(text: str, piece: re.Pattern[str], line: str) -> list[str]:
    """What stands between the commas."""
    found = piece.findall(text)
    if sum(map(len, found)) + len(found) - 1 != len(text):
        raise _refused(line)
    return found


def _pair(text: str, line: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise _refused(line)
    return found[1], found[2]


def _value(text: str, line: str) -> float | int | bool | str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return _ESCAPED.sub(r"\1", text[1:-1])
    if text in _WORDS:
        return _WORDS[text]
    if whole := _WHOLE.fullmatch(text):
        return int(whole[1])
    if NUMBER_TEXT.fullmatch(text):
        return float(text)
    raise _refused(line)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _refused(line: str) -> DecodeError:
    return DecodeError(
        "bad_payload", f"a line must be of InfluxDB's line protocol, got {shown(line)}"
    )
