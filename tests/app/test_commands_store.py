"""``store check`` and ``store setup``: what they print, in both languages, and their status."""

import ast
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from quotawatt.app import commands_store, texts_store
from quotawatt.app.main import app
from quotawatt.app.texts_store import CAUSES, cause_text, remedy_text
from quotawatt.app.texts_store_remedies import REMEDIES
from quotawatt.errors import StoreError
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger
from tests.quotawatt.storage.influx_stub import Stub, run_stub
from tests.servers import free_port

CHECKING = Path(texts_store.__file__).parents[1] / "storage" / "checking"
COMMANDS = Path(texts_store.__file__).parent / "commands_store.py"


def run(*words: str, home: Path) -> Result:
    return CliRunner().invoke(app, ["store", *words, "--home", str(home)])


def _called(function: str) -> set[str]:
    """The causes that the code names: the second argument of each call of ``right`` or ``wrong``."""
    return {
        node.args[1].value
        for path in (*CHECKING.glob("*.py"), COMMANDS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_cause_has_words_and_what_is_wrong_has_a_remedy() -> None:
    right, wrong = _called("right"), _called("wrong")
    assert right
    assert wrong
    assert right | wrong <= CAUSES.keys()
    assert wrong <= REMEDIES.keys() <= CAUSES.keys()


@pytest.mark.parametrize("cause", sorted(REMEDIES))
def test_words_are_there_in_both_languages_whatever_the_facts(cause: str) -> None:
    for say in (lambda lang: cause_text(cause, lang, {}), lambda lang: remedy_text(cause, lang)):
        chinese, english = say("zh"), say("en")
        assert any("一" <= letter <= "鿿" for letter in chinese)
        assert english.isascii()


def test_embedded_stores_are_right_before_and_after_the_first_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = run("check", "--lang", "en", home=home)
    assert first.exit_code == 0
    assert "The stores are right." in first.stdout
    assert not home.exists()
    assert run("setup", "--lang", "en", home=home).exit_code == 0
    rows = [json.loads(line) for line in run("check", "--json", home=home).stdout.splitlines()]
    assert all(row["ok"] for row in rows)
    checked = [(row["store"], row["check"], row["cause"]) for row in rows]
    assert ("records", "version", "newest") in checked
    assert ("records", "write", "came_back") in checked


def test_what_is_wrong_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"influx+http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("QUOTAWATT_SERIES_URL", address)
    english = run("check", "--lang", "en", home=tmp_path)
    assert english.exit_code == 1
    assert "failed  Series store · address" in english.stdout
    assert "Do: start the server" in english.stdout
    assert "The stores are right." not in english.stdout
    chinese = run("check", "--lang", "zh", home=tmp_path)
    assert "有误  时序库 · 地址" in chinese.stdout
    assert "处理：启动服务器" in chinese.stdout


@pytest.mark.parametrize(
    ("store", "cause"),
    [
        ({"ok": True, "problem": ""}, "served_well"),
        ({"ok": False, "problem": "the disk is full"}, "served_badly"),
        (None, "served_badly"),
    ],
)
def test_where_a_system_runs_it_says_itself_how_its_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: object, cause: str
) -> None:
    def health(*_: object) -> object:
        if store is None:
            raise StoreError("the system must answer")
        return {"parts": {"store": store}}

    monkeypatch.setattr(commands_store, "is_served", lambda _: True)
    monkeypatch.setattr(commands_store, "call", health)
    result = run("check", "--json", home=tmp_path)
    first = json.loads(result.stdout.splitlines()[0])
    assert (first["check"], first["cause"]) == ("served", cause)
    assert first["ok"] == (cause == "served_well")


def test_a_damaged_file_is_told_and_the_other_store_is_checked_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "series.duckdb").write_bytes(b"x" * 9999)
    result = run("check", "--json", home=tmp_path)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(r["store"], r["cause"]) for r in rows if not r["ok"]] == [("series", "damaged")]
    assert "restore" in rows[2]["remedy"]
    assert rows[-1]["store"] == "records"


def test_a_wrong_setting_is_a_line_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTAWATT_RECORDS_URL", "mysql://u:s3cret@h/x")
    monkeypatch.setenv("QUOTAWATT_SERIES_URL", "nothing")
    result = run("check", "--lang", "en", home=tmp_path)
    assert result.exit_code == 1
    assert "series_url must be" in result.stdout
    assert "records_url must be" in result.stdout
    assert "s3cret" not in result.stdout


def test_setup_makes_what_is_missing_once_and_says_so_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_stub(Stub()) as stub:
        monkeypatch.setenv("QUOTAWATT_SERIES_URL", f"influx+{stub.url}")
        monkeypatch.setenv("QUOTAWATT_INFLUX_TOKEN", "good")
        assert run("check", home=tmp_path).exit_code == 1
        first = run("setup", "--lang", "en", home=tmp_path)
        assert first.exit_code == 0
        assert "bucket quotawatt was made" in first.stdout
        assert run("check", home=tmp_path).exit_code == 0
        again = run("setup", "--lang", "en", home=tmp_path)
        assert "was made" not in again.stdout
    engine = open_records("sqlite", tmp_path)
    with engine.connect() as connection:
        details = connection.scalars(
            select(ledger.c.detail).where(ledger.c.action == "store_set_up")
        ).all()
    engine.dispose()
    assert len(details) == 1
    assert "made_bucket" in str(details[0])
