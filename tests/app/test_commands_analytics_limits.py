"""What the commands of the analytics refuse, note or say in other words: options, models, gauges, savings."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from quotawatt.app.console import significant
from quotawatt.app.energy_events import events_of
from quotawatt.app.main import app
from quotawatt.errors import InputError
from quotawatt.performance.values import EventKind

DAYS = 420
UNTIL = "2024-01-01"


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Days of a meter that takes more in the cold, and a tenth less from 2024 on."""
    days = pd.date_range("2023-01-01", periods=DAYS, freq="D")
    season = np.cos(2 * np.pi * np.arange(DAYS) / 365)
    noise = np.random.default_rng(8).normal(0, 3, DAYS)
    use = (300 - 60 * season.clip(-1, 0) + 90 * (days.day_of_week < 5) + noise) * 1000
    frame = pd.DataFrame({"day": days, "kWh": use, "temp_c": 12 - 10 * season})
    frame.loc[days >= UNTIL, "kWh"] *= 0.9
    path = tmp_path_factory.mktemp("meter") / "meter.csv"
    frame.to_csv(path, index=False)
    return path


def run(*words: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
    assert result.exit_code == status, (words, result.output, result.exception)
    return result.stdout


def refused(*words: object) -> str:
    result = CliRunner().invoke(app, [*map(str, words)])
    assert isinstance(result.exception, InputError), result.output
    return str(result.exception)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("forecast", "BLD-1", "--temperature", "t.csv"), "--temperature"),
        (("forecast", "BLD-1", "--model", "m.json"), "--model"),
        (("forecast", "BLD-1", "--from", "2024-01-01"), "--from"),
        (("baseline", "fit", "BLD-1", "--candidate", "towt"), "--candidate"),
        (("baseline", "report", "BLD-1", "--out", "x.html", "--interval", "day"), "--interval"),
        (("anomalies", "BLD-1", "--sensitivity", "2"), "--sensitivity"),
        (("savings", "BLD-1", "--baseline-until", UNTIL, "--exclude", "x"), "--exclude"),
        (("savings", "BLD-1", "--baseline-until", UNTIL, "--time-column", "t"), "--time-column"),
    ],
)
def test_options_that_the_stores_do_not_heed_are_refused(
    words: tuple[str, ...], option: str
) -> None:
    assert refused(*words) == f"{option} must be used with --csv FILE, got it without"


def test_savings_without_bias_in_plain_figures_beside_what_buildings_change_by(meter: Path) -> None:
    said = run("savings", "--csv", meter, "--baseline-until", UNTIL)
    assert "e+0" not in said
    assert "carry the same bias" not in said
    assert "what buildings change by themselves in a year" in said


def test_savings_with_days_that_do_not_count_and_an_adjustment(meter: Path) -> None:
    words = ["savings", "--csv", meter, "--baseline-until", UNTIL, "--json"]
    plain = json.loads(run(*words))["report"]
    other = ["--exclude", "2024-01-10/2024-01-20", "--adjust", "2024-02-01/2024-02-11=5000"]
    told = json.loads(run(*words, *other))["report"]
    assert told["total"]["days"] == plain["total"]["days"] - 10
    assert told["total"]["adjustment"] == pytest.approx(50_000)
    assert [event["last_day"] for event in told["events"]] == ["2024-01-19", "2024-02-10"]


def test_more_use_is_not_called_savings(meter: Path) -> None:
    words = ["savings", "--csv", meter, "--baseline-until", UNTIL]
    said = run(*words, "--adjust", f"{UNTIL}/2024-03-01=-90000")
    assert "Nothing was saved:" in said
    assert "Saved are" not in said


def test_days_outside_the_data_name_the_options_that_were_given(meter: Path) -> None:
    said = refused("savings", "--csv", meter, "--baseline-until", "2029-01-01")
    assert said.startswith(
        "--from and --baseline-until must leave some of 2023-01-01 to 2024-02-24"
    )


