"""Reading a folder of CSV files, one a kind: ``organisations.csv``, ``headcounts.csv``, ... (``rows.KINDS``).

They are UTF-8, with or without a byte order mark; what is not is read as GB18030, in which spreadsheet
programs in China save, and said so. Headings, words, dates and numbers are understood as in a workbook.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from quotawatt.register.found import Found, Note, unreadable
from quotawatt.register.gathering import Gathering
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.reading import Raw
from quotawatt.register.rows import KINDS
from quotawatt.register.sheets import Grid, read_grid

FILE_LIMIT_BYTES = 200_000_000

NO_FILES = Rule(
    "no_files",
    "a register must be a folder with at least one of its .csv files",
    "文件夹中须至少有一个台账 .csv 文件",
)
UNKNOWN_FILE = Rule("unknown_file", "a file must be one of {names}", "文件须为 {names} 之一")
UNREADABLE = Rule("unreadable_csv", "a file must be readable CSV", "文件须为可读的 CSV")
ENCODING = Rule(
    "encoding", "a file must be text in UTF-8 or GB18030", "文件须为 UTF-8 或 GB18030 编码的文本"
)
TOO_LARGE = Rule(
    "csv_too_large",
    f"a file must have at most {FILE_LIMIT_BYTES // 10**6} MB",
    f"文件不得超过 {FILE_LIMIT_BYTES // 10**6} MB",
)
OTHER_ENCODING = Rule(
    "other_encoding", "is not UTF-8 and was read as GB18030", "不是 UTF-8，已按 GB18030 读取"
)


def read_csv_files(path: Path, step: Callable[[int], None]) -> Found:
    """Read all files of the register in a folder. Nothing is raised: what is wrong is among the problems."""
    names = sorted(file.name for file in path.glob("*.csv"))
    known = {f"{kind}.csv" for kind in KINDS}
    if not known & set(names):
        # Importing nothing must not pass for an import.
        return unreadable(Problem(Where(path.name), NO_FILES, str(path)))
    gathering = Gathering()
    listed = ", ".join(sorted(known))
    for name in names:
        if name not in known:
            rule = UNKNOWN_FILE.of(names=listed)
            gathering.problems.append(Problem(Where(name), rule, name))
    for kind in KINDS:
        file = path / f"{kind}.csv"
        if file.is_file():
            gathering.sheets[kind] = file.name
            _read_file(file, kind, gathering, step)
    return gathering.found()


def read_csv(name: str, data: bytes, kind: str) -> Found:
    """Read one file of a kind or form that was handed in. Nothing is raised.

    name
        Of the file, for messages.
    """
    gathering = Gathering()
    gathering.sheets[kind] = name
    try:
        text = _decoded(name, data, gathering)
        if text is not None:
            grid = Grid(name, kind, _lines(text), closed=True)
            gathering.take(kind, name, read_grid(grid, lambda _: None))
    except csv.Error as error:
        gathering.problems.append(Problem(Where(name), UNREADABLE, str(error)))
    return gathering.found()


def _read_file(file: Path, kind: str, gathering: Gathering, step: Callable[[int], None]) -> None:
    try:
        text = _text(file, gathering)
        if text is None:
            return
        grid = Grid(file.name, kind, _lines(text), closed=True)
        gathering.take(kind, file.name, read_grid(grid, step))
    except (OSError, csv.Error) as error:
        gathering.problems.append(Problem(Where(file.name), UNREADABLE, str(error)))


def _text(file: Path, gathering: Gathering) -> str | None:
    """The text of a file; None where it is none, which is among the problems then."""
    if (size := file.stat().st_size) > FILE_LIMIT_BYTES:
        gathering.problems.append(Problem(Where(file.name), TOO_LARGE, f"{size / 1e6:.0f} MB"))
        return None
    return _decoded(file.name, file.read_bytes(), gathering)


def _decoded(name: str, data: bytes, gathering: Gathering) -> str | None:
    """The text of these bytes; None where they are none, which is among the problems then."""
    where = Where(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = data[error.start]
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        gathering.problems.append(Problem(where, ENCODING, f"byte {wrong:#x}"))
        return None
    gathering.notes.append(Note(where, OTHER_ENCODING))
    return text


def _lines(text: str) -> Iterator[tuple[int, Sequence[Raw]]]:
    """Lines that are not blank, without the empty cells that spreadsheets leave at the end."""
    for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        cells: list[Raw] = [cell.strip() or None for cell in line]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield number, cells
