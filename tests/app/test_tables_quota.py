"""An unfolded quota figure as the command line shows it, in both languages."""

from typing import Any

import pytest

from quotawatt.app.quota_lines import account_lines
from quotawatt.app.tables_quota import print_unfolded
from quotawatt.app.texts_quota import indicator_word
from quotawatt.settings import load_settings

CLAUSE = {
    "instrument": "db37t2672-2019",
    "title": {"zh": "定额标准", "en": "Energy quotas"},
    "number": "DB37/T 2672-2019",
    "status": "in_force",
    "clause": "电耗定额",
    "name": {"zh": "电耗定额", "en": "electricity quota"},
    "text": {"zh": "摘要", "en": "summary of the clause"},
    "trust": "secondary",
}


def line(subject: str, kind: str, amount: float, below: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "kind": kind,
        "measure": "heat_gj",
        "unit": "GJ",
        "amount": amount,
        "value": amount * 34.12,
        "coverage": 0.5,
        "estimated": True,
        "billed_by_area": False,
        "below": below,
        "days": [],
        **more,
    }


ANSWER: dict[str, Any] = {
    "as_of": "2024-01-01T00:00:00+08:00",
    "account": {
        "asset": "BLD-1",
        "title": {"zh": "供暖能耗", "en": "heating energy"},
        "used": 3412.0,
        "unit": "kgce",
        "intensity": 10.5,
        "intensity_unit": "kgce/m²",
        "clause": CLAUSE,
        "trust": "secondary",
        "indicator": "heating_kgce_per_m2",
        "denominator_name": "heated_area_m2",
        "denominator": 325.0,
        "tiers": {"constraint": 9.2, "guidance": 8.0},
        "limits": {"constraint": 2990.0, "guidance": 2600.0},
        "standing": "over_constraint",
        "projected_standing": "over_constraint",
        "projected": 7000.0,
        "projected_low": 6500.0,
        "projected_high": 7600.0,
        "projected_share_pct": 234.1,
        "over_probability": {"constraint": 0.999, "guidance": 1.0},
        "budget_to_date": 3000.0,
        "ahead": 412.0,
        "days": 47,
        "days_in_year": 121,
        "kgce": 3412.0,
        "tce": 3.412,
        "factor_set": "db37t2672-2019",
        "basis": "等价",
    },
    "formula": {"zh": "耗热量 × 系数 / 面积", "en": "heat x factor / area"},
    "in_numbers": {"zh": "(100 GJ × 34.12) / 325 m²", "en": "(100 GJ × 34.12) / 325 m²"},
    "parts": [
        {
            "measure": "heat_gj",
            "role": "carrier",
            "purpose": "",
            "factor": {"value": 34.12, "unit": "kgce/GJ", "trust": "secondary", "clause": CLAUSE},
            "line": line(
                "BLD-1",
                "asset",
                100,
                [line("BLD-1", "hand", 90, [], billed_by_area=True), line("rest", "rest", 10, [])],
            ),
        }
    ],
    "denominator": [
        {
            "subject": "BLD-1",
            "component": "heated_area_m2",
            "first": "2023-11-15",
            "until": "2024-01-01",
            "days": 47,
            "amount": 325.0,
        }
    ],
    "adjustments": [
        {"kind": "leaves_out", "name": "kitchen", "amount": 5.0, "area_m2": 40.0, "factor": None}
    ],
    "months": {"2023-12-01": 3412.0},
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                *("by hand, billed by area, not metered", "rest (no meter below)", "summary of"),
                "constraint (secondary) 9.2 kgce/m² × 325 m² = 2,990 kgce; used 114.1 %",
                "Standing: over constraint",
                "Year-end 7,000 kgce, 234.1 % of the constraint (80 % interval 6,500–7,600)",
                "chance above constraint > 99 %",
                "3.41 tce) by db37t2672-2019, electricity by its equivalent value (等价)",
            ],
        ),
        (
            "zh",
            [
                *("手工录入, 按面积计费，非计量", "其余（无分表）", "扣除 kitchen", "用热量"),
                "约束值〔二手〕 9.2 kgce/m² × 325 m² = 2,990 kgce；已用 114.1 %",
                *("状况：超约束值", "超约束值概率 > 99 %", "采暖面积", "等价值"),
                "预算至今 3,000 kgce，超前 412 kgce",
            ],
        ),
    ],
)
def test_a_figure_is_shown_with_all_that_makes_it(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: list[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    print_unfolded(ANSWER, load_settings(language=language))
    shown = capsys.readouterr().out
    for word in [*words, "34.12 kgce/GJ", "2023-11-15", "40.0 m²", "2023-12 3,412.0", "DB37/T"]:
        assert word in shown


def test_days_are_the_sum_of_what_the_parts_know(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"first": "2023-12-01", "value": 10.0}
    taken_off = [{**known, "value": -4.0}, {"first": "2023-12-02", "value": None}]
    (part,) = ANSWER["parts"]
    parts = [{**part, "line": {**part["line"], "days": days}} for days in ([known], taken_off)]
    print_unfolded({**ANSWER, "parts": parts}, load_settings(language="en"))
    assert "By day: 2023-12-01 6.0, 2023-12-02 –" in capsys.readouterr().out


def test_a_year_that_is_over_has_no_year_end_to_come() -> None:
    account = {**ANSWER["account"], "days": 121, "kgce": None}
    lines = list(account_lines(account, "en"))
    assert lines[-1] == "Standing: over constraint"


def test_an_indicator_of_a_local_pack_goes_by_its_own_title() -> None:
    row = {"indicator": "own_formula", "indicator_title": {"zh": "自定", "en": "own"}}
    assert indicator_word(row, "en") == "own"
    assert indicator_word({"indicator": "water_m3_per_head"}, "zh") == "人均用水"
