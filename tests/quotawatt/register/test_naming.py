"""Assets are found by their names where one alone goes by it, in references and in former values."""

from datetime import date
from typing import Any

import pytest

from quotawatt.register.planning import Options, Plan
from tests.quotawatt.register.books import BUILDINGS, ORGANISATIONS, SITES, planned, read, whole

SECOND = ["BLD-2", "附楼", "Annex", "东院", "岚泉市机关事务管理局", 900]
METERS = ["编码", "中文名称", "所在建筑", "能源种类", "上级表"]


def said(plan: Plan) -> list[str]:
    return [plan.found.placed(problem, "zh").text("zh") for problem in plan.problems]


def test_names_in_both_languages_and_loose_spellings_become_codes_and_are_noted() -> None:
    english = ["BLD-3", "北楼", "North", "EAST court", "Lanquan Office Affairs Bureau", 5]
    plan = planned(read(whole(建筑=[*BUILDINGS, SECOND, english])))
    assert plan.problems == ()
    assert plan.after is not None
    for code in ("BLD-2", "BLD-3"):
        building = plan.after.buildings[code]
        assert (building.site, building.organisation) == ("SITE-1", "ORG-1")
    assert [note.text("zh") for note in plan.notes] == [
        "建筑：所在院区中的 2 个名称已按资产名称对应为编码",
        "建筑：使用单位中的 2 个名称已按资产名称对应为编码",
    ]


def test_a_name_that_several_have_is_refused_once_with_their_codes() -> None:
    same = [*ORGANISATIONS, ["ORG-2", "岚泉市机关事务管理局", "Other", "机关", "市级"]]
    assert said(planned(read(whole(单位=same, 建筑=[*BUILDINGS, SECOND])))) == [
        "建筑!E3 使用单位：须为编码，因为有多项资产同名：ORG-1, ORG-2，此处为“岚泉市机关事务管理局”"
    ]


def test_a_code_goes_before_a_name() -> None:
    sites = [*SITES, ["东院", "西院", "West", "Asia/Shanghai", "山东", "B"]]
    plan = planned(read(whole(院区=sites, 建筑=[*BUILDINGS, SECOND])))
    assert plan.after is not None
    assert plan.after.buildings["BLD-2"].site == "东院"


def test_an_unknown_name_is_refused_in_words() -> None:
    wrong = [*SECOND[:4], "市二院", 9]
    assert said(planned(read(whole(建筑=[*BUILDINGS, wrong])))) == [
        "建筑!E3 使用单位：须为“单位”中已有的编码或不重名的名称，此处为“市二院”"
    ]


def test_meters_of_one_name_are_told_apart_by_their_building() -> None:
    meters = [
        METERS,
        ["M-1", "总表", "主楼", "电", None],
        ["M-2", "总表", "附楼", "电", None],
        ["M-3", "照明", "附楼", "电", "总表"],
    ]
    plan = planned(read(whole(建筑=[*BUILDINGS, SECOND], 计量器具=meters)))
    assert plan.after is not None
    assert plan.after.meters["M-3"].parent == "M-2"


def test_names_of_what_is_stored_are_known() -> None:
    stored = planned(read(whole())).after
    assert stored is not None
    plan = planned(read({"建筑": [*BUILDINGS, SECOND]}), stored)
    assert plan.after is not None
    assert plan.after.buildings["BLD-2"].organisation == "ORG-1"


def test_a_missing_english_name_is_the_chinese_one_and_a_stored_one_stays() -> None:
    stored = planned(read(whole())).after
    assert stored is not None
    without = [[*row[:2], *row[3:]] for row in [*BUILDINGS, SECOND]]
    plan = planned(read({"建筑": without}), stored)
    assert plan.after is not None
    assert plan.after.buildings["BLD-1"].name_en == "Main building"
    assert plan.after.buildings["BLD-2"].name_en == "附楼"
    empty = planned(read(whole(建筑=[BUILDINGS[0], ["BLD-1", "主楼", None, "SITE-1", "ORG-1", 1]])))
    assert empty.after is not None
    assert empty.after.buildings["BLD-1"].name_en == "主楼"


@pytest.mark.parametrize(
    ("column", "said_before", "value"),
    [
        ("使用单位", "岚泉市机关事务管理局", "ORG-1"),
        ("设备类型", "空调", "air_conditioner"),
        ("设备类型", "'空调", "空调"),
        ("状态", "闲置", "idle"),
    ],
)
def test_former_values_are_read_as_in_their_own_column(
    column: str, said_before: str, value: Any
) -> None:
    equipment = [
        ["编码", "中文名称", "设备类型", "使用单位"],
        ["EQ-1", "打印机", "A4 打印机", "ORG-1"],
    ]
    former = [["资产编码", "属性", "原值", "变更日期"], ["打印机", column, said_before, "2024.7.1"]]
    plan = planned(read(whole(设备=equipment, 历史值=former)), options=Options())
    assert plan.problems == ()
    assert plan.after is not None
    (kept,) = plan.after.former_values
    assert (kept.asset, kept.value, kept.valid_until) == ("EQ-1", value, date(2024, 7, 1))
