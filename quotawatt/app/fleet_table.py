"""A vehicle's log as a table of texts: CSV, JSON or a workbook, packed or not."""

import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import python_calamine as calamine

from quotawatt.app.energy_columns import Table, table_of_text, without_blank
from quotawatt.app.fleet_json import cells_of_json, with_attributes
from quotawatt.errors import InputError

_WORKBOOKS = (".xlsx", ".xls", ".ods")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_TITLES = 30
"""Lines above the headings that are looked through: title, span, vehicle."""

_LARGEST = 4_000_000_000
"""Bytes that a packed file may unpack to."""


def read_log_table(path: Path) -> Table:
    """The file's cells: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030; JSON as a list of
    objects or an object a line; the first sheet of a workbook; ``.gz`` and ``.zip`` unpacked.

    Lines of titles above the headings are passed over. A cell of attributes, as Traccar writes them, becomes
    a column each.

    Raises InputError for what cannot be read, with the line where one is to blame.
    """
    name, raw = _unpacked(path)
    if name.lower().endswith(_WORKBOOKS):
        table = _by_headings(path, _sheet_rows(path, raw))
    else:
        text = _decoded(path, raw)
        if text.lstrip()[:1] in ("[", "{"):
            cells = cells_of_json(path, text)
            table = Table(path, cells, np.arange(len(cells), dtype=np.int64) + 1)
        else:
            table = _of_text(path, text)
    return with_attributes(without_blank(table))


def _unpacked(path: Path) -> tuple[str, bytes]:
    """The name without ``.gz`` or of the member of an archive, and the bytes."""
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            return path.stem, gzip.decompress(raw)
        if path.suffix == ".zip":
            return _member(path, raw)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"a file must be readable, got {path} ({reason})") from None
    return path.name, raw


def _member(path: Path, raw: bytes) -> tuple[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) != 1 or members[0].file_size > _LARGEST:
            rule = f"an archive must hold one file of at most {_LARGEST / 1e9:.0f} GB"
            raise InputError(f"{rule}, got {path} with {len(members)}")
        return members[0].filename, archive.read(members[0])


def _decoded(path: Path, raw: bytes) -> str:
    if raw.startswith(_UTF16):
        return raw.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"a file must be text in UTF-8 or GB18030, got {path}")


def _of_text(path: Path, text: str) -> Table:
    """The table below lines of titles: those with less than half of the separators of most lines."""
    head = [_QUOTED.sub("", line) for line in text.split("\n", _TITLES)[:_TITLES]]
    separator = max(_SEPARATORS, key=lambda one: sum(line.count(one) for line in head))
    counts = [line.count(separator) for line in head]
    skipped = _first_full(counts)
    if not skipped:
        return table_of_text(path, text)
    table = table_of_text(path, text.split("\n", skipped)[skipped])
    return Table(path, table.cells, table.lines + skipped)


def _first_full(counts: Sequence[int]) -> int:
    """The first line with more than half of what most of the lines have that have any; 0 where none has."""
    some = [count for count in counts if count]
    usual = max(set(some), key=lambda count: (some.count(count), count), default=0)
    return next((at for at, count in enumerate(counts) if usual and 2 * count > usual), 0)


def _sheet_rows(path: Path, raw: bytes) -> list[list[str]]:
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, OSError, IndexError) as error:
        raise InputError(f"a workbook must be readable, got {path} ({error})") from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _by_headings(path: Path, rows: list[list[str]]) -> Table:
    """The rows below the first one that fills at least half as many cells as most do."""
    filled = [sum(1 for cell in row if cell) for row in rows[:_TITLES]]
    first = _first_full(filled)
    if not any(filled):
        raise InputError(f"a file must have headings and rows, got {path} without any")
    cells = pd.DataFrame(rows[first + 1 :], columns=pd.Index(rows[first]), dtype=str).fillna("")
    named = cells.loc[:, [bool(heading) for heading in rows[first]]]
    return Table(path, named, np.arange(len(cells), dtype=np.int64) + first + 2)
