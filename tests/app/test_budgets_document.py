"""What docs/budgets.md shows can be done, in its order, and the figures that it reckons by hand."""

import re
import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.app.texts_budget import _TEXTS
from quotawatt.errors import InputError
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.repository import save_register
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from quotawatt.storage.factory import open_series
from quotawatt.storage.records import open_records
from tests.api.scene import REGISTER, ZONE, result_rows

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "budgets.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)
TARGETS = """单位编码,指标,年度,指标值,文号,发文日期,下达单位
ORG-2,electricity_kwh,2023,70000,2023-12,2023-01-15,ORG-1
BLD-1,electricity_kwh,2023,90000,2023-12,2023-01-15,ORG-1
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose ``var`` has a register and the days of 2023, and who works at it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "li")
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2022, 1, 1, tzinfo=UTC))
    records.dispose()
    days = [local_midnight(date(2023, 1, 1) + timedelta(days=n), ZONE) for n in range(365)]
    used = {"BLD-1": 250.0, "BLD-2": 200.0, "ORG-1": 450.0, "ORG-2": 200.0}
    rows = [
        row
        for code, kwh in used.items()
        for row in result_rows(code, "electricity_import_kwh", days, kwh)
    ]
    series = open_series(Settings(home=tmp_path / "var"))
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    series.close()
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "hall.png").write_bytes(b"\x89PNG\r\n\x1a\n of a hall")
    return tmp_path


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


def test_the_commands_work_one_after_the_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(COMMANDS) == 15
    outputs = []
    for command in COMMANDS:
        if "approve" in command:
            monkeypatch.setenv("LOGNAME", "wang")
        outputs.append(run(*shlex.split(command)))
    accounts, budget, year, months, assigned, dry, imported, revised, *rest = outputs
    for figure in ("45,250", "39,609", "5,641", "14.2 %", "80,000", "224.2", "112.1"):
        assert figure in budget
    assert re.search(r"2023-06 +[·X]{30}\s", year)
    assert "电耗" in accounts
    assert "第 1 版" in months
    assert "170,000 kWh" in assigned
    assert ("2" in dry, "未写入" in dry, "已下达 2 项" in imported) == (True, True, True)
    assert "75,000 kWh（第 2 版，2023-07-01 起）" in revised
    history, cascade, revision, explained, submitted, approved, listed = rest
    assert "70,000 kWh" in history
    assert "a hall was opened" in history
    assert "5,000 kWh" in cascade
    assert "80.0 改为 95.0 kWh/m²" in revision
    assert ("草稿" in explained, "已提交" in submitted, "已批准" in approved) == (True, True, True)
    assert "open on weekends" in listed


def test_days_in_english_and_mistakes_with_status_1(home: Path) -> None:
    words = ("BLD-1", "db37t2672-city-b-electricity", "--as-of", "2023-07-01", "--lang", "en")
    day = run("quota", "calendar", *words, "--month", "2023-01")
    # Saturday 28 January was worked for Spring Festival.
    assert re.search(r"2023-01-28 +working +260\.6 +250\.0 +green", day)
    assert re.search(r"2023-01-01 +other +130\.3 +250\.0 +red", day)
    (home / "targets.csv").write_text(TARGETS.replace("ORG-2", "ORG-9"), encoding="utf-8")
    run("quota", "import", "targets.csv", status=1)


def test_an_instant_without_a_zone_is_local(home: Path) -> None:
    words = ("quota", "budget", "BLD-1", "db37t2672-city-b-electricity", "--lang", "en", "--as-of")
    at_noon = run(*words, "2023-07-01T12:00")
    assert "After 181 days: used 45,250" in at_noon
    assert run(*words, "2023-07-01T12:00+08:00") == at_noon
    with pytest.raises(InputError, match="--as-of must be a day or an instant"):
        run(*words, "noon of a day")


def test_every_text_is_in_both_languages() -> None:
    for key, (chinese, english) in _TEXTS.items():
        assert "" not in (chinese, english), key
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english)), key
