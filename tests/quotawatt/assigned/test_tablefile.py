"""Targets from a workbook or CSV file: all that is wrong at once, nothing raised."""

import io
from datetime import date, datetime

import pytest
from xlsxwriter.workbook import Workbook

from quotawatt.assigned.tablefile import TargetFile, read_targets

HEADER = "单位编码,指标,年度,指标值,文号,发文日期,下达单位,管理关系,领导批示"
ROW = "EDU,electricity_kwh,2026,1200000,鲁管〔2026〕12号,2026-01-15,CITY,属地,阅"


def read(*lines: str, encoding: str = "utf-8") -> TargetFile:
    return read_targets("targets.csv", "\n".join(lines).encode(encoding))


def codes(found: TargetFile) -> list[tuple[int | None, str, str]]:
    return [(p.where.row, p.where.column, p.rule.code) for p in found.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_with_chinese_headings(encoding: str) -> None:
    found = read(HEADER, "", ROW, encoding=encoding)
    assert found.problems == ()
    (wish,) = found.wishes
    assert (wish.asset, wish.name, wish.year, wish.amounts) == (
        "EDU",
        "electricity_kwh",
        2026,
        (1_200_000.0,),
    )
    assert (wish.document, wish.decided_on) == ("鲁管〔2026〕12号", date(2026, 1, 15))
    assert (wish.assigner, wish.tree, wish.effective_from) == ("CITY", "region", None)
    assert wish.where.row == 3


def test_english_headings_in_any_order_and_chinese_days() -> None:
    found = read(
        "Document,Value,Indicator,Code,Year,decided_on,From",
        "2026-3,5.5,water_m3,TAX,2026年,2026年1月5日,2026/6/1",
    )
    (wish,) = found.wishes
    assert (wish.amounts, wish.decided_on) == ((5.5,), date(2026, 1, 5))
    assert (wish.effective_from, wish.assigner, wish.tree) == (date(2026, 6, 1), "", "region")


def test_a_workbook_with_numbers_and_days() -> None:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["code", "indicator", "year", "amount", "document"])
        sheet.write_row(1, 0, ["EDU", "electricity_kwh", 2026, 12.5, 7])
        sheet.write_string(0, 5, "document date")
        sheet.write_datetime(1, 5, datetime(2026, 1, 15), day)  # noqa: DTZ001 - a cell has no zone
    (wish,) = read_targets("targets.xlsx", out.getvalue()).wishes
    assert (wish.year, wish.amounts, wish.document) == (2026, (12.5,), "7")
    assert wish.decided_on == date(2026, 1, 15)


def test_all_wrong_cells_are_told_at_once() -> None:
    found = read(HEADER, ROW, ",electricity_kwh,soon,much,12,2026-13-01,,", "EDU")
    assert len(found.wishes) == 1
    assert codes(found)[:4] == [
        (3, "asset", "required"),
        (3, "year", "whole_number"),
        (3, "amount", "number"),
        (3, "decided_on", "date"),
    ]
    assert {row for row, _, _ in codes(found)[4:]} == {4}


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("targets.csv", b"", "targets_no_rows"),
        ("targets.csv", b"code,year\nEDU,2026\n", "targets_headings"),
        ("targets.csv", b'code,"year\n', "targets_file"),
        ("targets.csv", b"\xff\xff\xff", "targets_file"),
        ("targets.xlsx", b"no workbook", "not_a_workbook"),
        ("targets.csv", b"code\n" + b"EDU\n" * 20_001, "targets_rows"),
    ],
)
def test_a_file_that_is_none_is_a_problem(name: str, data: bytes, rule: str) -> None:
    found = read_targets(name, data)
    assert (found.wishes, [p.rule.code for p in found.problems]) == ((), [rule])
