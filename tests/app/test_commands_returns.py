"""Statistics returns and the exchange on the command line, over a home folder with the demo's register."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from string import Formatter

import pytest
from typer.testing import CliRunner

from quotawatt.app.demo import REGISTER
from quotawatt.app.main import app
from quotawatt.app.tables_returns import print_codes, print_datasets, print_sent
from quotawatt.app.texts_returns import _TEXTS
from quotawatt.errors import InputError
from quotawatt.exchange.tables import catalogue, code_tables
from quotawatt.settings import Settings
from tests.app.serving import serving


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("returns") / "home"
    with serving(folder):
        run("register", "import", str(REGISTER), "--home", str(folder))
        yield str(folder)


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


def test_a_return_from_filling_to_sums_and_over_to_another_platform(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = ("--home", home, "--lang", "en")
    filled = run("returns", "fill", "ORG-DRC", "--period", "2023-Q1", *at)
    assert "Filled: return 1, ORG-DRC 2023-Q1." in filled
    assert "A required figure is missing" in run("returns", "check", "1", *at, status=1)
    values = ("use.electricity=123456", "use.water=789", "base.people=100", "base.gross_area=9000")
    run("returns", "set", "1", *values, "--reason", "bills", *at)
    assert "Submitted: return 1." in run("returns", "submit", "1", *at)
    monkeypatch.setenv("LOGNAME", "wang")  # who accepts is not who handed it in
    done = run("returns", "accept", "1", *at)
    assert "Accepted: return 1, snapshot energy-statistics-2023-Q1-ORG-DRC-1." in done
    assert "123,456" in run("returns", "sum", "--period", "2023-Q1", *at)
    assert "returns are filled." in run("returns", "fill", "--period", "2023-Q2", *at)
    begun = run("returns", "list", "--period", "2023-Q2", *at, "--json").splitlines()
    due = run("returns", "due", "--period", "2023-Q2", *at, "--json").splitlines()
    assert {json.loads(row)["organisation"] for row in begun} == {
        json.loads(row)["organisation"] for row in due
    }
    pulled, book = tmp_path / "documents.jsonl", tmp_path / "return.xlsx"
    assert "1 written" in run("exchange", "pull", "--file", str(pulled), *at)
    (document,) = [json.loads(line) for line in pulled.read_text(encoding="utf-8").splitlines()]
    assert document["schema"] == "quotawatt.return/1"
    run("returns", "export", "1", "--file", str(book), *at)
    assert book.read_bytes().startswith(b"PK")
    pulled.write_text('{"schema": "x"}', encoding="utf-8")
    with pytest.raises(InputError, match="figures: Field required"):
        run("exchange", "receive", str(pulled), *at)


def test_what_is_wrong_is_said_before_it_is_asked(home: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="as CELL=VALUE, got 'use water'"):
        run("returns", "set", "1", "use water", "--reason", "x", "--home", home)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("not json", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 1 of .* must be JSON"):
        run("exchange", "receive", str(wrong), "--home", home)
    with pytest.raises(InputError, match=r"must end in \.html"):
        run("returns", "print", "1", "--file", str(wrong), "--home", home)


def test_tables_of_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(language="zh")
    row = {
        "number": 3,
        "key": "k",
        "state": "given_up",
        "tries": 2,
        "receipt": "",
        "last_error": "[x]",
    }
    print_sent([row], settings)
    rows = [asdict(one) for one in catalogue()]
    print_datasets(rows, Settings(language="en"))
    print_codes("energy", asdict(code_tables()["energy"]), settings)
    said = capsys.readouterr().out
    for words in ("已放弃", "[x]", "quotawatt.month/1", "集中供热"):
        assert words in said


def test_both_languages_take_the_same_values() -> None:
    for key, words in _TEXTS.items():
        chinese, english = ({n for _, n, _, _ in Formatter().parse(w) if n} for w in words)
        assert chinese == english, key
