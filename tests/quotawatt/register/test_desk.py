"""Workbooks as offices keep them: totals, signatures, units, two names for a sheet, footnotes."""

from collections.abc import Mapping
from typing import Any

import pytest
from xlsxwriter.workbook import Workbook

from quotawatt.register.headings import kind_of_sheet
from tests.quotawatt.register.books import BUILDINGS, ORGANISATIONS, SITES, planned, read, whole

HEADER = ["序号", "建筑编号", "建筑名称", "所属院区", "使用单位名称"]


def rows(*more: Any, heading: str = "建筑面积（㎡）") -> dict[str, Any]:
    first = [1, "BLD-1", "主楼", "东院", "岚泉市机关事务管理局", 0.8]
    table = [[*HEADER, heading], first, *more]
    return {"单位": ORGANISATIONS, "院区": SITES, "2024年房屋建筑基本情况表": table}


@pytest.mark.parametrize(
    "footer",
    [
        ["合  计", None, None, None, None, 8000],
        [2, "小计（1 栋）", None, None, None, 8000],
        [None, "总计：", None, None, None, 8000],
        ["填表人：", "某某", None, "审核人：某某", None, "2024.12.31"],
        ["说明：", "面积以不动产权证为准"],
        ["备注1：含地下部分", "x"],
        ["单位（盖章）", "x"],
    ],
)
def test_totals_and_signatures_are_no_records_and_said_so(footer: list[Any]) -> None:
    plan = planned(read(rows(footer)))
    assert plan.problems == ()
    assert plan.after is not None
    assert list(plan.after.buildings) == ["BLD-1"]
    assert "2024年房屋建筑基本情况表:3：视为合计、填写说明或示例，未读取" in [
        note.text("zh") for note in plan.notes
    ]


def test_a_merged_total_does_no_harm_and_a_merged_record_does() -> None:
    def merge(made: Workbook, sheets: Mapping[str, Any]) -> None:
        sheets["建筑"].merge_range("A4:E4", "合计")

    total = read(whole(建筑=[*BUILDINGS, ["BLD-2", *BUILDINGS[1][1:]], []]), merge)
    assert total.problems == ()
    assert len(total.rows["buildings"]) == 2
    (problem,) = read(
        whole(建筑=[*BUILDINGS, *[[f"B-{n}", *BUILDINGS[1][1:]] for n in "12"]]), _two
    ).problems
    assert problem.rule.code == "merged"


def _two(made: Workbook, sheets: Mapping[str, Any]) -> None:
    sheets["建筑"].merge_range("B3:B4", "合并")


@pytest.mark.parametrize(
    ("heading", "area"),
    [("建筑面积（万平方米）", 8000.0), ("建筑面积/万㎡", 8000.0), ("建筑面积㎡", 0.8)],
)
def test_a_multiple_of_the_unit_is_taken_into_account(heading: str, area: float) -> None:
    plan = planned(read(rows(heading=heading)))
    assert plan.after is not None
    assert plan.after.buildings["BLD-1"].gross_area_m2 == area


def test_a_multiple_is_exact() -> None:
    table = rows([2, "BLD-2", "附楼", "SITE-1", "ORG-1", "2.3"], heading="建筑面积(万平方米)")
    plan = planned(read(table))
    assert plan.after is not None
    assert plan.after.buildings["BLD-2"].gross_area_m2 == 23000.0
    assert any("数值已乘以 10000" in note.text("zh") for note in plan.notes)


def test_a_unit_said_above_the_table_is_never_overlooked() -> None:
    table = [["办公建筑", None, "单位：万平方米"], *BUILDINGS]
    plan = planned(read(whole(建筑=table)))
    assert plan.problems == ()  # the heading says its own
    bare = [[*BUILDINGS[0][:5], "建筑面积"], BUILDINGS[1]]
    (problem,) = planned(read(whole(建筑=[table[0], *bare]))).problems
    assert problem.rule.code == "unit_above"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("单位名录", "organisations"),
        ("附件2：能源计量器具一览表", "meters"),
        ("公务用车台账", "vehicles"),
        ("3、车辆", "vehicles"),
        ("建筑汇总", None),
        ("表1", None),
    ],
)
def test_names_of_sheets(name: str, kind: str | None) -> None:
    assert kind_of_sheet(name) == kind
