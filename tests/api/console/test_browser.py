"""The console in a real browser: what it shows, that it works by click and key, that it stays at home."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.api.scene import NOW, TOKEN, Scene
from tests.servers import INSTALL

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """A page, and all that the browser asked for or complained about while it was open."""

    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail(f"chromium must be installed for this test: {INSTALL}")
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=path, args=options)
        yield launched
        launched.close()


@pytest.fixture
def home(scene: Scene) -> Iterator[str]:
    """The scene, served on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(scene.app, log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def visit(browser: Browser, home: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    visit = Visit(page, home)
    page.on("request", lambda r: visit.requests.append(r.url))
    page.on("console", lambda m: visit.complaints.append(m.text) if m.type != "log" else None)
    page.on("pageerror", lambda e: visit.complaints.append(str(e)))
    page.goto(f"{home}/?token={TOKEN}")
    yield visit
    context.close()
    assert visit.complaints == []
    assert [u for u in visit.requests if not u.startswith((home, "data:"))] == []


def _drawn(page: Page, chart: str) -> int:
    """How many different colours the chart's canvas shows: one for a chart that was not drawn."""
    colours: int = page.evaluate(
        """id => {
          const c = document.querySelector(`#${id} canvas`);
          const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          const seen = new Set();
          for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
          return seen.size;
        }""",
        chart,
    )
    return colours


def test_the_overview_shows_who_is_over_and_why(visit: Visit) -> None:
    page = visit.page
    assert TOKEN not in page.url
    expect(page.locator("table.accounts > tbody")).to_have_count(4)
    row = page.locator("tbody[data-code=BLD-1]")
    expect(row.locator(".chip").first).to_contain_text("超约束值")
    row.locator("summary").click()
    expect(row.locator(".reckoning").first).to_be_visible()
    expect(row.locator(".clause").first).to_contain_text("DB37/T 2672-2019")
    expect(page.locator(".alert")).to_have_count(2)
    expect(page.locator(".alert").first).to_contain_text("第 17 条")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_charts_are_drawn_and_the_window_moves(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#load-charts")).to_have_attribute("data-drawn", "true")
    expect(page.locator("#chart-problem")).to_be_hidden()
    assert _drawn(page, "chart-day") > 5
    page.locator("#window-from").fill("2023-12-18")
    expect(page.locator("#window-from")).to_have_value("2023-12-18")
    page.locator("#earlier").press("Enter")
    expect(page.locator("#window-from")).to_have_value("2023-12-04")
    page.locator("#later").press("Enter")
    expect(page.locator("#window-from")).to_have_value("2023-12-18")
    assert any("grain=hour&from=2023-12-18&until=2024-01-01" in u for u in visit.requests)


def test_the_language_switch_and_the_choice_of_a_building(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#accounts-title")).to_contain_text("Organisations and buildings")
    page.get_by_role("link", name="Building Two").click()
    expect(page.locator("#load-title")).to_have_text("Building load: Building Two")
    expect(page.locator("#load-charts")).to_have_attribute("data-drawn", "true")


def test_acknowledging_an_alert(visit: Visit, scene: Scene) -> None:
    page = visit.page
    card = page.locator("#alert-1")
    card.get_by_role("textbox").fill("已派人查看")
    card.get_by_role("button", name="确认").click()
    expect(page.locator("#alert-1")).to_contain_text("已确认（console）")
    expect(page.locator("#alert-1").get_by_role("button")).to_have_count(0)
    assert page.url.endswith("#alert-1")


def test_the_devices_page_is_reached_from_the_overview(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="设备接入").click()
    expect(page.locator("tr[data-device=stranger]")).to_contain_text("water_m3 = 5")
    expect(page.locator("#letters tbody tr")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(_CONTRAST) == []
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Devices")


def test_new_data_is_offered_and_not_forced(visit: Visit, scene: Scene) -> None:
    page = visit.page
    page.clock.install()
    page.goto(f"{visit.home}/?year=2023")
    link = page.locator("#news")
    for later, visible in ((timedelta(minutes=59), False), (timedelta(minutes=61), True)):
        scene.moment[0] = NOW + later
        with page.expect_response("**/api/v1/health"):
            page.clock.run_for(30_000)
        expect(link).to_be_visible(visible=visible)
    scene.moment[0] = NOW + timedelta(minutes=62)
    link.click()
    expect(page.locator("time").first).to_have_text("2024-01-01 01:02")
    expect(link).to_be_hidden()


def test_the_months_table_fits_the_page(visit: Visit) -> None:
    page = visit.page
    page.locator(".months summary").click()
    expect(page.locator(".months tbody tr")).to_have_count(12)
    expect(page.locator(".months tbody tr").first).to_contain_text("2023-01")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_expected_band_stands_out_from_the_ground(visit: Visit, scheme: str) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme)
    ratios = page.evaluate(_BAND_CONTRAST)
    assert ratios["fill"] >= 1.5
    assert ratios["edge"] >= 3  # what WCAG asks of graphics


def test_colours_follow_the_readers_scheme_and_keep_their_contrast(visit: Visit) -> None:
    page = visit.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(_CONTRAST) == []


# Contrast of the expected band's fill and edge, laid over the panel, with the panel itself.
_BAND_CONTRAST = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const style = getComputedStyle(document.documentElement);
  const lum = (...names) => {
    for (const name of names) {
      context.fillStyle = style.getPropertyValue(name).trim();
      context.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(v => {
      v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (...over) => {
    const [a, b] = [lum("--surface"), lum("--surface", ...over)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return { fill: ratio("--chart-band"), edge: ratio("--chart-band-edge") };
}"""

# Texts whose contrast with the ground behind them is below WCAG AA (4.5, or 3 for large text).
_CONTRAST = """() => {
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const lum = c => { const [r, g, b] = c.slice(0, 3).map(v => {
    v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) {
    const s = getComputedStyle(e).backgroundColor;
    if (s.startsWith("rgb") && (rgb(s)[3] ?? 1) === 1) return rgb(s); } return [255, 255, 255]; };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest("script, option, .visually-hidden, .skip")) continue;
    const style = getComputedStyle(e);
    const [a, b] = [lum(rgb(style.color)), lum(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) bad.push(`${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""
