"""``readings export|import``, ``keep``, ``backup`` and ``restore``, in process and over a running system."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.errors import InputError, StateError
from tests.servers import free_port
from tests.waiting import until

LINES = "time,device,quantity,value\n" + "".join(
    f"2023-01-01T{hour:02}:00:00+08:00,dev,electricity_import_kwh,{hour}\n" for hour in range(24)
)


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(params=["in process", "served"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "home"
    if request.param == "in process":
        yield str(folder)
        return
    environment = {**os.environ, "QUOTAWATT_API_PORT": str(free_port())}
    command = [sys.executable, "-m", "quotawatt.app.main", "serve", "--home", str(folder)]
    roles = ["--role", "api", "--role", "analyse"]
    process = subprocess.Popen([*command, *roles], env=environment, stderr=subprocess.DEVNULL)
    try:
        until(lambda: (folder / "quotawatt.sock").exists(), "the system must listen")
        yield str(folder)
    finally:
        process.terminate()
        process.wait(60)


def test_readings_go_in_and_out_and_all_of_it_is_backed_up(home: str, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_text(LINES)
    tried = run("readings", "import", str(given), "--home", home, "--dry-run", "--json")
    assert json.loads(tried.stdout)["applied"] is False
    taken = run("readings", "import", str(given), "--home", home, "--json")
    assert json.loads(taken.stdout)["written"] == 24
    for name in ("out.csv", "out.csv.gz", "out.parquet"):
        told = run("readings", "export", str(tmp_path / name), "--home", home, "--lang", "en")
        assert told.stdout.startswith("24 readings are in ")
        again = run("readings", "import", str(tmp_path / name), "--home", home, "--json")
        assert json.loads(again.stdout)["duplicates"] == 24
    file = str(tmp_path / "backup.tar.zst")
    made = json.loads(run("backup", file, "--home", home, "--json").stdout)
    assert made["readings"] == 24
    new = str(tmp_path / "new")
    back = json.loads(run("restore", file, "--home", new, "--json").stdout)
    assert (back["readings"], back["ledger"]) == (24, made["ledger"])
    told = run("readings", "export", str(tmp_path / "back.csv"), "--home", new)
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    actions = run("ledger", "list", "--home", new, "--json").stdout
    assert '"backup_restored"' in actions


def test_wrong_lines_are_listed_and_nothing_is_written(home: str, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_text(LINES + "yesterday,dev,electricity_import_kwh,1\n")
    result = run("readings", "import", str(given), "--home", home, "--lang", "en")
    assert result.exit_code == 1
    assert "line 26: time must be an instant" in result.stdout
    assert "Nothing was written." in result.stdout
    told = run("readings", "export", str(tmp_path / "out.csv"), "--home", home, "--lang", "en")
    assert told.stdout.startswith("0 readings")


def test_what_is_kept_is_shown(home: str) -> None:
    assert (
        "kept for ever; nothing is gone yet" in run("keep", "--home", home, "--lang", "en").stdout
    )
    assert json.loads(run("keep", "--home", home, "--json").stdout)["announced"] is None


def test_letting_go_in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(tmp_path / "home")
    given = tmp_path / "given.csv"
    given.write_text(LINES)
    run("readings", "import", str(given), "--home", home)
    monkeypatch.setenv("QUOTAWATT_KEEP_READINGS_DAYS", "31")
    waits = run("keep", "--now", "--home", home, "--lang", "en").stdout
    assert "run quotawatt analyse first" in waits
    run("analyse", "--home", home)
    gone = json.loads(run("keep", "--now", "--home", home, "--json").stdout)
    assert gone["gone"]["readings"] == gone["frozen"] == gone["announced"]
    with pytest.raises(StateError, match="raw_expired"):
        run("analyse", "--home", home, "--from", "2023-01-01")
    again = run("readings", "import", str(given), "--home", home, "--lang", "en")
    assert "raw_expired" in again.stdout


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (("readings", "export", "out.xlsx"), InputError, "a file must be called"),
        (("readings", "import", "none.csv"), InputError, "a file must exist"),
        (("readings", "export", "r.parquet", "--results"), StateError, "results must be frozen"),
        (("readings", "export", "r.csv", "--results"), InputError, r"\*.parquet"),
        (("readings", "export", "r.parquet", "--results", "--device", "d"), InputError, "alone"),
        (("keep", "--now", "--dry-run"), InputError, "got both"),
        (("backup", "b.zip"), InputError, r"a backup must be called \*.tar.zst"),
        (("restore", "none.tar.zst"), InputError, "a backup must exist"),
    ],
)
def test_what_cannot_be_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    error: type[Exception],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        run(*words, "--home", str(tmp_path / "home"))
