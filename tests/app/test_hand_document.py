"""What docs/hand.md shows can be done, in its order."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.ledger import Ledger
from quotawatt.register.model import Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records
from tests.quotawatt.hand.sheets import READINGS_HEADER, Cell, workbook

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "hand.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0)],
    meters=[
        Meter(f"MTR-{n}", f"{n}号表", f"Meter {n}", "BLD-1", carrier)
        for n, carrier in ((1, "water"), (2, "water"), (3, "gas"))
    ],
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a register in its ``var``."""
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2024, 1, 1, tzinfo=UTC))
    records.dispose()
    return tmp_path


def test_the_commands_work_one_after_the_other(home: Path) -> None:
    (home / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n of a register")
    assert len(COMMANDS) == 10
    outputs = {}
    for command in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
        outputs[command] = result.stdout
        if "template" in command:  # somebody fills it in
            days = ("2024-04-30", "2024-05-31")
            rows: list[list[Cell]] = [["MTR-1", day, 10.0 + n] for n, day in enumerate(days)]
            Path("hand.xlsx").write_bytes(workbook(抄表=[READINGS_HEADER, *rows]))
    assert "未写入" in outputs["hand import hand.xlsx --dry-run"]
    assert "新增 2" in outputs["hand import hand.xlsx"]
    sheet = CalamineWorkbook.from_path("ledger.xlsx").get_sheet_by_index(0).to_python()
    lines = {(row[2], row[4]): dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]}
    assert lines["MTR-1", "用水量(m³)"]["抄表期间用量"] == pytest.approx(1.0)
    assert lines["MTR-3", "天然气(m³)"]["账单用量"] == 1240
    assert lines["MTR-3", "天然气(m³)"]["本月用量"] == pytest.approx(1240)
    assert lines["ORG-1", "煤(kg)"]["本月用量"] == pytest.approx(5300)
    actions = [e.action for e in Ledger(open_records("sqlite", home / "var")).entries()]
    assert actions.count("hand_entered") == 4
    assert "hand_corrected" in actions
