"""What an import would do: what is absent stays, what would be lost is named, and days count."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.kinds import FormerValue
from quotawatt.register.model import Register
from quotawatt.register.planning import Options, Plan
from quotawatt.register.rows import records_of
from tests.quotawatt.register.books import planned, read
from tests.quotawatt.register.estate import with_records
from tests.quotawatt.register.example import found_of, write_example

DAY = date(2024, 7, 1)
BUILDINGS = ["编码", "中文名称", "英文名称", "所在院区", "使用单位", "建筑面积"]
ONE = ["BLD-1", "主楼（一号）", "Main building, no. 1", "SITE-1", "ORG-1", 9000]
TWO = ["BLD-2", "附楼", "Annex", "SITE-1", "ORG-1", None]


@pytest.fixture
def stored(tmp_path: Path) -> Register:
    return read_csv_folder(write_example(tmp_path))


def plan_of(stored: Register, *rows: list[object], options: Options = Options()) -> Plan:
    return planned(read({"建筑": [BUILDINGS, *rows]}), stored, options)


def test_the_same_again_differs_in_nothing(stored: Register) -> None:
    plan = planned(found_of(stored), stored)
    assert (plan.problems, plan.difference, plan.columns) == ((), {}, ())


def test_sheets_and_columns_that_are_absent_stay(stored: Register) -> None:
    plan = plan_of(stored, ONE, TWO)
    assert plan.problems == ()
    assert set(plan.difference) == {"buildings"}
    assert plan.difference["buildings"].counts() == {"added": 0, "changed": 2, "removed": 0}
    assert plan.after is not None
    changed = plan.after.buildings["BLD-1"]
    assert changed == replace(stored.buildings["BLD-1"], gross_area_m2=9000.0)
    assert changed.heated_area_m2 == 7500.5
    assert [(c.code, c.column, c.before, c.after, c.dated) for c in plan.columns] == [
        ("BLD-1", "gross_area_m2", "8000.0", "9000.0", False),
        ("BLD-2", "organisation", "ORG-2", "ORG-1", False),
    ]


def test_a_plan_says_what_is_computed_anew(stored: Register) -> None:
    moved = plan_of(stored, [*ONE[:4], "ORG-2", 9000], TWO)
    assert moved.recomputation is not None
    assert {"ORG-1", "ORG-2"} <= set(moved.recomputation.totals)
    assert plan_of(stored, ONE).recomputation is None


def test_a_new_record_gets_the_defaults_of_absent_columns(stored: Register) -> None:
    new = ["BLD-3", "新楼", "New", "SITE-1", "ORG-1", 100]
    plan = plan_of(stored, ONE, TWO, new)
    assert plan.after is not None
    assert plan.after.buildings["BLD-3"].status == "in_use"
    assert plan.after.buildings["BLD-3"].heated_area_m2 is None


def test_what_a_sheet_lacks_is_named_and_removed_only_when_asked(stored: Register) -> None:
    (problem,) = plan_of(stored, ONE).problems
    assert problem.text().startswith("建筑: what is stored must be in its sheet")
    assert problem.text().endswith("got 'BLD-2'")
    plan = plan_of(stored, ONE, options=Options(remove=True))
    assert plan.problems == ()
    assert [b.code for b in plan.difference["buildings"].removed] == ["BLD-2"]  # type: ignore[union-attr]


def test_a_removal_that_others_lean_on_is_refused(stored: Register) -> None:
    plan = plan_of(stored, TWO, options=Options(remove=True))
    assert plan.after is None
    assert {p.rule.code for p in plan.problems} == {"reference"}
    assert plan.difference == {}


def test_nothing_is_said_to_be_missing_where_a_code_could_not_be_read(stored: Register) -> None:
    assert [p.rule.code for p in plan_of(stored, ONE, [True, *TWO[1:]]).problems] == ["text"]


def test_a_day_makes_corrections_to_changes(stored: Register) -> None:
    plan = plan_of(stored, ONE, TWO, options=Options(changed_from=DAY))
    assert plan.after is not None
    assert set(plan.after.former_values) == {
        FormerValue("BLD-1", "gross_area_m2", "8000.0", DAY),
        FormerValue("BLD-2", "organisation", "ORG-2", DAY),
    }
    assert all(change.dated for change in plan.columns)
    before = plan.after.as_of(date(2024, 6, 30))
    assert records_of(before)["buildings"] == records_of(stored)["buildings"]
    assert plan.after.as_of(DAY).buildings["BLD-1"].gross_area_m2 == 9000
    again = plan_of(plan.after, ONE, TWO, options=Options(changed_from=DAY))
    assert (again.problems, again.difference) == ((), {})


def test_a_day_before_the_last_change_is_refused_and_the_same_day_mends(stored: Register) -> None:
    first = plan_of(stored, ONE, TWO, options=Options(changed_from=DAY)).after
    assert first is not None
    other = [*ONE[:5], 9500]
    (problem,) = plan_of(first, other, TWO, options=Options(changed_from=date(2024, 6, 1))).problems
    assert problem.rule.code == "changed_later"
    same_day = plan_of(first, other, TWO, options=Options(changed_from=DAY)).after
    assert same_day is not None
    assert same_day.former_values == first.former_values
    assert same_day.as_of(DAY).buildings["BLD-1"].gross_area_m2 == 9500


def test_history_is_kept_by_a_sheet_that_was_filled_before(stored: Register) -> None:
    changed = plan_of(stored, ONE, TWO, options=Options(changed_from=DAY)).after
    assert changed is not None
    plan = planned(found_of(replace_history(changed)), changed)
    assert plan.problems == ()
    assert plan.after is not None
    assert set(plan.after.former_values) == set(changed.former_values)
    forgetful = planned(found_of(replace_history(changed)), changed, Options(remove=True))
    assert forgetful.after is not None
    assert forgetful.after.former_values == ()


def replace_history(register: Register) -> Register:
    """The register without any history."""
    return Register(**{**records_of(register), "former_values": ()})  # type: ignore[arg-type]


def test_a_dated_change_in_the_sheets_themselves_is_no_correction(stored: Register) -> None:
    history = [
        ["资产编码", "属性", "原值", "变更日期"],
        ["BLD-1", "建筑面积", 8000, date(2024, 7, 1)],
        ["BLD-1", "状态", "规划", "2023年1月1日"],
    ]
    plan = planned(read({"建筑": [BUILDINGS, ONE, TWO], "历史值": history}), stored)
    assert plan.problems == ()
    assert [(c.code, c.dated) for c in plan.columns] == [("BLD-1", True), ("BLD-2", False)]
    assert plan.after is not None
    assert plan.after.as_of(date(2022, 1, 1)).buildings["BLD-1"].status == "planned"


@pytest.mark.parametrize(
    ("kind", "column", "change"),
    [
        ("bindings", "multiplier", {"multiplier": 60.0}),
        ("headcounts", "people", {"people": 90.0}),
        ("base_values", "value", {"value": 70.0}),
    ],
)
def test_a_day_does_not_rewrite_the_past_of_rows_with_their_own_dates(
    stored: Register, kind: str, column: str, change: dict[str, float]
) -> None:
    *others, last = records_of(stored)[kind]
    found = found_of(with_records(stored, **{kind: [*others, replace(last, **change)]}))
    (problem,) = planned(found, stored, Options(changed_from=DAY)).problems
    assert (problem.rule.code, problem.where.column) == ("own_dates", column)
    assert problem.value == change[column]
    assert "must be closed and a new one added" in problem.text("en")
    assert "请结束该行并另加一行" in problem.text("zh")
    correction = planned(found, stored)
    assert correction.problems == ()
    assert set(correction.difference) == {kind}


def test_with_a_day_a_row_may_be_closed_and_another_added(stored: Register) -> None:
    *others, last = stored.headcounts
    closed, new = replace(last, valid_until=DAY), replace(last, people=90.0, valid_from=DAY)
    after = with_records(stored, headcounts=[*others, closed, new])
    plan = planned(found_of(after), stored, Options(changed_from=DAY))
    assert plan.problems == ()
    assert plan.after is not None
    assert set(plan.after.headcounts) == {*others, closed, new}
