"""The pages where people act in a real browser: they fit, can be read, and work without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from quotawatt.ledger.outside import place_head
from quotawatt.register.pool import Terms, offer_asset
from quotawatt.register.pool_book import Act
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from tests.api.console import test_browser
from tests.api.console.test_findings_pages import add
from tests.api.console.test_score_pages import WORLD
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, TOKEN, Scene
from tests.quotawatt.access.people import add_user
from tests.quotawatt.rulebook.test_proposals import PACK

pytestmark = pytest.mark.browser

browser, home, visit = test_browser.browser, test_browser.home, test_browser.visit
Visit = test_browser.Visit

PAGES = (
    "/quota",
    "/quota/BLD-1/db37t2672-city-b-electricity",
    "/carbon",
    "/carbon/BLD-1",
    "/rules/library",
    "/rules/library/db37t2672-2019",
    "/findings",
    "/pool",
    "/pool/candidates",
    "/pool/match",
    "/pool/offers/1",
    "/score",
    "/rules/proposals",
    "/rules/proposals/1",
    "/ledger",
    "/ledger/1",
    "/ledger/heads",
    "/access",
    "/access/users/wang",
    "/access/tokens",
    "/access/sessions",
    "/account",
    "/devices",
    "/inbox",
    "/silences",
    "/silences/new",
    "/cases/statistics",
    "/delivery",
)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = stored_scene(tmp_path, register=WORLD)
    add(made, "meter_silent", "MTR-1")
    add(made, "asset_fed_twice", "MTR-2", severity="critical", organisation="ORG-2")
    offer_asset(made.records, WORLD, "R-1", Terms("lend"), Act("wang", NOW))
    packs = packs_in_force((), {}, need_approval=False)
    draft = Draft("canteen.yaml", PACK)
    Proposals(made.records).propose(draft, packs, [], "wang", NOW)
    add_user(made.records, "wang")
    place_head(made.records, made.services.settings, NOW)
    return made


def test_every_page_fits_and_can_be_read_in_either_scheme(visit: Visit) -> None:
    page = visit.page
    for language in ("zh", "en"):
        for path in PAGES:
            page.goto(f"{visit.home}{path}?lang={language}")
            expect(page.locator("h1").first).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, language)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(test_browser._CONTRAST) == [], (path, language, scheme)


def test_a_finding_is_accepted_and_a_printed_page_has_no_forms(browser: Browser, home: str) -> None:
    """Without scripts: everything is links and forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/?token={TOKEN}")
    page.get_by_role("link", name="账实核对").click()
    row = page.locator("li.finding", has_text="计量中断")
    row.locator("summary").click()
    row.get_by_label("理由").fill("备用进线，每年试两次")
    row.get_by_role("button", name="接受").click()
    expect(page.get_by_role("status")).to_contain_text("已接受")
    expect(page.locator("li.finding", has_text="计量中断")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.locator("li.finding").first).to_be_visible()
    expect(page.locator("form:visible, summary:visible")).to_have_count(0)
    context.close()


def test_before_a_purchase_the_pool_is_searched(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.home}/pool/match")
    page.get_by_label("使用单位").select_option("ORG-2")
    page.get_by_label("需要的设备或用房").fill("局长室")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#answer-title")).to_have_text("POOL-2024-00001")
    page.get_by_role("link", name="申请").click()
    expect(page.locator("h1")).to_contain_text("局长室")


def test_the_evidence_pack_is_downloaded(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.home}/ledger")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载证据包").click()
    assert download.value.suggested_filename.startswith("ledger-")
    page.get_by_role("button", name="立即核验").click()
    expect(page.locator("#chain")).to_contain_text("完整")
