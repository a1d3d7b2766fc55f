"""``quotawatt overuse``: what it asks the API for, and what people read."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quotawatt.app.main import app

_EXCESS = {
    "hours": 100, "use": 1500.0, "expected": 1000.0, "excess": 500.0, "cny": 400.0,
    "kgco2": None, "quota_share_pct": 1.3,
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "unit": "kWh",
    "verdict": {"zh": "一号楼比预期多。", "en": "Building One was above."},
    "whole": _EXCESS,
    "unknown_hours": 7,
    "ranking": [{**_EXCESS, "hour_class": "night", "name": {"zh": "空调", "en": "Cooling MTR-B"}}],
    "patterns": [
        {
            "sentence": {"zh": "空调夜间未关", "en": "It runs through the night"},
            "advice": {"zh": "查时控", "en": "check the time programme"},
        }
    ],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the API was asked for; it answers ``ANSWER``."""
    seen: list[Any] = []

    def call(settings: Any, clock: Any, method: str, path: str, *, params: Any) -> Any:
        seen.append((method, path, params))
        return ANSWER

    monkeypatch.setattr("quotawatt.app.commands_overuse.call", call)
    return seen


def said(home: Path, *words: str) -> str:
    given = ["overuse", "BLD-1", "--from", "2023-05-01", "--home", str(home), *words]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    return result.output


def test_people_read_the_verdict_what_keeps_happening_and_the_ranking(
    tmp_path: Path, asked: list[Any]
) -> None:
    page = said(tmp_path, "--lang", "en", "--until", "2023-06-01")
    params = {"asset": "BLD-1", "measure": "electricity_import_kwh"}
    span = {"from": "2023-05-01", "until": "2023-06-01"}
    assert asked == [("GET", "/api/v1/overuse", {**params, **span})]
    assert "Building One was above." in page
    assert "It runs through the night; check the time programme." in page
    assert "Cooling MTR-B" in page
    assert "1.3 %" in page
    assert "7 hours are not known" in page
    assert "夜间未关；查时控。" in said(tmp_path, "--lang", "zh")


def test_what_cannot_be_judged_is_said(
    tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: dict[str, Any] = {
        "verdict": None,
        "whole": None,
        "ranking": [],
        "patterns": [],
        "unknown_hours": 0,
    }
    for name, value in nothing.items():
        monkeypatch.setitem(ANSWER, name, value)
    assert "Nothing is known" in said(tmp_path, "--lang", "en")


def test_json_is_the_answer_itself(tmp_path: Path, asked: list[Any]) -> None:
    assert json.loads(said(tmp_path, "--json", "--measure", "water_m3")) == ANSWER
    assert asked[0][2]["measure"] == "water_m3"
