"""An unfolded quota figure as the command line shows it, in both languages."""

from typing import Any

import pytest

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
        ("en", ["by hand, billed by area, not metered", "rest (no meter below)", "summary of"]),
        ("zh", ["手工录入, 按面积计费，非计量", "其余（无分表）", "扣除 kitchen"]),
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


def test_an_indicator_of_a_local_pack_goes_by_its_own_title() -> None:
    row = {"indicator": "own_formula", "indicator_title": {"zh": "自定", "en": "own"}}
    assert indicator_word(row, "en") == "own"
    assert indicator_word({"indicator": "water_m3_per_head"}, "zh") == "人均用水"
