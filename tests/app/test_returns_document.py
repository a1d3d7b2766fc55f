"""What docs/returns.md shows can be done, in its order."""

import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.register.model import Building, Headcount, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.returns.states import ACTIONS, MOVES
from quotawatt.storage.records import open_records
from tests.app.serving import serving

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "returns.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)

REGISTER = Register(
    organisations=[
        Organisation("ORG-1", "甲机关", "First", "party_government", "city"),
        Organisation("ORG-2", "乙机关", "Second", "party_government", "city", "ORG-1"),
    ],
    headcounts=[Headcount("ORG-1", "in_post", 40, date(2022, 1, 1))],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-2", "二号楼", "Two", "SITE-1", "ORG-2", 2000.0)],
)


def test_the_commands_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUOTAWATT_LANGUAGE", "en")
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2024, 1, 1, tzinfo=UTC))
    records.dispose()
    outputs = {}
    with serving(tmp_path / "var"):
        for command in COMMANDS:
            # Who accepts is not who handed it in.
            monkeypatch.setenv("LOGNAME", "wang" if "accept" in command else "li")
            result = CliRunner().invoke(app, shlex.split(command))
            assert result.exit_code == 0, (command, result.output)
            outputs[command] = result.stdout
    assert len(outputs) == len(COMMANDS) - 1  # submitted twice
    assert "snapshot energy-statistics-2023-Q4-ORG-2-1" in outputs["returns accept 1"]
    assert "18,400" in outputs["returns sum --period 2023-Q4 --by region"]
    assert "1 late: ORG-1" in outputs["returns due --period 2023-Q4"]
    assert "(seal)" in (tmp_path / "return.html").read_text(encoding="utf-8")


def test_the_table_of_the_process_is_that_of_the_code() -> None:
    actions = set(re.findall(r"`(\w+)`", TEXT.partition("## The process")[2].partition("Any")[0]))
    states = {state for pair, after in MOVES.items() for state in (pair[0], after)}
    assert set(ACTIONS) | states <= actions
