"""Explained hours and closed books as the command line prints them."""

from typing import Any

import pytest

from quotawatt.app.tables_explain import figure, print_books, print_explained
from quotawatt.settings import Settings

NAMED = {
    "subject": "MTR-1",
    "measure": "electricity_import_kwh",
    "unit": "kWh",
    "timezone": "Asia/Shanghai",
}
STEP = {
    "device": "dev",
    "channel": "a",
    "quantity": "electricity_import_kwh",
    "start": "2023-03-01T00:45:00+00:00",
    "end": "2023-03-01T01:15:00+00:00",
    "before": 998.5,
    "after": 0.75,
    "multiplier": 40.0,
    "rule": "rollover",
    "amount": 90.0,
    "share": 0.5,
    "use": 45.0,
    "quality": "measured",
}
STORED = {"value": 45.0, "quality": "measured", "coverage": 0.25}


def hour(**changes: Any) -> dict[str, Any]:
    made = {
        "start": "2023-03-01T01:00:00+00:00",
        "value": 45.0,
        "coverage": 0.25,
        "quality": "measured",
        "stored": STORED,
        "steps": [STEP],
        "left_out": [],
        "parts": [],
    }
    return {**NAMED, "hours": [{**made, **changes}]}


@pytest.fixture(params=["zh", "en"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(language=request.param)


def test_an_hour_shows_readings_rule_and_sum(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    print_explained(hour(), settings)
    out = capsys.readouterr().out
    assert "2023-03-01 08:45:00" in out
    assert "998.5" in out
    assert ("满码翻转" if settings.language == "zh" else "rollover") in out
    assert "25.0 %" in out
    assert ("合计 45 kWh；存储的结果 45 kWh" if settings.language == "zh" else "Sum 45 kWh") in out


def test_what_is_left_out_and_what_differs_is_said(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    glitch = {
        "device": "d\x1b[2Jev",
        "channel": "",
        "time": "2023-03-01T01:00:00+00:00",
        "shown": 3.0,
    }
    print_explained(hour(left_out=[glitch], value=44.0), settings)
    out = capsys.readouterr().out
    assert "d�[2Jev" in out
    assert ("未采用" if settings.language == "zh" else "Left out") in out
    assert ("不一致" if settings.language == "zh" else "differs") in out


def test_an_hour_of_nothing_says_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = {"value": None, "quality": "missing", "coverage": 0.0}
    print_explained(hour(value=None, quality="missing", steps=[], stored=nothing), settings)
    out = capsys.readouterr().out
    assert ("没有可用的读数" if settings.language == "zh" else "nothing that this hour") in out


def test_a_total_shows_its_parts(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    part = {**STORED, "subject": "MTR-1", "measure": NAMED["measure"], "weight": 1.0}
    print_explained(hour(steps=[], parts=[part, {**part, "subject": None}]), settings)
    out = capsys.readouterr().out
    assert "MTR-1" in out
    assert ("无权查看" if settings.language == "zh" else "out of reach") in out


def test_books_show_stands_events_and_difference(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    stand = {"time": "2023-03-01T00:00:00+00:00", "shown": 990.0, "read": True}
    section = {
        "device": "dev",
        "channel": "",
        "quantity": NAMED["measure"],
        "multiplier": 40.0,
        "register_size": 1000.0,
        "opening": stand,
        "closing": {**stand, "shown": 10.125, "read": False},
        "events": [{"step": STEP, "adjustment": 40_000.0}],
        "passed": 805.0,
        "estimated": False,
    }
    bill = {**section, "device": "", "opening": None, "closing": None, "events": []}
    answer = {
        **NAMED,
        "from": "2023-03-01T00:00:00+00:00",
        "until": "2023-03-02T00:00:00+00:00",
        "sections": [section, bill],
        "parts": [],
        "total": 1610.0,
        "hours": 24,
        "hours_total": 1610.0,
        "difference": -1e-13,
    }
    print_books(answer, settings)
    out = capsys.readouterr().out
    assert "990" in out
    assert ("10.125（推算）" if settings.language == "zh" else "10.125 (between)") in out
    assert "40,000" in out
    assert ("账单或采购" if settings.language == "zh" else "bill or purchase") in out
    assert ("差额 0 kWh" if settings.language == "zh" else "Difference: 0 kWh") in out
    summed = {"subject": "BLD-1", "measure": NAMED["measure"], "hours": 24, "use": 1610.0}
    print_books({**answer, "sections": [], "parts": [summed]}, settings)
    assert "BLD-1" in capsys.readouterr().out
    print_books({**answer, "sections": [], "parts": []}, settings)
    out = capsys.readouterr().out
    assert ("没有可核对" if settings.language == "zh" else "nothing to add up") in out


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.0, "0"), (-1e-9, "0"), (1234.5, "1,234.5"), (1e-6, "0.000001")],
)
def test_figures_keep_what_tells_them_apart(value: float | None, shown: str) -> None:
    assert figure(value) == shown


def test_a_title_is_one_line_however_narrow_the_table(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    part = {"subject": "MTR-1", "measure": NAMED["measure"], "hours": 24, "use": 3.0}
    span = {"from": "2023-02-28T16:00:00+00:00", "until": "2023-03-01T16:00:00+00:00"}
    sums = {"total": 3.0, "hours": 24, "hours_total": 3.0, "difference": 0.0}
    print_books({**NAMED, **span, "sections": [], "parts": [part], **sums}, settings)
    title = capsys.readouterr().out.splitlines()[0]
    assert "MTR-1 electricity_import_kwh" in title
    assert title.rstrip(")）").endswith("Asia/Shanghai")
