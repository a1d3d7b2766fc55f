"""What docs/savings.md shows of contracts can be done, in its order; 10 % were saved, 744 kWh added."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from api.local import locally
from quotawatt.app.home import home_clock
from quotawatt.app.main import app
from quotawatt.app.system import open_system
from quotawatt.app.token import with_token
from quotawatt.errors import StateError
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.settings import load_settings
from quotawatt.storage.factory import open_series
from quotawatt.storage.records import open_records
from tests.analytics.savings.synthetic import years
from tests.api.scene import result_rows

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "savings.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt (performance [^#\n]+?)(?:\s+#.*)?$", TEXT, re.MULTILINE)

REGISTER = Register(
    organisations=[Organisation("ORG-1", "甲机关", "First", "party_government", "city")],
    sites=[Site("SITE-1", "大院", "Compound", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("BLD-1", "一号楼", "One", "SITE-1", "ORG-1", 1000.0)],
)


def results() -> pa.Table:
    """Two years of days, the second with 10 % less, and their weather."""
    rows: list[dict[str, Any]] = []
    for series in years(0.9):
        starts = pd.DatetimeIndex(series.frame.index).to_pydatetime()
        values = series.frame[["use", "temperature_c"]].to_numpy(float)
        for start, (use, temperature) in zip(starts, values, strict=True):
            rows += result_rows("BLD-1", "electricity_import_kwh", [start], use)
            rows += result_rows("SITE-1", "outdoor_temperature_c", [start], temperature)
    return pa.Table.from_pylist(rows, RESULTS)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    records = open_records("sqlite", tmp_path / "var")
    save_register(records, REGISTER, "test", datetime(2023, 1, 1, tzinfo=UTC))
    records.dispose()
    series = open_series(load_settings(home=tmp_path / "var"))
    series.write_results(Grain.DAY, results())
    series.close()
    contract = re.search(r"```json\n(.+?)```", TEXT, re.DOTALL)
    assert contract is not None
    (tmp_path / "contract.json").write_text(contract[1], encoding="utf-8")
    return tmp_path


class _Kept:
    """A system that somebody else closes."""

    def app(self, _: object) -> None:
        """Not needed: what is asked is kept."""

    def close(self) -> None:
        """Nothing is closed."""


def test_the_commands_work_one_after_the_other(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_token(load_settings(home=home / "var"))
    system = open_system(settings, home_clock(settings.home))
    kept = locally(system.app(lambda: {}))
    monkeypatch.setattr("api.local.locally", lambda _: kept)
    monkeypatch.setattr("quotawatt.app.system.open_system", lambda *_: _Kept())
    try:
        done = [CliRunner().invoke(app, shlex.split(command)) for command in COMMANDS]
    finally:
        system.close()
    assert [one.exit_code for one in done[:-1]] == [0] * 8, [one.output for one in done]
    said = [" ".join(one.stdout.split()) for one in done]
    assert "第 1 号合同" in said[0]
    assert "效益分享" in said[1]
    assert "2023-01-01 – 2024-12-31" in said[1]
    assert "+12 kWh/日" in said[3]
    assert re.search(r"节能量 [\d,]+ kWh（1[2-4]\.\d%）", said[4])
    assert "须由另一人核证" in said[5]
    assert "待核证" in said[6]
    assert "节能量测量与验证报告" in (home / "report.html").read_text(encoding="utf-8")
    # Whoever proposed it verifies nothing.
    assert isinstance(done[-1].exception, StateError)
