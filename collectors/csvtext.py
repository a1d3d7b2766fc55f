"""CSV (RFC 4180) as payload: lines of columns."""

import csv
from collections.abc import Sequence

from collectors.values import shown
from quotawatt.errors import DecodeError

ROWS_LIMIT = 100_000


def read_csv(
    text: str, separator: str = ",", columns: Sequence[str] | None = None
) -> dict[str, list[dict[str, str]]]:
    """``{"rows": [{column: text}, ...]}``; empty lines are left out.

    Without ``columns`` the first line names them. Raises DecodeError (``bad_payload``) where a line has
    another number of columns, or there are more than 100,000 lines.
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
        lines = lines[1:]
    else:
        names = list(columns)
    return {"rows": [_row(names, line) for line in lines]}


def _row(names: Sequence[str], line: list[str]) -> dict[str, str]:
    if len(line) != len(names):
        rule = f"a line must have {len(names)} columns"
        raise DecodeError("bad_payload", f"{rule}, got {len(line)}: {shown(line)}")
    return {name: cell.strip() for name, cell in zip(names, line, strict=True)}
