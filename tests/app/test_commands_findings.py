"""``register check`` and ``findings`` on a home folder."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.clock import system_clock
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records
from tests.analytics.reconciliation.worlds import METER, register


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose register has a meter that was never heard, and one that nothing is bound to."""
    records = open_records("sqlite", tmp_path)
    book = register(
        meters=[METER, replace(METER, code="M-2", name_en="Spare meter", name_zh="备用")]
    )
    save_register(records, book, actor="test", at=system_clock())
    records.dispose()
    return tmp_path


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.output


def numbers(home: Path) -> dict[str, int]:
    lines = run(home, "findings", "--json").splitlines()
    return {row["code"]: row["id"] for row in map(json.loads, lines)}


def test_a_check_lists_what_to_do_by_organisation(home: Path) -> None:
    said = run(home, "register", "check", "--lang", "en")
    assert said.startswith("Checked: 3 new, 0 still standing")
    assert "First Office O-1: 3" in said
    assert "Spare meter M-2 gets no readings from any device" in said
    assert "→ Bind its device" in said
    again = run(home, "register", "check", "--lang", "zh")
    assert again.startswith("账实核对完成：新增 0 条，仍存在 3 条")
    assert "甲局 O-1：3 条" in again


def test_what_is_accepted_is_not_listed_again(home: Path) -> None:
    run(home, "register", "check")
    number = str(numbers(home)["meter_unbound"])
    said = run(home, "findings", "accept", number, "--reason", "kept for spare", "--lang", "en")
    assert said == f"Finding {number} is accepted.\n"
    assert "meter_unbound" not in run(home, "register", "check", "--json")
    accepted = run(home, "register", "check", "--accepted", "--lang", "en")
    assert "Accepted by" in accepted
    assert "kept for spare" in accepted
    run(home, "findings", "reopen", number)
    assert numbers(home)["meter_unbound"] == int(number)


def test_findings_can_be_chosen(home: Path) -> None:
    run(home, "register", "check")
    chosen = run(home, "findings", "list", "--code", "meter_unbound", "--json").splitlines()
    assert [json.loads(line)["subject"] for line in chosen] == ["M-2"]
    nothing = run(home, "findings", "list", "--source", "analysis", "--lang", "en")
    assert nothing == "There is nothing to act on.\n"
    below = run(home, "findings", "list", "--organisation", "O-1", "--json").splitlines()
    assert len(below) == 3


def test_what_breaks_a_rule_ends_in_its_message(home: Path) -> None:
    done = CliRunner().invoke(
        app, ["findings", "accept", "999", "--reason", "x", "--home", str(home)]
    )
    assert "a finding must exist by its number, got 999" in str(done.exception)
