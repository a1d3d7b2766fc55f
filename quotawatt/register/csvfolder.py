"""The register as a folder of CSV files, one a kind, in and out.

Files are ``organisations.csv``, ``headcounts.csv``, ... (``rows.KINDS``), UTF-8 with or without a byte order
mark, with a header row of the columns in any order. A file that is missing means none of its kind; a
row whose cells are all empty is passed over.
"""

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quotawatt.errors import RegisterError, StoreError
from quotawatt.register.check import check_rows
from quotawatt.register.model import Register
from quotawatt.register.rows import (
    KINDS,
    Column,
    Record,
    Row,
    columns,
    format_cell,
    parse_cell,
    records_of,
)


def read_csv_folder(path: Path) -> Register:
    """Read and check the register in the folder ``path``.

    Raises RegisterError with every problem at once, each as ``file:row column: rule, got value`` (row 1
    is the header).
    """
    problems = _check_files(path)
    tables: dict[str, list[Row]] = {}
    for kind in KINDS:
        file = path / f"{kind}.csv"
        tables[kind] = _read_file(file, kind, problems) if file.is_file() else []
    problems += check_rows(tables)
    if problems:
        raise RegisterError(problems)
    return _register(tables)


def write_csv_folder(register: Register, path: Path) -> None:
    """Write the register so that ``read_csv_folder`` gives it back. Every file is written, even empty.

    The files begin with a byte order mark, by which spreadsheets tell UTF-8. Raises StoreError where the
    folder cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            text = csv_text(kind, records_of(register)[kind])
            (path / f"{kind}.csv").write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise StoreError(f"the folder must be writable, got {path} ({error.strerror})") from None


def _check_files(path: Path) -> list[str]:
    known = {f"{kind}.csv" for kind in KINDS}
    found = sorted(file.name for file in path.glob("*.csv"))
    if not known & set(found):
        # Importing nothing would remove everything.
        return [f"a register must be a folder with at least one of its .csv files, got {path}"]
    return [
        f"{name}: a file must be one of {', '.join(sorted(known))}, got {name}"
        for name in found
        if name not in known
    ]


def _read_file(file: Path, kind: str, problems: list[str]) -> list[Row]:
    try:
        text = io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")
        lines = [_without_empty_end(line) for line in csv.reader(text, strict=True)]
    except UnicodeDecodeError as error:
        problems.append(
            f"{file.name}: a file must be UTF-8, got byte {error.object[error.start]:#x}"
        )
        return []
    except (OSError, csv.Error) as error:
        problems.append(f"{file.name}: a file must be readable CSV, got {error}")
        return []
    header = lines[0] if lines else []
    found = _check_header(file.name, header, kind)
    if found:
        problems.extend(found)
        return []
    return [
        _read_row(f"{file.name}:{number}", header, line, kind, problems)
        for number, line in enumerate(lines[1:], start=2)
        if line
    ]


def _without_empty_end(line: Sequence[str]) -> list[str]:
    """Cells without surrounding blanks, and without the empty ones that spreadsheets leave at the end."""
    cells = [cell.strip() for cell in line]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_header(file: str, header: Sequence[str], kind: str) -> list[str]:
    wanted = columns(kind)
    names = [column.name for column in wanted]
    missing = [c.name for c in wanted if c.required and c.name not in header]
    unknown = [name for name in header if name not in names]
    twice = sorted({name for name in header if header.count(name) > 1})
    return (
        [f"{file}:1 {name}: a required column must be there, got none" for name in missing]
        + [f"{file}:1: a column must be one of {', '.join(names)}, got {n!r}" for n in unknown]
        + [f"{file}:1 {name}: a column must stand once, got it again" for name in twice]
    )


def _read_row(
    where: str, header: Sequence[str], line: Sequence[str], kind: str, problems: list[str]
) -> Row:
    if len(line) > len(header):
        problems.append(f"{where}: a row must have at most {len(header)} cells, got {len(line)}")
    given = dict(zip(header, line, strict=False))
    cells: dict[str, Any] = {}
    for column in columns(kind):
        text = given.get(column.name, "")
        try:
            cells[column.name] = parse_cell(column, text)
        except ValueError as error:
            problems.append(f"{where} {column.name}: {error}, got {text!r}")
    return Row(where, cells)


def _register(tables: Mapping[str, Sequence[Row]]) -> Register:
    records: dict[str, list[Any]] = {
        kind: [KINDS[kind](**row.cells) for row in rows] for kind, rows in tables.items()
    }
    return Register(**records)


def csv_text(kind: str, records: Sequence[Record]) -> str:
    """The file of a kind with these records: the header row, then a row each."""
    wanted: Sequence[Column] = columns(kind)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in wanted])
    for record in records:
        values = dataclasses.asdict(record)
        writer.writerow([format_cell(values[column.name]) for column in wanted])
    return out.getvalue()
