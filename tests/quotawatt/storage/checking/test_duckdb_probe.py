"""Checking the embedded series store: folder, room, a file that is held, damaged or right."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from quotawatt.storage.checking.duckdb_probe import (
    LEAST_FREE_MB,
    check_duckdb,
    check_folder,
    file_cause,
    free_mb,
)
from quotawatt.storage.duckdb import DuckDbSeriesStore

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


def causes(path: Path) -> list[str]:
    return [verdict.cause for verdict in check_duckdb(path)]


def test_a_file_that_is_right_takes_the_probe_and_is_as_before(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    DuckDbSeriesStore(path).close()
    with duckdb.connect(str(path)) as connection:
        before = connection.execute("SHOW TABLES").fetchall()
    assert causes(path) == ["opens", "came_back"]
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == before


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert causes(tmp_path / "series.duckdb") == ["file_later"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no database at all", b"x" * 50_000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "series.duckdb"
    path.write_bytes(content)
    (verdict,) = check_duckdb(path)
    assert (verdict.ok, verdict.cause) == (False, "damaged")
    assert path.read_bytes() == content


def test_a_file_that_another_process_holds(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        (verdict,) = check_duckdb(path)
        assert verdict.cause == "locked"
        assert str(holder.pid) in str(verdict.facts["holder"])
        holder.communicate(b"\n")
    assert causes(path) == ["opens", "came_back"]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ('IO Error: Cannot open file "x": Permission denied', "not_writable"),
        (
            "IO Error: Trying to read a database file with version number 99, newer version",
            "newer_file",
        ),
        ("IO Error: Could not write file: No space left on device", "disk_full"),
        ("IO Error: The file is not a valid DuckDB database file!", "damaged"),
    ],
)
def test_why_a_file_does_not_open(said: str, cause: str) -> None:
    assert file_cause(said) == cause


def test_folder_and_disk(tmp_path: Path) -> None:
    enough = LEAST_FREE_MB + 1.0
    assert [v.cause for v in check_folder(tmp_path, enough)] == ["folder_there", "disk_free"]
    assert [v.cause for v in check_folder(tmp_path / "new", enough)] == [
        "folder_later",
        "disk_free",
    ]
    full = list(check_folder(tmp_path, LEAST_FREE_MB - 1.0))[-1]
    assert (full.ok, full.cause) == (False, "disk_full")
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert [v.cause for v in check_folder(in_the_way, enough)] == ["not_writable", "disk_free"]


def test_what_is_free_is_asked_of_the_disk_that_will_hold_the_folder(tmp_path: Path) -> None:
    assert free_mb(tmp_path / "not" / "yet") == pytest.approx(free_mb(tmp_path), rel=0.05)
