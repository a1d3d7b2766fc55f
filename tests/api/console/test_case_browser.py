"""Cases in a real browser: from a message's link to a photo in the case, on a phone; news as it comes."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from tests.api.case_world import QUOTA, add_case
from tests.api.console import test_browser
from tests.api.scene import Scene
from tests.quotawatt.access.people import PASSWORD, add_ready_user

pytestmark = pytest.mark.browser

browser, home, visit = test_browser.browser, test_browser.home, test_browser.visit
Visit = test_browser.Visit
PHONE = (390, 844)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def case(scene: Scene) -> int:
    return add_case(
        scene,
        rule="quota-exhausted",
        subject=f"BLD-2/{QUOTA}/2023",
        severity="critical",
        due_on=date(2023, 12, 15),
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_link_of_a_message_to_a_photo_in_the_case(
    browser: Browser, home: str, scene: Scene, case: int, tmp_path: Path, *, scripts: bool
) -> None:
    """The file is chosen and the form is sent: two taps after the words are typed."""
    add_ready_user(scene.records, "li", Grant(Role.OFFICER, "ORG-2"))
    photo = tmp_path / "hall.png"
    photo.write_bytes(PNG)
    width, height = PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(f"{home}/cases/{case}?lang=zh")
    page.locator("#user").fill("li")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.locator("h1")).to_have_text("年度定额已用完")
    form = page.locator(".case-do form")
    form.locator("textarea").fill("已到现场")
    form.locator("input[type=file]").set_input_files(photo)
    form.get_by_role("button", name="签收").click()
    expect(page.get_by_role("status")).to_have_text("已签收。")
    expect(page.locator(".steps").first).to_contain_text("已到现场")
    expect(page.locator(".evidence")).to_contain_text("hall.png")
    context.close()


def test_the_pages_fit_and_can_be_read(visit: Visit, scene: Scene, case: int) -> None:
    page = visit.page
    for language in ("zh", "en"):
        for path in ("/cases", f"/cases/{case}"):
            page.goto(f"{visit.home}{path}?lang={language}")
            expect(page.locator("h1").first).to_be_visible()
            expect(page.locator("#news")).to_be_hidden()
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(test_browser._CONTRAST) == [], (path, language, scheme)


def test_what_is_new_shows_without_being_asked_for(visit: Visit, scene: Scene, case: int) -> None:
    page = visit.page
    with page.expect_response("**/api/v1/events*"):
        page.goto(f"{visit.home}/cases")
    expect(page.locator("#news")).to_be_hidden()
    new = add_case(scene)
    expect(page.locator("#news")).to_be_visible(timeout=15_000)
    page.locator("#news").click()
    expect(page.locator(f"#case-{new}")).to_be_visible()
