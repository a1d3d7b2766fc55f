"""The columns of a file of measured energy: its cells as text, and the right ones found and read."""

import gzip
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quotawatt.errors import InputError

Floats = NDArray[np.float64]

_ENCODINGS = ("utf-8-sig", "gb18030")
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "--", "–"})
_FIRST_LINE = 2  # below the headings
_TEMPERATURE = re.compile(r"temp|气温|温度|°[cf]", re.IGNORECASE)
_FAHRENHEIT = re.compile(r"(?:[a-z]F|_f|°F|[Dd]eg ?F|[Ff]ahrenheit|华氏.*)\]?\)?$")


@dataclass(frozen=True)
class Table:
    """A file's cells as text, and the line of each row."""

    path: Path
    cells: pd.DataFrame
    lines: NDArray[np.int64]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings from left to right."""
        return tuple(map(str, self.cells.columns))

    def at(self, row: int) -> str:
        """Where a row stands, as ``file:line``."""
        return f"{self.path}:{self.lines[row]}"


def read_table(path: Path, where: str = "") -> Table:
    """The file's cells; commas, semicolons or tabs between them, UTF-8 or GB18030, ``.gz`` unpacked.

    where
        ``COLUMN=VALUE``: only those rows; empty: all.

    Raises InputError for what cannot be read, with the line where one is to blame.
    """
    table = table_of_text(path, _text(path))
    if where:
        table = _chosen(table, where)
    return without_blank(table)


def table_of_text(path: Path, text: str) -> Table:
    """The cells of a text whose first line has the headings; blank lines are among them."""
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    cells = _parse(path, text, separator)
    cells.columns = pd.Index([str(name).strip() for name in cells.columns])
    return Table(path, cells, np.arange(len(cells), dtype=np.int64) + _FIRST_LINE)


def without_blank(table: Table) -> Table:
    """The table without rows all of whose cells are empty."""
    filled = (table.cells != "").any(axis=1).to_numpy(dtype=bool)
    return Table(table.path, table.cells[filled].reset_index(drop=True), table.lines[filled])


def value_column(table: Table, name: str, time: str) -> str:
    """The heading of the values: as named, else the only column of numbers that is no temperature.

    Where no column has numbers, the only one that is empty: a meter that never answered.
    """
    if name:
        return require_column(table, name)
    named = [c for c in table.headings if c != time and not _TEMPERATURE.search(c)]
    others = [c for c in named if _is_number(table, c)] or [c for c in named if _is_empty(table, c)]
    if len(others) == 1:
        return others[0]
    rule = f"{table.path}: --column must name the values where not exactly one column has numbers"
    raise InputError(f"{rule}, got {', '.join(others) or 'none'}")


def temperature_column(table: Table, name: str, time: str) -> str:
    """The heading of the temperatures; as named, else the only one that sounds like it. Empty: none."""
    if name:
        return require_column(table, name)
    found = [c for c in table.headings if c != time and _TEMPERATURE.search(c)]
    if len(found) > 1:
        rule = f"{table.path}: --temperature-column must name one of several temperatures"
        raise InputError(f"{rule}, got {', '.join(found)}")
    return found[0] if found else ""


def require_column(table: Table, name: str) -> str:
    """The name, where the file has such a heading."""
    if name not in table.headings:
        rule = f"{table.path}: a column must be one of {', '.join(table.headings)}"
        raise InputError(f"{rule}, got {name!r}")
    return name


def numbers(table: Table, column: str) -> Floats:
    """The column as numbers, NaN where a cell is empty or says that there is none.

    Raises InputError with file:line for any other text.
    """
    texts = table.cells[column].str.strip()
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.isnan(values) & ~texts.str.lower().isin(_MISSING).to_numpy(dtype=bool)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(f"{table.at(row)}: {column} must be a number, got {texts.iloc[row]!r}")
    return values


def is_fahrenheit(column: str) -> bool:
    """Whether the heading says °F: ``tempF``, ``temp_f``, ``Temperature [°F]``."""
    return bool(_FAHRENHEIT.search(column))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"a file must be readable, got {path} ({reason})") from None
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"a file must be text in UTF-8 or GB18030, got {path}")


def _parse(path: Path, text: str, separator: str) -> pd.DataFrame:
    try:
        cells = pd.read_csv(
            StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            index_col=False,
        )
    except pd.errors.EmptyDataError:
        raise InputError(f"a file must have headings and rows, got {path} without any") from None
    except pd.errors.ParserError as error:
        rule = f"{path}: each row must have as many cells as there are headings"
        raise InputError(f"{rule}, got {str(error).strip()}") from None
    return cells.fillna("")


def _chosen(table: Table, where: str) -> Table:
    name, is_pair, value = where.partition("=")
    if not is_pair:
        raise InputError(f"rows must be chosen by COLUMN=VALUE, got {where!r}")
    rows = (
        table.cells[require_column(table, name.strip())].str.strip() == value.strip()
    ).to_numpy()
    if not rows.any():
        raise InputError(f"{table.path}: some row must have {where}, got none")
    return Table(table.path, table.cells[rows].reset_index(drop=True), table.lines[rows])


def _is_number(table: Table, column: str) -> bool:
    """Whether the first filled cell is a number."""
    filled = _filled(table, column)
    return len(filled) > 0 and bool(pd.notna(pd.to_numeric(filled.iloc[0], errors="coerce")))


def _is_empty(table: Table, column: str) -> bool:
    return len(table.cells) > 0 and not len(_filled(table, column))


def _filled(table: Table, column: str) -> "pd.Series[str]":
    texts = table.cells[column].str.strip()
    return texts[~texts.str.lower().isin(_MISSING)]
