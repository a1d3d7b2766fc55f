"""The commands of the analytics: what they ask the API for, and what they make of small files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analytics.forecast.day_ahead import Basis, Weather
from api.baseline_schemas import State
from quotawatt.app.main import app
from quotawatt.app.tables_analytics import print_forecast
from quotawatt.app.texts_analytics import analytics_text
from quotawatt.errors import InputError
from quotawatt.settings import load_settings

FIT = {"r2": 0.9, "cv_rmse_pct": 12.5, "nmbe_pct": 0.1, "n": 800, "p": 0}
VERSION = {
    "subject": "BLD-1",
    "name": {"zh": "一号楼", "en": "One"},
    "measure": "electricity_import_kwh",
    "unit": "kWh",
    "interval": "hour",
    "version": 3,
    "as_of": "2024-05-01T00:00:00+08:00",
    "state": "current",
    "kind": "towt",
    "figures": {"in_sample": FIT, "cross_validated": FIT, "compared": {"towt": FIT}},
    "saw": {
        "first": "2023-05-01T00:00:00Z",
        "last": "2024-04-30T00:00:00Z",
        "n": 8000,
        "coverage": 0.95,
        "data_hash": "abcdef0123456789",
    },
    "findings": [],
}
ANOMALY = {
    "subject": "BLD-1",
    "measure": "electricity_import_kwh",
    "unit": "kWh",
    "likely": "night_running",
    "start": "2024-05-03T12:00:00Z",
    "end": "2024-05-04T22:00:00Z",
    "state": "open",
    "size": 82.0,
    "expected": 40.0,
    "confidence": 0.93,
    "sentence": {"zh": "夜里不停", "en": "it runs through the night"},
}
HOUR = {"start": "2024-05-03T12:00:00Z", "actual": 3.0, "expected": 2.0, "low": 1.0, "high": 4.0}


class Api:
    """Answers what the commands ask, and remembers it."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Any]] = []

    def __call__(
        self, _settings: object, _clock: object, _method: str, path: str, *,
        params: Any = None, body: Any = None,
    ) -> Any:  # fmt: skip
        self.asked.append((path, params or body))
        return self.answers[path.removeprefix("/api/v1/")]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    expected = {"timezone": "Asia/Shanghai", "unit": "kWh", "items": [HOUR]}
    found = Api(
        {
            "baselines": {"total": 1, "items": [VERSION]},
            "baselines/versions": {"items": [VERSION]},
            "baselines/refit": {"id": 7},
            "baselines/expected": expected,
            "anomalies": {"total": 1, "items": [ANOMALY]},
        }
    )
    monkeypatch.setattr("quotawatt.app.paging.call", found)
    return found


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert result.exit_code == status, (words, result.output, result.exception)
    return result.stdout


def test_stored_baselines_are_listed_refitted_and_reported(api: Api, tmp_path: Path) -> None:
    listed = run("baseline", "list", "--asset", "BLD-1")
    assert "towt" in listed
    assert "12.50 %" in listed
    assert "job 7" in run("baseline", "fit", "BLD-1")
    assert api.asked[-1][1] == {"subject": "BLD-1", "measure": "electricity_import_kwh"}
    out = tmp_path / "report.html"
    run("baseline", "report", "BLD-1", "--out", str(out))
    assert "abcdef012345" in out.read_text(encoding="utf-8")


def test_stored_expectations_as_csv(api: Api) -> None:
    said = run("baseline", "predict", "BLD-1", "--from", "2024-05-01", "--interval", "hour")
    assert said.splitlines() == [
        "start,expected,low,high,actual",
        "2024-05-03T12:00:00Z,2.0,1.0,4.0,3.0",
    ]
    assert api.asked[-1][1]["interval"] == "hour"


