"""Reading a register from what people hand in: a workbook, a folder of CSV files, or areas as GeoJSON."""

from collections.abc import Callable
from pathlib import Path

from quotawatt.geography.geojson import Datum, read_geojson
from quotawatt.register.archive import FILE_LIMIT_BYTES, TOO_LARGE
from quotawatt.register.csvfiles import read_csv_files
from quotawatt.register.found import Found, unreadable
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.workbook import read_workbook

NOT_READABLE = Rule(
    "not_readable",
    "a register must be a workbook .xlsx, a folder of .csv files or a file .geojson that can be read",
    "台账须为可读的 .xlsx 工作簿、.csv 文件夹或 .geojson 文件",
)

_HEAD = 4096
_BEFORE = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first sign of a text."""


def _silent(_: int) -> None:
    """Nobody wants to know how far the reading is."""


def read_upload(
    name: str, data: bytes, step: Callable[[int], None] = _silent, datum: Datum = "wgs84"
) -> Found:
    """Read a workbook, or a file of GeoJSON. Nothing is raised: what is wrong is among the problems.

    name
        Of the file, for messages.
    step
        Told now and then how many rows were read since.
    datum
        Of the positions of a file that says nothing of it.
    """
    if data[:_HEAD].lstrip(_BEFORE).startswith(b"{"):
        return read_geojson(name or "geojson", data, step, datum)
    return read_workbook(name or "workbook", data, step)


def read_path(path: Path, step: Callable[[int], None] = _silent, datum: Datum = "wgs84") -> Found:
    """Read a file or a folder of files; see ``read_upload``."""
    if path.is_dir():
        return read_csv_files(path, step)
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT_BYTES:  # before it is taken into memory
            return unreadable(Problem(Where(path.name), TOO_LARGE, f"{size / 1e6:.0f} MB"))
        return read_upload(path.name, path.read_bytes(), step, datum)
    except OSError as error:
        return unreadable(Problem(Where(str(path)), NOT_READABLE, error.strerror))
