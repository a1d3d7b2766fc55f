"""A workbook as people keep it is read; what cannot be read for certain is named by sheet and cell."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from xlsxwriter.workbook import Workbook

from quotawatt.register.kinds import Binding
from quotawatt.register.uploads import read_upload
from tests.quotawatt.register.books import (
    BUILDINGS,
    ORGANISATIONS,
    SITES,
    book,
    planned,
    problems_of,
    read,
    repacked,
    whole,
)


def test_a_small_workbook_becomes_a_register() -> None:
    plan = planned(read(whole()))
    assert plan.problems == ()
    assert plan.notes == ()
    assert plan.after is not None
    building = plan.after.buildings["BLD-1"]
    assert (building.gross_area_m2, building.status) == (8000.0, "in_use")
    assert plan.after.organisations["ORG-1"].kind == "party_government"
    assert plan.after.sites["SITE-1"].province == "shandong"


def test_titles_hints_blank_rows_and_columns_of_their_own_are_understood() -> None:
    buildings = [
        ["2024 年建筑台账"],
        [],
        [None, "编码*", "名称", "英文名", "建筑\n面积（平方米）", "院区", "单位", "电梯数"],
        [None, "code", "name_zh", "name_en", "gross_area_m2", "site", "organisation"],
        [None, "示例：B-01", "示例楼", "Example", 100, "SITE-1", "ORG-1"],
        [],
        [None, " ＢＬＤ－１ ", "主楼", "Main", "８０００．５", "SITE-1", "ORG-1 ", 4],
        [None, None, None, None, None, None, None, "合计 4"],
    ]
    plan = planned(read(whole(建筑=buildings, 备忘=[["随手记"]])))
    assert plan.problems == ()
    assert plan.after is not None
    assert plan.after.buildings["BLD-1"].gross_area_m2 == 8000.5
    assert list(plan.after.buildings) == ["BLD-1"]
    assert [note.text() for note in plan.notes] == [
        "建筑:3: the column '电梯数' is none of the register and was not read",
        "建筑:4: taken for a hint, a total or an example and not read",
        "建筑:5: taken for a hint, a total or an example and not read",
        "备忘: no sheet of the register and not read",
    ]


def test_english_names_and_identifiers_are_understood() -> None:
    sheets = {
        "Organisations": [
            ["code", "Chinese name", "English name", "Kind", "level"],
            ORGANISATIONS[1],
        ],
        "2. Sites": [
            ["Code", "name_zh", "name_en", "Time zone", "Province", "quota_zone"],
            SITES[1],
        ],
        "buildings": [
            ["Code", "name_zh", "name_en", "Site", "Organisation", "Gross area (m2)"],
            BUILDINGS[1],
        ],
    }
    plan = planned(read(sheets))
    assert plan.problems == ()
    assert plan.after is not None
    assert plan.after.buildings["BLD-1"].gross_area_m2 == 8000


def test_times_without_a_zone_are_those_of_the_site() -> None:
    sites = [SITES[0], [*SITES[1][:3], "Asia/Urumqi", *SITES[1][4:]]]
    meters = [
        ["编码", "中文名称", "英文名称", "所在建筑", "能源种类"],
        ["MTR-1", "总表", "Main", "BLD-1", "电"],
    ]
    bindings = [
        ["设备标识", "资产编码", "生效时间", "失效时间", "倍率"],
        [
            861234567890123,
            "MTR-1",
            datetime.fromisoformat("2024-01-05T08:30"),
            date(2024, 2, 1),
            40,
        ],
        ["dev-2", "MTR-1", "2024年2月1日 0:00", "2024-03-01T00:00:00+08:00", "１"],
    ]
    plan = planned(read(whole(院区=sites, 计量器具=meters, 采集绑定=bindings)))
    assert plan.problems == ()
    assert plan.after is not None
    first, second = plan.after.bindings
    assert first == Binding(
        "861234567890123",
        "MTR-1",
        datetime(2024, 1, 5, 2, 30, tzinfo=UTC),
        valid_until=datetime(2024, 1, 31, 18, tzinfo=UTC),
        multiplier=40.0,
    )
    assert second.valid_from == datetime(2024, 1, 31, 18, tzinfo=UTC)
    assert second.valid_until == datetime(2024, 2, 29, 16, tzinfo=UTC)


def test_a_unit_that_is_another_is_refused() -> None:
    buildings = [[*BUILDINGS[0][:5], "建筑面积(亩)"], BUILDINGS[1]]
    (problem,) = problems_of(whole(建筑=buildings))
    assert problem.startswith(
        "建筑!F1 Gross area: the unit of Gross area (gross_area_m2) must be m²"
    )


def test_a_sheet_without_header_or_column_is_named_and_nothing_follows_from_it() -> None:
    assert problems_of(whole(院区=[["东院"], ["西院"]])) == [
        "院区: a sheet must have a header row that names its columns, such as Code (code), Chinese name"
        " (name_zh), Time zone (timezone), Province (province), within its first 20 rows, got none"
    ]
    (problem,) = problems_of(whole(院区=[row[:5] for row in SITES]))
    assert (
        problem
        == "院区:1 quota_zone: a required column must be there: Quota zone (quota_zone), got none"
    )


def test_all_wrong_cells_are_named_at_once() -> None:
    buildings = [
        BUILDINGS[0],
        ["BLD-1", "主楼", "Main", "SITE-1", "ORG-1", "约8000"],
        ["BLD-1", "附楼", "Annex", "SITE-9", "ORG-1", -3],
        [None, "西楼", "West", "SITE-1", "ORG-1", "1,23"],
    ]
    assert problems_of(whole(建筑=buildings)) == [
        "建筑!F2 Gross area: must be a number with a decimal point and no separators, got '约8000'",
        "建筑!A3 Code: a code must be used once over all kinds and stands in 建筑:2 too, got 'BLD-1'",
        "建筑!D3 Site: must be a code of sites, got 'SITE-9'",
        "建筑!F3 Gross area: must be above 0, got -3.0",
        "建筑!A4 Code: must not be empty, got ''",
        "建筑!F4 Gross area: must be a number with a decimal point and no separators, got '1,23'",
    ]


def test_problems_come_in_chinese_too() -> None:
    found = planned(read(whole(建筑=[BUILDINGS[0], [*BUILDINGS[1][:5], -3]])))
    (problem,) = found.problems
    assert found.found.placed(problem, "zh").text("zh") == "建筑!F2 建筑面积：须大于 0，此处为 -3"
    assert found.found.plain(problem, "zh") == {
        "sheet": "建筑",
        "row": 2,
        "column": "gross_area_m2",
        "cell": "F2",
        "rule": "above_zero",
        "text": "建筑!F2 建筑面积：须大于 0，此处为 -3",
    }


def _wild(made: Workbook, sheets: Mapping[str, Any]) -> None:
    sheet = sheets["建筑"]
    sheet.write_formula("F2", "=4000*2", None, 8000)
    sheet.write_formula("F3", "=4000*2", None, "")
    sheet.write_formula("A4", "=#REF!", None, "#REF!")
    sheet.merge_range("B5:B6", "合并")


def test_formulas_errors_and_merged_cells() -> None:
    rows = [[f"BLD-{n}", f"楼{n}", f"Building {n}", "SITE-1", "ORG-1", 1] for n in range(1, 6)]
    assert problems_of(whole(建筑=[BUILDINGS[0], *rows]), more=_wild) == [
        "建筑!F3 Gross area: a formula must have its value saved with it (open and save it with a"
        " spreadsheet program), got '='",
        "建筑!A4 Code: a cell must not hold an error such as #REF! or #N/A, got '#'",
        "建筑!B5 Chinese name: cells of a table must not be merged (unmerge them and fill each), got 'B5:B6'",
    ]


def test_a_title_that_is_merged_does_no_harm() -> None:
    def title(made: Workbook, sheets: Mapping[str, Any]) -> None:
        sheets["建筑"].merge_range("A1:F1", "建筑台账")

    assert problems_of(whole(建筑=[[], *BUILDINGS]), more=title) == []


def test_hidden_rows_are_read_and_hidden_sheets_refused() -> None:
    def hide(made: Workbook, sheets: Mapping[str, Any]) -> None:
        sheets["院区"].set_row(1, None, None, {"hidden": True})
        sheets["建筑"].hide()

    found = read(whole(), hide)
    assert [note.text() for note in found.notes] == ["院区: 1 hidden rows were read too"]
    assert [problem.text() for problem in found.problems] == [
        "建筑: a sheet that is read must be visible (show it, or give it another name), got '建筑'"
    ]


def test_a_kind_in_two_sheets_is_refused() -> None:
    assert problems_of({**whole(), "buildings": BUILDINGS}) == [
        "buildings: a kind must stand in one sheet, and is in 建筑 too, got 'buildings'"
    ]


def test_a_workbook_without_a_sheet_of_the_register_is_refused() -> None:
    (problem,) = problems_of({"Sheet1": [["a", "b"]]})
    assert problem.startswith("台账.xlsx: a workbook must have at least one sheet by the name")


def test_a_cell_far_away_is_refused_before_room_is_made_for_it() -> None:
    def far(made: Workbook, sheets: Mapping[str, Any]) -> None:
        sheets["建筑"].write("XFD1048576", "x")

    (problem,) = problems_of(whole(), more=far)
    assert problem.startswith("建筑: a sheet must span at most 6000000 cells")
    assert problem.endswith("got 'A1:XFD1048576'")


def test_formatted_rows_without_anything_in_them_are_no_rows() -> None:
    def format_rows(made: Workbook, sheets: Mapping[str, Any]) -> None:
        grey = made.add_format({"bg_color": "#eeeeee"})
        for row in range(2, 20_000):
            sheets["建筑"].write_blank(row, 0, None, grey)

    found = read(whole(), format_rows)
    assert found.problems == ()
    assert len(found.rows["buildings"]) == 1


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (True, "must be text and is stored as another type"),
        (date(2024, 3, 1), "must be text and is stored as another type"),
        (1234567890123456789, "a number of more than 15 digits must be text"),
        ("A\nB", "must not hold control characters"),
    ],
)
def test_codes_that_a_spreadsheet_has_changed_are_refused(cell: Any, problem: str) -> None:
    (found,) = problems_of(whole(建筑=[BUILDINGS[0], [cell, *BUILDINGS[1][1:]]]))
    assert found.startswith(f"建筑!A2 Code: {problem}")


def test_a_number_is_a_code_without_its_decimal_point() -> None:
    plan = planned(read(whole(建筑=[BUILDINGS[0], [7.0, *BUILDINGS[1][1:]]])))
    assert plan.after is not None
    assert list(plan.after.buildings) == ["7"]


def test_broken_xml_within_a_right_archive_is_damage() -> None:
    data = book(whole())
    for part in (b"<worksheet><sheetData>", b"<?xml version='1.0' encoding='odd'?><a/>", b"\0"):
        (problem,) = read_upload("x.xlsx", repacked(data, sheet1=part)).problems
        assert problem.rule.code == "damaged"


def test_entities_are_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
        b"<worksheet>&c;</worksheet>"
    )
    (problem,) = read_upload("x.xlsx", repacked(book(whole()), sheet1=bomb)).problems
    assert problem.rule.code == "own_entities"
