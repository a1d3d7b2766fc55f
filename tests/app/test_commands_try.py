"""``alerts try`` on a home folder of its own."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.storage.duckdb import DuckDbSeriesStore
from tests.alerts.results import results_table

SPAN = ("--from", "2023-06-01", "--until", "2023-06-12")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("home"))
    days = [(date(2023, 6, 1) + timedelta(days=n)).isoformat() for n in range(9)]
    store = DuckDbSeriesStore(folder / "series.duckdb")
    values = [20, 20, 20, 20, 20, 40, 4, 4, 4]
    lines = [
        ("BLD-1", "electricity_excess_pct", day, value)
        for day, value in zip(days, values, strict=True)
    ]
    store.write_results(Grain.DAY, results_table(lines))
    store.close()
    return folder


def output(home: Path, *arguments: str, language: str = "en") -> str:
    command = ["alerts", "try", *arguments, "--home", str(home), "--lang", language]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_thresholds_stand_side_by_side(home: Path) -> None:
    arguments = ("use-above-expected", *SPAN, "--above", "15", "--above", "30")
    said = output(home, *arguments, language="zh")
    assert "用电持续高于预期" in said
    assert "2023-06-05 00:00" in said  # three days after the end of the first
    assert "40 %" in said
    assert "限值 30 %： 该时段没有告警" in said


def test_json_has_what_the_table_has(home: Path) -> None:
    (line,) = output(home, "use-above-expected", *SPAN, "--json").splitlines()
    (trial,) = json.loads(line)["trials"]
    assert (trial["alerts"], trial["cases"], trial["firing_days"]) == (1, 1, 5)
    assert trial["spells"][0]["ended_at"] == "2023-06-09T16:00:00Z"


def test_a_pack_that_is_not_there_is_refused(home: Path) -> None:
    command = ["alerts", "try", "r", *SPAN, "--pack", str(home / "no.yaml"), "--home", str(home)]
    result = CliRunner().invoke(app, command)
    assert isinstance(result.exception, InputError)
    assert "a pack must be readable, got" in str(result.exception)
