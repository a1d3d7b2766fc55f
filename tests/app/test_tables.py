"""What the listings print: columns, words, local time, footnotes; and JSON as it was."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.console.texts import TEXTS
from quotawatt.app import tables
from quotawatt.app.console import (
    Clauses,
    Column,
    clause_words,
    percent,
    printable,
    show_json,
    table_console,
    table_of,
)
from quotawatt.app.main import app
from quotawatt.app.tables_cases import folded
from quotawatt.app.texts import text
from quotawatt.settings import Language, Settings, load_settings

ZONE = ZoneInfo("Asia/Shanghai")
REGULATION = {
    "instrument": "conservation-regulation",
    "title": {"zh": "公共机构节能条例", "en": "Regulation on Energy Conservation"},
    "number": "公共机构节能条例",
    "clause": "17",
    "name": {"zh": "第 17 条", "en": "Article 17"},
    "text": {"zh": "作出说明。", "en": "Whoever exceeds it explains it."},
    "trust": "unverified",
}
STANDARD = {
    **REGULATION,
    "instrument": "db37t2672-2019",
    "title": {"zh": "定额标准", "en": "Energy Quotas"},
    "number": "DB37/T 2672-2019",
    "clause": "电耗定额",
    "name": {"zh": "电耗定额", "en": "electricity quota"},
    "trust": "secondary",
}
ACCOUNT = {
    "asset": "BLD-1",
    "indicator": "non_heating_kgce_per_m2",
    "year": 2023,
    "unit": "kgce",
    "used": 260284.959,
    "intensity": 27.3984,
    "intensity_unit": "kgce/m²",
    "tiers": {"constraint": 22.3, "baseline": 15.6, "guidance": 8.1},
    "standing": "over_constraint",
    "projected_standing": "over_constraint",
    "share_pct": 122.8629,
    "projected_share_pct": None,
    "coverage": 0.987,
    "clause": STANDARD,
    "trust": "secondary",
    "limits": {"constraint": 211850.0, "baseline": 148200.0, "guidance": 76950.0},
    "budget_to_date": 200000.0,
    "ahead": 60284.959,
    "projected_low": None,
    "projected_high": None,
    "days": 365,
    "days_in_year": 365,
    "kgce": 260284.959,
    "tce": 260.284959,
    "factor_set": "db37t2672-2019",
    "basis": "等价",
}
ALERT = {
    "id": 7,
    "asset": "BLD-1",
    "state": "firing",
    "severity": "warning",
    "value": 158.43,
    "input": "electricity_excess_pct",
    "measured": {"name": {"zh": "用电超出预期", "en": "excess"}, "unit": {"zh": "%", "en": "%"}},
    "pending_since": "2023-12-10T16:00:00Z",
    "firing_since": "2023-12-14T16:00:00Z",
    "name": {"zh": "档案楼", "en": "Archives"},
    "title": {"zh": "用电持续高于预期", "en": "Electricity above what is expected"},
    "account": None,
    "clause": REGULATION,
}


def settings(language: Language = "en") -> Settings:
    return load_settings(language=language, timezone="Asia/Shanghai")


def quota_lines(capsys: pytest.CaptureFixture[str], language: Language = "en") -> list[str]:
    answer = {"as_of": "2023-12-31T16:00:00Z", "items": [ACCOUNT]}
    tables.print_quota(answer, settings(language))
    return capsys.readouterr().out.splitlines()


def test_a_quota_row_is_one_line_with_its_clause_below(capsys: pytest.CaptureFixture[str]) -> None:
    title, heading, _, row, _, note, coal = (line.rstrip() for line in quota_lines(capsys))
    assert title == "Use against quota 2023 (as of 2024-01-01 00:00)"
    assert heading.split()[:3] == ["Code", "Indicator", "Constraint"]
    shown = (
        "BLD-1 non-heating [1] 22.3 kgce/m² (secondary) 27.4 260,285 kgce 260.28 [a]"
        " over constraint 122.9 % – 98.7 %"
    )
    assert row.split() == shown.split()
    assert coal.startswith("[a] Coal equivalent by db37t2672-2019, electricity by its equivalent")
    assert note.startswith("[1] DB37/T 2672-2019 Energy Quotas, electricity quota (secondary): ")


def test_a_year_that_goes_on_shows_budget_and_interval(capsys: pytest.CaptureFixture[str]) -> None:
    going = {**ACCOUNT, "days": 181, "projected_low": 190665.0, "projected_high": 254220.0}
    answer = {"as_of": "2023-06-30T16:00:00Z", "items": [going]}
    tables.print_quota(answer, settings())
    shown = capsys.readouterr().out
    assert "+30.1 %" in shown
    assert "90–120 %" in shown


def test_headings_and_words_come_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    title, heading, _, row, *_ = quota_lines(capsys, "zh")
    assert title.startswith("2023 年定额执行情况")
    assert heading.split()[:3] == ["代码", "指标", "约束值"]
    assert "非供暖 [1]" in row
    assert "超约束值" in row


def test_numbers_stand_at_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    _, heading, _, row, *_ = quota_lines(capsys)
    for name, value in (("Amount", "260,285"), ("Used", "122.9 %"), ("Coverage", "98.7 %")):
        assert heading.index(name) + len(name) == row.index(value) + len(value)


@pytest.mark.parametrize("width", [80, 100, 120, 140])
def test_no_cell_is_cut_at_any_usual_width(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=width, color_system=None)
    monkeypatch.setattr(tables, "table_console", lambda: console)
    with console.capture() as capture:
        tables.print_quota({"as_of": "2023-12-31T16:00:00Z", "items": [ACCOUNT]}, settings())
    printed = capture.get()
    assert "…" not in printed
    assert "22.3 kgce/m²" in printed
    assert max(map(len, printed.splitlines())) <= width


@pytest.mark.parametrize("word", ["over", "projected_over", "amber", "within", "fine", "best"])
def test_words_for_standing_are_those_of_the_console(word: str) -> None:
    chinese, english = TEXTS[f"standing_{word}"]
    assert text(f"standing_{word}", "zh") == chinese
    assert text(f"standing_{word}", "en") == english.lower()


@pytest.mark.parametrize(
    ("standing", "projected", "word"),
    [
        ("over_constraint", None, "over constraint"),
        ("within_guidance", "over_constraint", "heading over"),
        ("within_guidance", None, "too early to say"),
        ("within_guidance", "over_baseline", "above baseline"),
        ("within_guidance", "over_guidance", "better than baseline"),
        ("within_guidance", "within_guidance", "meets guidance"),
    ],
)
def test_what_the_year_comes_to_decides(standing: str, projected: str | None, word: str) -> None:
    status = {**ACCOUNT, "standing": standing, "projected_standing": projected}
    assert str(tables.standing_cell(status, "en")) == word


def test_without_a_baseline_it_is_within_the_constraint() -> None:
    status = {**ACCOUNT, "standing": "over_guidance", "projected_standing": "over_guidance"}
    status["tiers"] = {"constraint": 25.0, "guidance": 10.0}
    assert str(tables.standing_cell(status, "en")) == "within constraint"


def consumption(grain: str, capsys: pytest.CaptureFixture[str]) -> str:
    answer = {"subject": "BLD-1", "grain": grain, "timezone": "Asia/Shanghai"}
    row = {"start": "2023-02-28T16:00:00Z", "measure": "water_m3", "unit": "m³", "value": None}
    tables.print_consumption(
        answer, [{**row, "quality": "missing", "coverage": 0.0}], load_settings(language="en")
    )
    return capsys.readouterr().out.splitlines()[3]


def test_starts_are_local_and_as_long_as_their_grain(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {"month": "2023-03", "day": "2023-03-01", "hour": "2023-03-01 00:00"}
    for grain, start in expected.items():
        row = consumption(grain, capsys)
        assert row.startswith(f"{start}  water ")
        assert row.split()[-5:] == ["–", "m³", "missing", "0.0", "%"]


def subject(**more: Any) -> str:
    return tables.alert_subject({**ALERT, **more}, "en")


def test_an_alert_names_the_asset_and_its_account_without_internal_ids() -> None:
    quota, target = {"indicator": "non_heating_kgce_per_m2"}, {"indicator": "carbon_target"}
    assert subject() == "Archives"
    assert subject(account=quota) == "Archives · non-heating"
    assert subject(account=target) == "Archives · carbon"
    assert subject(input="silence_h", asset="MTR-1") == "Archives · MTR-1"


def test_an_excess_carries_its_sign_and_a_share_none() -> None:
    assert tables.alert_value(ALERT, "en") == "+158.4 %"
    assert tables.alert_value({**ALERT, "input": "quota_share_pct"}, "en") == "158.4 %"
    assert tables.alert_value({**ALERT, "input": "silence_h", "value": 36}, "en") == "silent 1.5 d"
    assert percent(None) == "–"


def test_reminders_that_follow_on_each_other_are_one_line_with_their_number() -> None:
    def step(event: str, day: int) -> dict[str, Any]:
        return {"event": event, "at": f"2024-01-0{day}", "actor": "alerts"}

    steps = [step(e, n) for n, e in enumerate(["opened", *["reminded"] * 3, "overdue", "reminded"])]
    shown = [(row["event"], row["at"][-1], row.get("times")) for row in folded(steps)]
    assert shown == [
        ("opened", "0", None),
        ("reminded", "3", 3),
        ("overdue", "4", None),
        ("reminded", "5", None),
    ]


def test_what_is_printed_keeps_blanks_that_do_not_break_and_no_control_character() -> None:
    assert printable("160\u00a0kWh\x1b[31m") == "160\u00a0kWh�[31m"


def test_who_took_an_alert_up_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    taken = {"acknowledged_by": "li", "acknowledged_at": "2024-01-01T04:45:27.679122Z"}
    tables.print_taken_up({**ALERT, **taken}, settings())
    said = (
        "Alert 7 (Electricity above what is expected, Archives): taken up by li, 2024-01-01 12:45."
    )
    assert capsys.readouterr().out.strip() == said


def test_a_value_carries_the_unit_of_what_was_measured_and_a_finding_has_none() -> None:
    volts = {"name": {"zh": "电压", "en": "voltage"}, "unit": {"zh": "V", "en": "V"}}
    assert tables.alert_value({**ALERT, "measured": volts, "value": 251.3}, "en") == "251.3 V"
    assert tables.alert_value({**ALERT, "measured": None, "value": 1.0}, "en") == "–"


def test_an_alert_that_only_pends_shows_since_when(capsys: pytest.CaptureFixture[str]) -> None:
    pending = {**ALERT, "state": "pending", "firing_since": None}
    answer = {"total": 1, "items": [pending]}
    tables.print_alerts(answer, settings())
    row = capsys.readouterr().out.splitlines()[3]
    assert "pending" in row
    assert "2023-12-11" in row


def test_a_chinese_number_that_is_the_title_is_not_said_again() -> None:
    assert clause_words(REGULATION, "en").startswith("Regulation on Energy Conservation, ")
    assert clause_words(REGULATION, "zh") == "《公共机构节能条例》第 17 条〔未核实〕"
    assert clause_words(STANDARD, "zh").startswith("DB37/T 2672-2019 ")


def test_a_clause_keeps_its_number() -> None:
    clauses = Clauses("en")
    assert [clauses.mark(c) for c in (STANDARD, REGULATION, STANDARD)] == ["[1]", "[2]", "[1]"]
    assert [line[:3] for line in clauses.lines()] == ["[1]", "[2]"]


def test_what_devices_sent_is_shown_as_it_is_and_moves_no_cursor() -> None:
    console = table_console()
    rows: list[Mapping[str, Any]] = [{"topic": "[red]a\x1b[2Jb"}]
    columns = [Column("topic", lambda r: r["topic"])]
    with console.capture() as capture:
        console.print(table_of(rows, columns, "", "en", 80))
    assert "[red]a�[2Jb" in capture.get()


@pytest.mark.parametrize(
    "command", [["quota"], ["carbon"], ["findings"], ["alerts", "list"], ["deadletters", "list"]]
)
def test_an_empty_listing_says_so(command: list[str], tmp_path: Path) -> None:
    for language, sentence in (("zh", "没有"), ("en", "There ")):
        done = CliRunner().invoke(app, [*command, "--home", str(tmp_path), "--lang", language])
        assert done.exit_code == 0
        assert done.output.startswith(sentence)


def test_json_keeps_utc_and_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show_json([ALERT, ALERT])
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [ALERT, ALERT]
