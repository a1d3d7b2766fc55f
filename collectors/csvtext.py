"""CSV (RFC 4180) as payload: lines of columns."""

import csv
import re
from collections.abc import Sequence

from collectors.values import shown
from quotawatt.errors import DecodeError

ROWS_LIMIT = 10_000
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)


def read_csv(
    text: str, separator: str = ",", columns: Sequence[str] | None = None, decimal: str = "."
) -> dict[str, list[dict[str, str]]]:
    """``{"rows": [{column: text}, ...]}``; empty lines are left out.

    Without ``columns`` the first line names them. Where ``decimal`` is a comma, numbers get a point in its
    place. Raises DecodeError (``bad_payload``) where a column is named twice, a line has another number of
    them, or there are more than 10,000 lines.
    """
    try:
        lines = [line for line in csv.reader(text.splitlines(), delimiter=separator) if line]
    except csv.Error as error:
        raise DecodeError("bad_payload", f"a payload must be CSV ({error})") from None
    if len(lines) > ROWS_LIMIT:
        rule = f"a payload must have at most {ROWS_LIMIT} lines"
        raise DecodeError("bad_payload", f"{rule}, got {len(lines)}")
    if columns is None:
        names = [name.strip() for name in lines[0]] if lines else []
        if len(set(names)) < len(names):
            rule = "the first line of a CSV must name each column once"
            raise DecodeError("bad_payload", f"{rule}, got {shown(lines[0])}")
        lines = lines[1:]
    else:
        names = list(columns)
    rows = [_row(names, line) for line in lines]
    if decimal == ",":
        rows = [{name: _with_point(cell) for name, cell in row.items()} for row in rows]
    return {"rows": rows}


def _row(names: Sequence[str], line: list[str]) -> dict[str, str]:
    if len(line) != len(names):
        rule = f"a line must have {len(names)} columns"
        raise DecodeError("bad_payload", f"{rule}, got {len(line)}: {shown(line)}")
    return {name: cell.strip() for name, cell in zip(names, line, strict=True)}


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell
