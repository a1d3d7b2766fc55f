"""Tests of rules for vehicles as data: what they find, what a failure says, what is wrong with them."""

from pathlib import Path

import pytest

from analytics.packtests.courses import Course, Rehearsed
from analytics.packtests.rules import run_pack_tests
from quotawatt.errors import RulebookError
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.rulebook.loader import load_rulebook

BOOK = load_rulebook()
GIVEN = """given:
      now: 2024-05-08T00:00
      trips: [{start: 2024-05-07T09:00, end: 2024-05-07T10:00, distance_km: 20}]"""


def never(rule: Rule, course: Course) -> Rehearsed:
    raise AssertionError("a rule for vehicles is not rehearsed")


def failure_of(folder: Path, expect: str, given: str = GIVEN, rule: str = "no-order") -> str:
    text = f"tests:\n  - name: n\n    vehicle_rule: {rule}\n    {given}\n    expect: {expect}\n"
    (folder / "x.tests.yaml").write_text(text, encoding="utf-8")
    (outcome,) = run_pack_tests(folder, BOOK, never)
    return outcome.failure


def problems_of(folder: Path, expect: str, given: str = GIVEN) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        failure_of(folder, expect, given)
    return list(caught.value.problems)


def test_what_is_found_passes(tmp_path: Path) -> None:
    assert failure_of(tmp_path, "[{start: 2024-05-07T09:00, value: 60, unit_is: x}]") != ""
    assert failure_of(tmp_path, "[{start: 2024-05-07T09:00, value: 60, distance_km: 20}]") == ""


def test_a_failure_says_what_came_instead(tmp_path: Path) -> None:
    wrong = failure_of(tmp_path, "[{start: 2024-05-07T09:05, value: 59}]")
    assert "start must be 2024-05-07T09:05:00, got 2024-05-07T09:00:00" in wrong
    assert "value must be 59.0, got 60.0" in wrong
    assert failure_of(tmp_path, "[]") == (
        "there must be 0 deviations, got 1 (from 2024-05-07T09:00:00)"
    )
    unknown = failure_of(tmp_path, "[]", rule="no-such")
    assert unknown == "a test must name a rule for vehicles that is in force, got no-such"


@pytest.mark.parametrize(
    ("expect", "given", "rule"),
    [
        ("[{value: 1}]", GIVEN, "a deviation must have start"),
        ("[{start: soon}]", GIVEN, "start must be a local time YYYY-MM-DDTHH:MM"),
        ("[]", "given: {trips: []}", "given must have now"),
        ("[]", "given: {now: 2024-05-08T00:00, cars: []}", "a key of given must be one of now"),
        (
            "[]",
            "given: {now: 2024-05-08T00:00, trips: [{start: 2024-05-07T09:00}]}",
            "an entry of trips must have end",
        ),
        (
            "[]",
            "given: {now: 2024-05-08T00:00, events: [{kind: flying, start: 2024-05-07T09:00, end: "
            "2024-05-07T10:00}]}",
            "kind must be one of idling, refuelling",
        ),
        (
            "[]",
            "given: {now: 2024-05-08T00:00, messages: {from: 2024-05-07T09:00, every_s: 10, "
            "speed_kmh: [1], latitude_deg: [1, 2]}}",
            "messages must have as many values of each quantity",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, expect: str, given: str, rule: str
) -> None:
    problems = problems_of(tmp_path, expect, given)
    assert any(rule in problem for problem in problems), problems
    assert all(problem.startswith("x.tests.yaml:") for problem in problems)
