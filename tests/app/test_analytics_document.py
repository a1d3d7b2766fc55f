"""What docs/analytics.md shows can be done on a file, in its order."""

import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "analytics.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^quotawatt ([^#\n]+)$", TEXT, re.MULTILINE)


def run(command: str, status: int) -> str:
    result = CliRunner().invoke(app, [*shlex.split(command), "--lang", "en"])
    assert result.exit_code == status, (command, result.output, result.exception)
    return " ".join(result.stdout.split())


def test_the_commands_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "simulators" / "data" / "real_building_2019.csv.gz", "building.csv.gz")
    fit, predict, report, anomalies, forecast, savings = COMMANDS
    said = run(fit, 0)
    assert "8,760 hourly values, 100.0 % known" in said
    assert "Chosen is towt" in said
    run(predict, 0)
    course = pd.read_csv("expected.csv")
    assert list(course) == ["start", "expected", "low", "high", "actual"]
    assert len(course) == 31 * 24
    assert (course["low"] <= course["high"]).all()
    run(report, 0)
    assert "cross-validation" in Path("baseline.html").read_text(encoding="utf-8")
    assert "Expected is what the given baseline says." in run(anomalies, 0)
    said = run(forecast, 0)
    assert "It rests on the baseline" in said
    assert "With the temperatures that were given." in said
    assert Path("forecast.png").read_bytes().startswith(b"\x89PNG")
    said = run(savings, 0)
    assert "spans 334 days, not 365" in said
    assert re.search(r"(Saved are|Nothing was saved).* at 90 % between", said)
    assert "Measurement and Verification" in Path("savings.html").read_text(encoding="utf-8")
