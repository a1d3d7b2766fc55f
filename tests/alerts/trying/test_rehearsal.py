"""Tests of rules as data: what they may say, what they find, what a failure says."""

from pathlib import Path

import pytest

from alerts.trying.rehearsal import rehearse
from analytics.packtests.rules import run_pack_tests
from quotawatt.errors import RulebookError
from quotawatt.rulebook.loader import load_rulebook

BOOK = load_rulebook()


def failure_of(folder: Path, *lines: str) -> str:
    """What the one test of these lines fails with; empty: it passes."""
    (folder / "x.tests.yaml").write_text("\n".join(["tests:", "  - name: n", *lines]) + "\n")
    (outcome,) = run_pack_tests(folder, BOOK, rehearse)
    return outcome.failure


def problem_of(folder: Path, *lines: str) -> str:
    with pytest.raises(RulebookError) as caught:
        failure_of(folder, *lines)
    return caught.value.problems[0]


def test_values_are_written_in_a_row(tmp_path: Path) -> None:
    passes = failure_of(
        tmp_path,
        "    rule: quota-exhausted",
        "    values: 98+1x3 _x2 101.5-1x2 100",
        "    expect:",
        "      - {at: 2d, state: inactive}",  # 98, 99, 100
        "      - {at: 4d, state: inactive}",
        "      - {at: 5d, state: firing}",
        "      - {at: 6d, state: firing}",  # 100.5
        "      - {at: 7d, state: resolved}",
    )
    assert passes == ""


def test_a_value_holds_until_the_next_one(tmp_path: Path) -> None:
    passes = failure_of(
        tmp_path,
        "    rule: quota-projected-over",
        "    values: 101",
        "    expect:",
        "      - {at: 71h, state: pending}",
        "      - {at: 3d, state: firing}",
    )
    assert passes == ""


def test_no_data_is_said(tmp_path: Path) -> None:
    passes = failure_of(
        tmp_path,
        "    rule: quota-exhausted",
        "    values: 101 _ 102",
        "    expect:",
        "      - {at: 1d, state: firing, no_data: true}",
        "      - {at: 2d, no_data: false}",
    )
    assert passes == ""


def test_what_is_corrected_upwards_fires_late(tmp_path: Path) -> None:
    passes = failure_of(
        tmp_path,
        "    rule: quota-projected-over",
        "    values: 99x6",
        "    late:",
        "      - {at: 5d, of: 1d, value: 101}",
        "      - {at: 5d, of: 2d, value: 101}",
        "      - {at: 5d, of: 3d, value: 101}",
        "      - {at: 5d, of: 4d, value: 101}",
        "      - {at: 5d, of: 5d, value: 101}",
        "    expect:",
        "      - {at: 4d, state: inactive}",
        "      - {at: 5d, state: firing}",
    )
    assert passes == ""


@pytest.mark.parametrize(
    ("rule", "every", "says"),
    [
        (
            "meter-stuck",
            "1d",
            "late must be for a rule over measures or readings, got counter_stuck",
        ),
        ("meter-silent", "1h", "late must be for a rule over measures or readings, got silence_h"),
        ("quota-exhausted", "1h", "late must have one value each day, got one each 1h"),
    ],
)
def test_what_cannot_come_late_is_said(tmp_path: Path, rule: str, every: str, says: str) -> None:
    failure = failure_of(
        tmp_path,
        f"    rule: {rule}",
        f"    every: {every}",
        "    values: 1 1 1",
        "    late: [{at: 0, of: 0, value: 0}]",
        "    expect: []",
    )
    assert failure == says


def test_every_difference_is_named_with_line_time_and_both_values(tmp_path: Path) -> None:
    failure = failure_of(
        tmp_path,
        "    rule: quota-exhausted",
        "    start: 2024-02-29T12:00",
        "    values: 101x2",
        "    expect:",
        "      - {at: 1d, state: resolved, severity: info, flapping: true}",
        "    expect_cases:",
        "      - {opened: 1d, severity: critical, closed: never}",
    )
    assert failure == (
        "x.tests.yaml:7: at 1d (2024-03-01 12:00) state must be resolved, got firing; "
        "x.tests.yaml:7: at 1d (2024-03-01 12:00) severity must be info, got critical; "
        "x.tests.yaml:7: at 1d (2024-03-01 12:00) flapping must be true, got false; "
        "x.tests.yaml:9: opened of the case must be 1d, got 0"
    )


def test_cases_are_counted(tmp_path: Path) -> None:
    failure = failure_of(
        tmp_path,
        "    rule: quota-exhausted",
        "    values: 101",
        "    expect: []",
        "    expect_cases: []",
    )
    assert failure == "there must be 0 cases, got 1 (opened at 0)"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            ["values: 1 two", "expect: []"],
            "values must be written like 99 _ 100x3 102+1x3, got two",
        ),
        (
            ["values: _+1x3", "expect: []"],
            "values must be written like 99 _ 100x3 102+1x3, got _+1x3",
        ),
        (["values: 1x0", "expect: []"], "values must be 1 to 20000, got 0"),
        (["values: 1x99999", "expect: []"], "values must be 1 to 20000, got 99999"),
        (["values: 1", "given: [1]", "expect: []"], "one of given and values, got both"),
        (["given: [1]", "every: 1h", "expect: [firing]"], "a test with every must have values"),
        (["given: [1, 2]", "expect: [firing]"], "expect must have 2 states, got 1"),
        (["given: [1]", "expect: [burning]"], "a state must be one of inactive, pending, firing"),
        (["values: 1", "every: 0", "expect: []"], "every must be longer than nothing, got 0"),
        (["values: 1", "start: noon", "expect: []"], "start must be a local time"),
        (["values: 1", "expect: [{at: 0}]"], "an expectation must say something beside at"),
        (["values: 1", "expect: [{at: 0, flapping: 1}]"], "flapping must be one of true, false"),
        (
            ["values: 1 2", "late: [{at: 1d, of: 3h, value: 1}]", "expect: []"],
            "of must be the time of a value up to at, got 3h",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, lines: list[str], says: str
) -> None:
    problem = problem_of(tmp_path, "    rule: quota-exhausted", *(f"    {one}" for one in lines))
    assert says in problem
    assert problem.startswith("x.tests.yaml:")