def test_stored_anomalies_as_table_json_and_picture(api: Api, tmp_path: Path) -> None:
    said = run("anomalies", "BLD-1", "--state", "open", "--min-confidence", "0.5")
    assert "it runs through the night" in said
    assert "goes on" in said
    assert "1 event(s) out of the ordinary, 1 of which still go on." in said
    assert api.asked[-1][1]["asset"] == "BLD-1"
    assert json.loads(run("anomalies", "--json")) == ANOMALY
    picture = tmp_path / "a.svg"
    run("anomalies", "BLD-1", "--from", "2024-05-01", "--plot", str(picture))
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_that_nothing_was_looked_at_is_not_called_ordinary(api: Api) -> None:
    api.answers = {**api.answers, "anomalies": {"total": 0, "items": []}}
    assert "no baseline is learnt yet" not in run("anomalies", "BLD-1")
    api.answers = {**api.answers, "baselines": {"total": 0, "items": []}}
    assert "no baseline is learnt yet" in run("anomalies", "BLD-1")
    assert api.asked[-1][1]["asset"] == "BLD-1"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["baseline", "fit"], "either a code or --csv FILE"),
        (["forecast", "BLD-1", "--csv", "x.csv"], "either a code or --csv FILE"),
        (["anomalies", "BLD-1", "--csv", "x.csv"], "either a code or --csv FILE"),
        (["forecast", "BLD-1", "--day", "tomorrow"], "--day must be a day"),
        (["baseline", "predict", "BLD-1"], "--from must be given"),
        (["savings", "BLD-1", "--baseline-until", "2024-01-01"], "--until must be given"),
        (["savings", "--csv", "none.csv", "--baseline-until", "2024-01-01"], "must be readable"),
    ],
)
def test_wrong_options_are_said(api: Api, words: list[str], rule: str) -> None:
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, InputError)
    assert rule in str(result.exception)


def small_file(folder: Path, days: int, value: float | None = None) -> str:
    times = pd.date_range("2023-05-01", periods=24 * days, freq="h")
    use = 10 + 5 * np.sin(2 * np.pi * np.arange(len(times)) / 24) if value is None else value
    frame = pd.DataFrame({"time": times, "kWh": use})
    path = folder / "meter.csv"
    frame.to_csv(path, index=False)
    return str(path)


@pytest.mark.parametrize(
    ("days", "value", "code"),
    [(7, None, "series_too_short"), (40, 0.0, "series_constant"), (40, 5.0, "series_constant"),
     (40, np.nan, "series_without_values"), (40, np.inf, "series_without_values")],
)  # fmt: skip
def test_data_that_bear_no_baseline_end_in_status_1(
    tmp_path: Path, days: int, value: float | None, code: str
) -> None:
    words = ["baseline", "fit", "--csv", small_file(tmp_path, days, value), "--column", "kWh"]
    answer = json.loads(run(*words, "--json", status=1))
    assert answer["baseline"] is None
    assert code in [row["code"] for row in answer["findings"] if row["weight"] == "disqualifies"]


def test_a_forecast_of_little_use_keeps_the_digits_that_tell_something(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hour = {"start": "2024-05-03T12:00:00Z", "expected": 0.139, "low": 0.1154, "high": 0.1611}
    answer = {
        "unit": "m³", "day": "2024-05-03", "level": 0.9, "basis": "baseline", "weather": "given",
        "calendar_known": True, "total": 5.27, "total_low": 4.41, "total_high": 6.02,
        "hours": [{**hour, "temperature_c": 21.4}],
    }  # fmt: skip
    print_forecast(answer, ZoneInfo("Asia/Shanghai"), load_settings(language="en"))
    said = " ".join(capsys.readouterr().out.split())
    assert "Temperature (°C)" in said
    assert "expected to come to 5.27 m³, with 90 % between 4.41 and 6.02 m³" in said


def test_a_week_has_no_forecast_and_says_why(tmp_path: Path) -> None:
    said = run("forecast", "--csv", small_file(tmp_path, 7), status=1)
    assert "[disqualifies]" in said
    assert "expected to come to" not in said


def test_what_is_not_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    words = ["--csv", small_file(tmp_path, 7), "--model", str(tmp_path / "model.json")]
    result = CliRunner().invoke(app, ["anomalies", *words])
    assert isinstance(result.exception, InputError)


def test_a_picture_must_be_of_a_known_kind(tmp_path: Path) -> None:
    words = ["anomalies", "--csv", small_file(tmp_path, 30), "--plot", str(tmp_path / "a.gif")]
    result = CliRunner().invoke(app, words)
    assert "a picture must end in .png, .svg, .pdf" in str(result.exception)


def test_every_word_that_the_analytics_answer_has_its_text() -> None:
    keys = [f"basis_{one.value}" for one in Basis] + [f"weather_{one.value}" for one in Weather]
    keys += [f"state_{state}" for state in State.__args__]
    assert all(analytics_text(key, language) for key in keys for language in ("zh", "en"))
