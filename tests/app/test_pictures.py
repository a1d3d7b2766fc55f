"""The pictures of the consumption policy, and the page that shows them."""

import re
from pathlib import Path

import pytest

from quotawatt.app.consumption_cases import CASES, Case
from quotawatt.app.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "consumption.md").read_text(encoding="utf-8")


def bars(svg: str) -> list[str]:
    """What stands above the bars, hour by hour; a dash where nothing is known."""
    return re.findall(r'text-anchor="middle"[^>]*>([\d.]+|–)</text>', svg)


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("outage", ["10"] * 8),
        ("rollover", ["10"] * 8),
        ("swap", ["10"] * 8),
        ("dip", ["10"] * 8),
        ("spike", ["10"] * 8),
        ("reset", ["10", "10", "10", "6", "10", "10", "10", "10"]),
        ("above_rating", ["10", "10", "80", "10", "10", "10", "10", "–"]),
        ("standing_still", ["10", "10", "0", "0", "0", "0", "10", "10"]),
        ("by_hand", ["8", "15", "15", "15", "15", "8", "8", "8"]),
        ("power", ["12", "12", "12", "–", "–", "12", "4", "4"]),
    ],
)
def test_a_picture_shows_what_the_policy_makes_of_its_case(name: str, hours: list[str]) -> None:
    (case,) = (case for case in CASES if case.name == name)
    assert bars(picture(case)) == hours


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_picture_is_small_and_on_the_page(case: Case) -> None:
    assert len(picture(case).encode()) < 10_000
    assert f"(consumption/{case.name}.svg)" in PAGE


def test_the_tests_that_the_page_names_exist() -> None:
    tests = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"`(?:([\w/]*test_\w+\.py)(?:::)?)?(test_\w+)?`", PAGE)
    pairs = [(file, function) for file, function in named if file or function]
    assert len(pairs) > 20
    for file, function in pairs:
        texts = [
            text for path, text in tests.items() if str(path).endswith(f"/{file}" if file else "")
        ]
        assert any(not function or f"def {function}(" in text for text in texts), (file, function)
