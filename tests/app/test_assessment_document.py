"""What docs/assessment.md shows can be done, in its order."""

import json
import re
import shlex
from io import BytesIO
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.app.texts_assessment import _TEXTS
from quotawatt.readings import Grain
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.spans import Span, year_span
from quotawatt.storage.factory import open_series
from quotawatt.storage.records import open_records
from tests.api.scene import NOW, REGISTER, ZONE, filled_series

TEXT = (Path(__file__).parents[2] / "docs" / "assessment.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose ``var`` holds the small world of the api's tests."""
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", NOW)
    records.dispose()
    series = open_series(Settings(home=tmp_path / "var"))
    filled = filled_series()
    year: Span = year_span(2023, ZONE)
    for grain in (Grain.DAY, Grain.MONTH):
        series.write_results(
            grain, filled.read_results(grain, None, ["electricity_import_kwh"], year)
        )
    series.close()
    return tmp_path


def test_the_commands_work_one_after_the_other(home: Path) -> None:
    assert len(COMMANDS) == 10
    outputs = {}
    for command in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
        outputs[command] = result.stdout
    assert "91.25" in outputs["assess rank --period 2023"]
    assert "同类不足" in outputs["assess rank --period 2023"]
    assert "待定" in outputs["assess score --year 2023"]
    assert "circular-2023-03-ORG-1-1" in outputs["reports list"]
    assert "月度通报" in outputs["reports list"]
    word = docx.Document(BytesIO((home / "circular.docx").read_bytes()))
    assert word.paragraphs[0].text == "关于2023年3月能源资源消费情况的通报"
    draft = docx.Document(BytesIO((home / "circular-2023-03-ORG-1-draft.docx").read_bytes()))
    assert draft.paragraphs[1].text == "（未发布）"
    assert "Energy and Resource Circular" in (home / "circular.html").read_text(encoding="utf-8")
    said = CliRunner().invoke(app, ["reports", "list", "--json"]).stdout.splitlines()
    assert [json.loads(line)["kind"] for line in said] == ["publication", "circular"]


def test_the_settings_of_the_document_exist() -> None:
    named = {name.lower() for name in re.findall(r"QUOTAWATT_([A-Z_]+)", TEXT)}
    assert named == {"reports", "reports_of", "public_view"}
    assert named <= set(Settings.model_fields)


@pytest.mark.parametrize("key", sorted(_TEXTS))
def test_every_text_is_there_in_both_languages(key: str) -> None:
    zh, en = _TEXTS[key]
    assert zh
    assert en
    assert set(re.findall(r"\{(\w+)", zh)) == set(re.findall(r"\{(\w+)", en))
