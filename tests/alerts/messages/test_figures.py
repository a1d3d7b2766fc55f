"""Sentences of every kind of figure in both languages, so that a change of a word shows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.cases.model import Case
from alerts.messages.words import input_unit, input_word
from quotawatt.rulebook.basics import Text
from tests.alerts.messages.scene import QUOTA_FIGURES, case, plain_rule, summary_of

_CARBON = {
    "carbon_used_kgco2": 30000.0,
    "carbon_limit_kgco2": 58050.0,
    "carbon_projected_kgco2": 61000.0,
    "carbon_share_pct": 51.68,
    "carbon_projected_share_pct": 105.08,
}
_EXCESS = {
    "day": "2023-06-04",
    "value": 20.0,
    "electricity_expected_kwh": 1000.0,
    "electricity_expected_high_kwh": 1100.0,
    "electricity_excess_kwh": 300.0,
}
_HEARD = "2023-06-03T10:00:00+00:00"


def _case(rule: str, subject: str, figures: dict[str, Any]) -> Case:
    return case(rule=rule, subject=subject, figures=figures)


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            case(),
            "2023 年“单位面积非供暖能耗”：已用 9,877 kgce（等价值），约束值 22,300 kgce（等价值）"
            "［未核实：二手来源］，占 44.3 %；预计全年 23,248 kgce（等价值），占 104.2 %",
            "2023, non-heating energy per area: used 9,877 kgce (equivalent value) of the constraint"
            " value 22,300 kgce (equivalent value) [unverified: secondary source], 44.3 %; projected"
            " for the year 23,248 kgce (equivalent value), 104.2 % of it",
        ),
        (
            _case("carbon-projected-over", "ORG-1/path/2023", _CARBON),
            "2023 年“碳排放下降”：已排放 30,000 kgCO₂，路径允许 58,050 kgCO₂，占 51.7 %；"
            "预计全年 61,000 kgCO₂，占 105.1 %",
            "2023, carbon reduction: emitted 30,000 kgCO₂ of what the path allows, 58,050 kgCO₂, 51.7 %;"
            " projected for the year 61,000 kgCO₂, 105.1 % of it",
        ),
        (
            _case("use-above-expected", "BLD-1", _EXCESS),
            "2023-06-04 用电 1,300 kWh，按天气与工作日历预期 1,000 kWh（正常上限 1,100 kWh）；"
            "超出上限 20.0 %，限值 15.0 %",
            "2023-06-04: used 1,300 kWh where weather and calendar let expect 1,000 kWh (ordinary days"
            " stay below 1,100 kWh); 20.0 % beyond that, allowed 15.0 %",
        ),
        (
            _case("meter-silent", "MTR-1", {"value": 30.0, "last_reading": _HEARD}),
            "已 30.0 小时没有读数（限值 24 小时），最近一次：2023-06-03 16:00 (Asia/Urumqi)",
            "no reading for 30.0 h (allowed 24 h), the last one at 2023-06-03 16:00 (Asia/Urumqi)",
        ),
        (
            _case("meter-silent", "MTR-1", {"value": 30.0, "waiting_since": _HEARD}),
            "自 2023-06-03 16:00 (Asia/Urumqi) 起等待，从未有读数",
            "no reading ever, waited for since 2023-06-03 16:00 (Asia/Urumqi)",
        ),
        (
            _case("factor-low", "MTR-1", {"value": 0.823, "last_reading": _HEARD}),
            "2023-06-03 16:00 (Asia/Urumqi) 功率因数 0.823，低于下限 0.9",
            "2023-06-03 16:00 (Asia/Urumqi): power factor 0.823, below the limit of 0.9",
        ),
        (
            _case("water-at-night", "BLD-1", {"value": 1234.5, "day": "2023-06-04"}),
            "2023-06-04 用水量 1,234 m³，高于上限 2.5 m³",
            "2023-06-04: water 1,234 m³, above the limit of 2.5 m³",
        ),
    ],
)
def test_figures(given: Case, zh: str, en: str) -> None:
    found = summary_of(given).figures
    # Blanks before a percent sign do not break.
    assert found.zh.replace("\u00a0", " ") == zh
    assert found.en.replace("\u00a0", " ") == en


def test_missing_figures_are_said_to_be_missing() -> None:
    bare = summary_of(case(figures={"value": None})).figures
    assert "已用 不详，约束值 不详" in bare.zh
    assert "used not known of the constraint value not known" in bare.en
    silent = summary_of(_case("meter-silent", "MTR-1", {})).figures
    assert silent.zh == "已 不详 小时没有读数（限值 24 小时），最近一次：不详"
    excess = summary_of(_case("use-above-expected", "BLD-1", {"value": 20.0})).figures
    assert excess.en.startswith("not known: used not known kWh")


def test_units_other_than_coal_name_no_basis() -> None:
    figures = {name.replace("kgce", "kwh"): value for name, value in QUOTA_FIGURES.items()}
    found = summary_of(case(figures=figures)).figures
    assert "已用 9,877 kWh，约束值 22,300 kWh" in found.zh
    assert "等价" not in found.zh


def test_a_rule_over_findings_speaks_as_the_finding_does() -> None:
    found = summary_of(_case("stuck", "MTR-1", {"value": 1.0, "quantity": "water_m3"}))
    assert found.figures.zh.startswith("总表")
    assert (found.value, found.threshold) == (None, None)


def test_a_case_made_of_a_finding_has_its_title_sentence_and_advice() -> None:
    found = summary_of(_case("finding:reading_suspect", "MTR-1", {"rule": "x", "value": 3}))
    assert found.title == Text("读数存疑", "Suspect readings")
    assert found.figures.zh.startswith("总表：x；最近一个值 3")
    assert found.advice.en.startswith("Mend the device")


def test_a_rule_that_is_no_longer_in_the_book_is_called_by_its_id() -> None:
    found = summary_of(_case("gone", "MTR-1", {"value": 3.0}))
    assert (found.title.zh, found.figures.zh, found.clauses) == ("gone", "", ())


@pytest.mark.parametrize(
    ("watched", "per", "word", "unit"),
    [
        ("electricity_import_kwh", "gross_area_m2", "单位面积用电量", "kWh/m²"),
        ("water_m3", "headcount", "人均用水量", "m³/人"),
        ("power_factor", "", "功率因数", ""),
        ("carbon_kgco2", "", "碳排放", "kgCO₂"),
        ("silence_h", "", "无读数时长", "h"),
        ("silent_share_pct", "", "失联对象占比", "%"),
        ("electricity_import_kwh", "water_m3", "用电量与用水量之比", "kWh/m³"),
    ],
)
def test_inputs_and_units_in_words(watched: str, per: str, word: str, unit: str) -> None:
    rule = plain_rule("r", watched, 1.0, per=per)
    assert input_word(rule).zh == word
    assert input_unit(rule).zh == unit


def test_clauses_carry_their_trust_marks_and_the_place_its_owner() -> None:
    found = summary_of(case())
    assert [clause.zh for clause in found.clauses] == [
        "《公共机构节能条例》（国务院令第531号）第 17 条：超定额应说明原因［未核实］",
        "《党政机关能耗定额》（DB37/T 2672-2019）4.2：约束值［未核实：二手来源］",
    ]
    assert found.owner == Text("办公室主任", "Office head")
    assert found.site is not None
    assert found.site.name.zh == "东院"
    assert found.link == "https://energy.example/cases/12"
    assert found.zone == "Asia/Urumqi"
    # An account of a year has the clause of its quota; anything else the rule's alone.
    assert len(summary_of(_case("meter-silent", "MTR-1", {})).clauses) == 1


def test_the_end_of_a_condition_is_that_of_its_case() -> None:
    end = datetime(2023, 6, 7, tzinfo=UTC)
    assert summary_of(case(clear_since=end)).ended_at == end
    assert summary_of(case(closed_at=end)).ended_at == end
