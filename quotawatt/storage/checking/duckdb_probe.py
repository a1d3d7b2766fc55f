"""Whether the home folder can hold the embedded series store: folder, room, file, a write and its reading."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from quotawatt.storage.checking.verdicts import Verdict, right, wrong

LEAST_FREE_MB = 1024
"""So much must be free on the disk: DuckDB writes beside the file while it tidies it up."""

_MB = 2**20
_PROBE = "store_check"
_HOLDER = re.compile(r"PID \d+")
# What DuckDB says, and the cause that it is. The first that is found counts.
_SAID = (
    ("set lock on file", "locked"),
    ("Permission denied", "not_writable"),
    ("newer version", "newer_file"),
    ("storage version", "newer_file"),
    ("No space left", "disk_full"),
)


def check_folder(home: Path, free_mb: float) -> Iterator[Verdict]:
    """Folder and disk of an embedded store; ``free_mb`` is what is free there."""
    if not home.exists():
        yield right("folder", "folder_later", path=str(home))
    elif not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        yield wrong("folder", "not_writable", path=str(home))
    else:
        yield right("folder", "folder_there", path=str(home))
    if free_mb < LEAST_FREE_MB:
        yield wrong("disk", "disk_full", free_mb=round(free_mb), least_mb=LEAST_FREE_MB)
    else:
        yield right("disk", "disk_free", free_mb=round(free_mb))


def free_mb(home: Path) -> float:
    """What is free on the disk that holds ``home``, or will hold it."""
    there = next(path for path in (home.absolute(), *home.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free / _MB


def check_duckdb(path: Path) -> Iterator[Verdict]:
    """Whether the file, where there is one, opens, takes a table of its own and gives it back."""
    if not path.exists():
        yield right("file", "file_later", path=str(path))
        return
    try:
        connection = duckdb.connect(str(path))
    except (duckdb.Error, OSError) as error:
        cause = file_cause(str(error))
        yield wrong("file", cause, path=str(path), holder=_holder(str(error)))
        return
    try:
        yield right("file", "opens", path=str(path), version=duckdb.__version__)
        yield _written_and_read(connection)
    finally:
        connection.close()


def file_cause(said: str) -> str:
    """Why a file does not open, from what DuckDB says."""
    return next((cause for words, cause in _SAID if words in said), "damaged")


def _holder(said: str) -> str:
    """`` (PID 123)`` where DuckDB says which process holds the file, else nothing."""
    found = _HOLDER.search(said)
    return f" ({found[0]})" if found else ""


def _written_and_read(connection: duckdb.DuckDBPyConnection) -> Verdict:
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {_PROBE} AS SELECT 42 AS value")
        found = connection.execute(f"SELECT value FROM {_PROBE}").fetchone()
        connection.execute(f"DROP TABLE {_PROBE}")
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        return wrong("write", "write_refused", status="DuckDB", said=_first_line(error))
    return right("write", "came_back") if found == (42,) else wrong("write", "came_not_back")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
