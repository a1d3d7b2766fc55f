"""``hand`` on the command line: mistakes by cell, files, JSON, corrections that keep what is not given."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quotawatt.app.hand_options import corrected_body
from quotawatt.app.main import app
from quotawatt.errors import InputError
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records
from tests.quotawatt.hand.sheets import READINGS_HEADER, Cell, workbook

Run = Callable[..., Result]
REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0)],
    meters=[Meter("MTR-1", "水表", "Water", "BLD-1", "water")],
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on a home folder with a small register."""
    records = open_records("sqlite", tmp_path)
    save_register(records, REGISTER, "test", datetime(2024, 1, 1, tzinfo=UTC))
    records.dispose()

    def command(*words: str) -> Result:
        return CliRunner().invoke(app, ["hand", *words, "--home", str(tmp_path)])

    return command


def test_mistakes_are_told_by_cell_and_end_with_status_one(run: Run, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [READINGS_HEADER, ["NOPE", "2024-05-01", 1], ["MTR-1", "soon", 2]]
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(抄表=rows))
    for language, said in (("zh", "抄表!A2 计量点"), ("en", "抄表!A2 Meter or asset")):
        result = run("import", str(file), "--lang", language)
        assert result.exit_code == 1
        assert said in result.stdout
        assert "抄表!B3" in result.stdout
    answer = json.loads(run("import", str(file), "--json").stdout)
    assert (answer["applied"], [p["cell"] for p in answer["problems"]]) == (False, ["A2", "B3"])


def test_an_entry_is_listed_and_corrected_in_one_figure(run: Run) -> None:
    bill = ("--first-day", "2024-05-01", "--last-day", "2024-05-31", "--amount", "31")
    assert run("add", "bill", "MTR-1", *bill, "--note", "first", "--lang", "en").exit_code == 0
    assert run("correct", "1", "--cost", "90.5").exit_code == 0
    (row,) = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert (row["amount"], row["cost_cny"], row["note"], row["revision"]) == (31, 90.5, "first", 2)
    assert "2024-05-01 – 2024-05-31" in run("list", "--lang", "en").stdout
    (line,) = json.loads(f"[{run('ledger', '--month', '2024-05', '--json').stdout}]")
    assert (line["billed"], line["cost_cny"], line["source"]) == (31, 90.5, "bill")
    assert "Bill" not in run("ledger", "--month", "2024-04", "--lang", "en").stdout
    assert run("withdraw", "1", "--note", "twice").exit_code == 0
    assert run("list", "--json").stdout == ""


def test_refusals_are_said_in_the_readers_language(run: Run) -> None:
    wrong = ("--first-day", "2024-05-01", "--last-day", "2024-05-31")
    chinese = run("add", "bill", "MTR-1", *wrong, "--lang", "zh")
    assert str(chinese.exception) == "用量：须填写用量，或按面积计热的单位面积热量，此处没有"
    english = run("add", "bill", "MTR-1", *wrong, "--lang", "en")
    assert "entry amount: must be given" in str(english.exception)
    run("add", "bill", "MTR-1", *wrong, "--amount", "31")
    corrected = run("correct", "1", "--amount", "-1", "--lang", "zh")
    assert str(corrected.exception) == "用量：不得小于 0，此处为 -1"


def test_a_bill_over_two_months_is_in_the_ledger_once(run: Run) -> None:
    bill = ("--first-day", "2024-02-01", "--last-day", "2024-03-31", "--amount", "600")
    assert run("add", "bill", "MTR-1", *bill, "--cost", "1740").exit_code == 0
    lines = [
        json.loads(run("ledger", "--month", month, "--json").stdout)
        for month in ("2024-02", "2024-03")
    ]
    assert [(line["billed"], line["cost_cny"]) for line in lines] == [(None, None), (600, 1740)]
    assert [(line["source"], line["entries"]) for line in lines] == [("bill", [1])] * 2


def test_files_that_cannot_be_are_refused(run: Run, tmp_path: Path) -> None:
    wrong = run("ledger", "--month", "2024-05", "--file", str(tmp_path / "a.txt"))
    assert isinstance(wrong.exception, InputError)
    assert "must be .xlsx or .csv" in str(wrong.exception)
    gone = run("import", str(tmp_path / "none.xlsx"))
    assert "must be readable" in str(gone.exception)
    month = run("ledger", "--month", "2024-13")
    assert "month must be YYYY-MM" in str(month.exception)


def test_a_correction_of_the_amount_takes_the_rates_place() -> None:
    names = ("asset", "quantity", "first_day", "last_day", "amount", "gj_per_m2", "cost_cny")
    kept = {**dict.fromkeys((*names, "confirm", "note")), "kind": "bill", "gj_per_m2": 0.1}
    assert "amount" not in corrected_body(kept, {"note": "x"})
    assert "gj_per_m2" not in corrected_body(kept, {"amount": 5.0})
