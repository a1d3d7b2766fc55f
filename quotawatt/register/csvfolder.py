"""The register as a folder of CSV files, one a kind, in and out; ``csvfiles`` says how they are read."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from quotawatt.errors import RegisterError, StoreError
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, plan_import
from quotawatt.register.rows import KINDS, Record, columns, records_of
from quotawatt.register.uploads import read_path
from quotawatt.register.writing import text_of


def read_csv_folder(path: Path, zone: ZoneInfo = ZoneInfo("UTC")) -> Register:
    """Read and check the register in the folder ``path``; a file that is missing means none of its kind.

    zone
        Of instants that name none, for assets at no site.

    Raises RegisterError with every problem at once.
    """
    plan = plan_import(Register(), read_path(path), Options(), zone)
    if plan.after is None:
        raise RegisterError(plan.problems)
    return plan.after


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


def csv_text(kind: str, records: Sequence[Record]) -> str:
    """The file of a kind with these records: the header row of identifiers, then a row each."""
    wanted = columns(kind)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in wanted])
    for record in records:
        writer.writerow([text_of(kind, c, getattr(record, c.name)) for c in wanted])
    return out.getvalue()