@pytest.mark.parametrize(
    ("exclude", "adjust"),
    [(["2024-01-01"], []), (["2024-01-02/2024-01-02"], []), (["2024-01-01/soon"], []),
     ([], ["2024-01-01/2024-02-01"]), ([], ["2024-01-01/2024-02-01=nan"]), ([], ["x=3"])],
)  # fmt: skip
def test_events_written_in_another_way_are_refused(exclude: list[str], adjust: list[str]) -> None:
    with pytest.raises(InputError, match=r"--exclude|--adjust"):
        events_of(exclude, adjust)


def test_events_of_options() -> None:
    excluded, adjusted = events_of(["2024-01-01/2024-01-03"], ["2024-02-01/2024-02-02=-4.5"])
    assert (excluded.kind, excluded.amount) == (EventKind.EXCLUDED, None)
    assert (adjusted.kind, adjusted.amount) == (EventKind.AMOUNT, -4.5)


def test_a_model_that_was_edited_or_cannot_answer_is_said(meter: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    run("baseline", "fit", "--csv", meter, "--candidate", "towt", "--out", model)
    document = json.loads(model.read_text(encoding="utf-8"))
    model.write_text(
        json.dumps({**document, "saw": {**document["saw"], "temperature_c": [80, 90]}})
    )
    said = run("anomalies", "--csv", meter, "--model", model, status=1)
    assert "[disqualifies] meter: of 100 % of the known use nothing can be expected" in said
    document["model"]["coef"] = document["model"]["coef"][:-1]
    model.write_text(json.dumps(document))
    assert "a model must be a file that" in refused("anomalies", "--csv", meter, "--model", model)


def hourly(folder: Path, values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Path:
    times = pd.date_range("2023-05-01", periods=len(values), freq="h")
    path = folder / "gauge.csv"
    pd.DataFrame({"time": times, "value": values}).to_csv(path, index=False)
    return path


def test_a_forecast_of_what_never_changes_is_ruled_out_once(tmp_path: Path) -> None:
    words = ["forecast", "--csv", hourly(tmp_path, np.full(24 * 40, 5.0)), "--json"]
    findings = json.loads(run(*words, status=1))["findings"]
    constant = [row for row in findings if row["code"] == "series_constant"]
    assert [row["weight"] for row in constant] == ["disqualifies"]
    assert constant[0]["detail"]["unit"] == "kWh"


def test_a_model_that_has_seen_the_day_is_said(tmp_path: Path) -> None:
    hours = np.arange(24 * 40)
    path = hourly(tmp_path, 10 + 5 * np.sin(hours / 24 * 2 * np.pi) + hours % 7)
    model = tmp_path / "model.json"
    run("baseline", "fit", "--csv", path, "--out", model)
    words = ["forecast", "--csv", path, "--model", model, "--json", "--day"]
    codes = [row["code"] for row in json.loads(run(*words, "2023-06-05"))["findings"]]
    assert "forecast_model_knows_the_day" in codes
    codes = [row["code"] for row in json.loads(run(*words, "2023-06-10"))["findings"]]
    assert "forecast_model_knows_the_day" not in codes


def test_a_temperature_is_told_by_its_mean(tmp_path: Path) -> None:
    hours = np.arange(24 * 60)
    values = (
        20 + np.sin(hours / 24 * 2 * np.pi) + np.random.default_rng(8).normal(0, 0.1, len(hours))
    )
    values[24 * 30 : 24 * 33] -= 12
    said = run("anomalies", "--csv", hourly(tmp_path, values), "--measure", "temperature_c")
    assert "read lower than expected, by 12" in " ".join(said.split())
    assert "-11.9" in said or "-12.0" in said


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567.8, "1,234,568"), (21.07, "21.070"), (0.01234567, "0.012346"), (0.0, "0"),
     (-5.0, "-5.0000")],
)  # fmt: skip
def test_figures_have_no_powers_of_ten(value: float, text: str) -> None:
    assert significant(value, 5) == text
