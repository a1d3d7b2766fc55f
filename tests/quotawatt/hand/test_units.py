"""Units in headings of a workbook of entries: taken, multiplied or refused by the row's quantity."""

import pytest

from quotawatt.hand.drafting import drafted
from quotawatt.hand.units import times_of
from quotawatt.hand.workbook import form_of_sheet, read_entries
from tests.quotawatt.hand.sheets import Cell, workbook_of
from tests.quotawatt.hand.world import SETTING

BILL: list[Cell] = ["WATER", "水", "2024.5.1", "2024.5.31", "1,240"]
COAL: list[Cell] = ["ORG-1", "煤", "2024.5.1", "2024.5.31", 50.3, 12, 9]
DAYS: list[Cell] = ["计量点", "能源品种", "起始日期", "截止日期"]


def bills(heading: str, *above: str) -> tuple[list[float | None], list[str]]:
    """Amounts, and what is wrong, of a bill of water under this heading of its amount."""
    rows = [*([text] for text in above), [*DAYS, heading], BILL, ["合计", None, None, None, 1240]]
    found = read_entries("a.xlsx", workbook_of({"账单": rows}))
    drafts, problems = drafted(found.rows, SETTING)
    broken = [found.placed(p, "zh").text("zh") for p in (*found.problems, *problems)]
    return [draft.entry.amount for draft in drafts], broken


@pytest.mark.parametrize("heading", ["用量", "用量(m³)", "用量（立方米）", "用量(吨)", "用量 m3"])
def test_a_heading_may_name_the_unit_of_the_quantity(heading: str) -> None:
    assert bills(heading) == ([1240.0], [])


def test_multiples_are_multiplied_and_other_units_refused_at_the_cell() -> None:
    assert bills("用量(万m³)") == ([12_400_000.0], [])
    amounts, broken = bills("用量(kWh)")
    assert amounts == []
    assert broken == ["账单!E2 用量：列名中的单位须为 water_m3 的单位 m³，此处为“kwh”"]


def test_fuel_in_tonnes_is_taken_in_kilograms() -> None:
    header: list[Cell] = [*DAYS, "购入量(吨)", "期初库存(吨)", "期末库存(吨)"]
    found = read_entries("a.xlsx", workbook_of({"2024年燃料购入明细表": [header, COAL]}))
    (draft,), problems = drafted(found.rows, SETTING)
    entry = draft.entry
    assert problems == []
    assert (entry.bought, entry.opening, entry.closing) == (50_300, 12_000, 9_000)
    assert entry.amount == 53_300


def test_a_unit_above_for_all_is_refused_and_the_name_of_an_office_is_none() -> None:
    amounts, broken = bills("用量", "单位：吨")
    assert (amounts, len(broken)) == ([], 1)
    assert "单位须写在列名中" in broken[0]
    assert bills("用量", "填报单位：青山县机关事务局") == ([1240.0], [])


def test_units_go_by_the_quantity() -> None:
    assert times_of("吨", "coal_kg") == 1000
    assert times_of("吨", "water_m3") == times_of("t", "steam_t") == 1
    assert times_of("吨", "gas_m3") is None
    assert times_of("万度", "electricity_import_kwh") == 10_000


def test_a_sheet_is_known_by_what_stands_around_its_name() -> None:
    assert form_of_sheet("2024年抄表记录") == "hand_readings"
    assert form_of_sheet("附件3：账单明细表") == "hand_bills"
    assert form_of_sheet("会议记录") is None
