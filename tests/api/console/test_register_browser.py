"""The register in a real browser: importing what the template's writer made, and a form with its preview."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quotawatt.register.repository import load_register
from quotawatt.register.uploads import read_upload
from tests.api.console import test_browser
from tests.api.console.test_register_import import changed
from tests.api.console.test_register_pages import world
from tests.api.register_scene import stored_scene
from tests.api.scene import Scene

pytestmark = pytest.mark.browser

browser, home, visit = test_browser.browser, test_browser.home, test_browser.visit
Visit = test_browser.Visit


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return stored_scene(tmp_path, register=world())


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_template_is_downloaded_and_a_workbook_of_its_form_imported(
    visit: Visit, scene: Scene
) -> None:
    page = visit.page
    page.get_by_role("link", name="资产台账").click()
    page.get_by_role("link", name="导入工作簿").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="中文模板").click()
    template = Path(download.value.path()).read_bytes()
    assert read_upload("template.xlsx", template).problems == ()
    chosen = {"name": "台账.xlsx", "mimeType": "application/octet-stream", "buffer": changed()}
    page.get_by_label("工作簿（.xlsx）").set_input_files(chosen)
    page.get_by_label("删除工作簿中没有的记录").check()
    page.get_by_role("button", name="查看变化").click()
    expect(page.locator("#plan")).to_contain_text("工作簿“台账.xlsx”")
    expect(page.locator("#plan")).to_contain_text("1,200")
    assert fits(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("status")).to_contain_text("导入完成")
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1200.0


def test_a_building_is_found_changed_and_shown(visit: Visit, scene: Scene) -> None:
    page = visit.page
    page.goto(f"{visit.home}/register")
    page.get_by_label("查找").fill("一号楼")
    page.get_by_label("类别").select_option("buildings")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("tr[data-code]")).to_have_count(1)
    page.locator("tr[data-code=BLD-1]").get_by_role("link", name="一号楼").click()
    page.get_by_role("link", name="变更信息").click()
    page.get_by_label("生效日期").fill("2023-07-01")
    page.get_by_label("建筑面积 (m²)").fill("1200")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("table.parts")).to_contain_text(re.compile("1,000.*1,200"))
    assert fits(page)
    page.get_by_role("button", name="确认办理").click()
    expect(page.get_by_role("status")).to_have_text("变更已登记。")
    expect(page.locator("#history")).to_contain_text("2023-07-01 起")
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1200.0


@pytest.mark.parametrize("path", ["/register", "/register/BLD-7", "/register/BLD-7/correct"])
def test_pages_fit_and_can_be_read_in_both_schemes(visit: Visit, path: str) -> None:
    page = visit.page
    for language in ("zh", "en"):
        page.goto(f"{visit.home}{path}?lang={language}")
        assert fits(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(test_browser._CONTRAST) == []


def test_a_virtual_meter_is_entered_and_changed_from_a_day_on(visit: Visit, scene: Scene) -> None:
    page = visit.page
    page.goto(f"{visit.home}/register/new/virtual_meters")
    page.locator("#f-code").fill("虚拟-其余")
    page.get_by_label("中文名称").fill("其余用电")
    page.get_by_label("所在建筑").fill("BLD-1")
    page.get_by_label("计量项").select_option(label="用电量 (kWh)")
    page.get_by_label("公式").fill("MTR-1 － MTR-1-A")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("其余用电")
    page.goto(f"{visit.home}/register?kind=virtual_meters")
    page.locator("tr[data-code='虚拟-其余']").get_by_role("link", name="其余用电").click()
    expect(page.locator("main")).to_contain_text(re.compile("MTR-1 [-－] MTR-1-A"))
    assert fits(page)
    page.get_by_role("link", name="变更信息").click()
    page.get_by_label("生效日期").fill("2023-07-01")
    page.get_by_label("公式").fill("MTR-1 - 0.5*MTR-1-A")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认办理").click()
    expect(page.locator("#history")).to_contain_text("2023-07-01 起")
    stored = load_register(scene.records)
    assert stored.virtual_meters["虚拟-其余"].formula == "MTR-1 - 0.5*MTR-1-A"
    assert len(stored.history_of("虚拟-其余")["formula"]) == 2
