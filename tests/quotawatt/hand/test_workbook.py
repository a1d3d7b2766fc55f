"""Entries as workbooks: the template, and headings and cells as people write them."""

from datetime import date, datetime
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from quotawatt.hand.workbook import form_of_sheet, read_entries, template_entries
from quotawatt.register.forms import FORMS
from quotawatt.register.headings import headings
from quotawatt.register.rows import columns
from quotawatt.settings import Language
from tests.quotawatt.hand.sheets import Cell, workbook_of
from tests.quotawatt.hand.world import REGISTER


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_reads_back_empty_and_offers_what_fits(language: Language) -> None:
    data = template_entries(REGISTER, language)
    found = read_entries("t.xlsx", data)
    assert (found.problems, set(found.rows)) == ((), set(FORMS))
    assert all(found.columns[form] == {c.name for c in columns(form)} for form in FORMS)
    lists = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("_lists").to_python()
    readings = {str(row[0]).partition(" ")[0] for row in lists if row[0]}
    assert "WATER" in readings
    assert not {"BLD-1", "ORG-1", "EQ-1", "SITE-1"} & readings


@pytest.mark.parametrize("form", FORMS)
def test_every_column_has_words_in_both_languages(form: str) -> None:
    for name, heading in headings(form).items():
        assert heading.zh
        assert heading.en
        assert heading.note("zh"), name
        assert heading.note("en"), name


def test_sheets_go_by_any_of_their_names() -> None:
    names = ("抄表", "Meter readings", "hand_bills", "缴费单", "Fuel purchases", "建筑")
    assert [form_of_sheet(name) for name in names] == [
        "hand_readings",
        "hand_readings",
        "hand_bills",
        "hand_bills",
        "hand_purchases",
        None,
    ]


def test_cells_are_understood_as_people_write_them() -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "抄表制度": [["x"]],
        "抄表": [
            ["5月抄表汇总"],
            ["序号", "表计编码", "抄表日期", "抄见数", "品种", "确认"],
            [1, "WATER", "2024年5月31日", "12,345.5", "水", "归零"],
            [2, "WATER", "2024/6/30 09:30", 12400, "用水量(m³)", "属实"],
            ["合计", None, None, 24745.5],
        ],
        "账单": [
            ["计量点", "开始日期", "结束日期", "计费用量", "缴费金额(万元)"],
            ["HEAT", "20240501", "2024.5.31", "80", 1.5],
        ],
    }
    found = read_entries("a.xlsx", workbook_of(sheets))
    assert found.problems == ()
    first, second = (row.cells for row in found.rows["hand_readings"])
    assert first["time"] == datetime(2024, 5, 31)  # noqa: DTZ001 - its place is not known yet
    assert (first["value"], first["quantity"], first["confirm"]) == (12345.5, "water_m3", "reset")
    assert (second["time"].hour, second["confirm"]) == (9, "high")
    (bill,) = (row.cells for row in found.rows["hand_bills"])
    assert (bill["first_day"], bill["last_day"]) == (date(2024, 5, 1), date(2024, 5, 31))
    assert (bill["amount"], bill["cost_cny"]) == (80.0, 15000.0)


def test_a_workbook_without_any_form_is_no_import() -> None:
    found = read_entries("a.xlsx", workbook_of({"建筑": [["编码", "中文名称"]]}))
    assert [problem.rule.code for problem in found.problems] == ["no_sheets"]
    assert read_entries("a.xlsx", b"no workbook").problems
