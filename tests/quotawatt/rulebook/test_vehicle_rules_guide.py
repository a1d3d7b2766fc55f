"""The examples of the guide to rules for vehicles work, and it names every rule with its parameters."""

import re
from pathlib import Path

import pytest

from analytics.packtests.courses import Course, Rehearsed
from analytics.packtests.rules import run_pack_tests
from quotawatt.errors import RulebookError
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "vehicle-rules.md").read_text("utf-8")
PACK, TESTS = re.findall(r"```yaml\n(.+?)```", GUIDE, re.DOTALL)
SLIP, FAILURE = re.findall(r"```\n([^`]+?)\n```", GUIDE.split("```yaml")[2])


def never(rule: Rule, course: Course) -> Rehearsed:
    raise AssertionError("a rule for vehicles is not rehearsed")


def book_of(folder: Path, pack: str) -> Rulebook:
    (folder / "example.yaml").write_text(pack, encoding="utf-8")
    return load_rulebook([folder])


def failures_of(folder: Path, tests: str) -> list[str]:
    (folder / "example.tests.yaml").write_text(tests, encoding="utf-8")
    return [x.failure for x in run_pack_tests(folder, book_of(folder, PACK), never)]


def test_the_rule_of_the_guide_passes_its_tests(tmp_path: Path) -> None:
    assert failures_of(tmp_path, TESTS) == ["", ""]


def test_errors_read_as_the_guide_says(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        book_of(tmp_path, PACK.replace("minutes: 5}", "minutes: -5}"))
    assert caught.value.problems[0].endswith(SLIP)
    assert FAILURE in failures_of(tmp_path, TESTS.replace("value: 6", "value: 7"))


def test_the_table_names_every_rule_and_parameter() -> None:
    rows = {
        cells[1].strip(" `"): cells
        for line in GUIDE.splitlines()
        if line.startswith("| `") and len(cells := line.split("|")) == 7
    }
    for rule in load_rulebook().vehicle_rules.values():
        missing = [name for name in rule.parameters if f"`{name}`" not in rows[rule.id][4]]
        assert missing == [], rule.id
