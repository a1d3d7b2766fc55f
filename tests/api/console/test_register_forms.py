"""The register's forms: shown before they are done, wrong values marked at their field, CSRF, reach."""

import html
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from tests.api.console.test_register_pages import world
from tests.api.register_scene import stored_scene
from tests.api.scene import TOKEN, Client, Scene


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    return stored_scene(tmp_path, records_url, world())


@pytest.fixture
def browser(scene: Scene) -> Client:
    """Somebody who may do anything, signed in."""
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    return client


def fields(page: str) -> dict[str, str]:
    """The fields of the page's form with a CSRF token, as a browser would send them unchanged."""
    form = page.partition('<main id="main"')[2]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = re.search(r'name="([^"]*)"', tag)
        if named and ('type="checkbox"' not in tag or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            found.setdefault(named[1], html.unescape(value[1]) if value else "")
    for name, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(
            r'value="([^"]*)"', options
        )
        found[name] = chosen[1] if chosen else ""
    return found


def send(client: Client, path: str, **changes: str) -> httpx.Response:
    """Fill in the form at a path and send it."""
    sent = {**fields(client.get(path).text), **changes}
    return client.post(path, content=urlencode(sent))


def confirm(client: Client, path: str, preview: httpx.Response) -> httpx.Response:
    """Press the button of a preview."""
    return client.post(path, content=urlencode({**fields(preview.text), "step": "confirm"}))


def stored(scene: Scene) -> Register:
    return load_register(scene.records)


FORMS = {
    "/register/MTR-1/replace": {
        "at": "2023-12-31T23:00",
        "device": "dev-newer",
        "end_reading": "５００",
        "start_reading": "3",
        "multiplier": "40",
    },
    "/register/SPC-701/move": {"organisation": "甲机关", "from": "2024-02-01"},
    "/register/VEH-7/transfer": {"organisation": "ORG-2", "from": "2024-02-01"},
    "/register/EQP-71/status": {"status": "idle", "from": "2024-02-01"},
    "/register/MTR-2/dispose": {"from": "2024-02-01"},
    "/register/BLD-1/change": {"gross_area_m2": "1 200", "from": "2023-07-01"},
    "/register/BLD-2/correct": {"gross_area_m2": "2100"},
}
ACTIONS = {
    "replace": "meter_replaced",
    "move": "room_moved",
    "transfer": "asset_transferred",
    "status": "status_set",
    "dispose": "asset_disposed",
    "change": "record_changed",
    "correct": "record_changed",
}


@pytest.mark.parametrize("path", FORMS)
def test_a_form_shows_first_and_then_does_it(scene: Scene, browser: Client, path: str) -> None:
    changes = {name: text.replace("1 200", "1200") for name, text in FORMS[path].items()}
    before = stored(scene)
    entries = len(Ledger(scene.records).entries())
    preview = send(browser, path, **changes)
    assert preview.status_code == 200, preview.text
    assert "核对后确认" in preview.text
    assert 'value="confirm"' in preview.text
    assert stored(scene).assets == before.assets
    assert stored(scene).bindings == before.bindings
    done = confirm(browser, path, preview)
    assert done.status_code == 303, done.text
    code, act = path.split("/")[2:]
    assert done.headers["location"] == f"/register/{code}?done={act}"
    after = stored(scene)
    assert (after.assets, after.bindings) != (before.assets, before.bindings)
    (entry,) = Ledger(scene.records).entries()[entries:]
    assert (entry.action, entry.subject) == (ACTIONS[act], code)
    assert 'role="status"' in browser.get(done.headers["location"]).text


def test_a_change_keeps_what_was_and_a_correction_does_not(scene: Scene, browser: Client) -> None:
    for path, changes in (
        ("/register/BLD-1/change", {"gross_area_m2": "1200", "from": "2023-07-01"}),
        ("/register/BLD-2/correct", {"gross_area_m2": "2100"}),
    ):
        confirm(browser, path, send(browser, path, **changes))
    was = stored(scene).as_of(date(2023, 6, 30)).buildings
    assert (was["BLD-1"].gross_area_m2, was["BLD-2"].gross_area_m2) == (1000.0, 2100.0)
    assert stored(scene).buildings["BLD-1"].gross_area_m2 == 1200.0


@pytest.mark.parametrize(
    ("path", "changes", "field", "words"),
    [
        ("/register/BLD-1/change", {"gross_area_m2": "很大"}, "gross_area_m2", "很大"),
        ("/register/BLD-1/change", {"gross_area_m2": "0"}, "gross_area_m2", "须大于 0"),
        ("/register/BLD-1/change", {"gross_area_m2": "9", "from": "soon"}, "from", "soon"),
        ("/register/BLD-1/change", {"name_zh": ""}, "name_zh", "不能为空"),
        ("/register/VEH-7/transfer", {"organisation": "无此单位"}, "organisation", "管理范围"),
        ("/register/VEH-7/transfer", {"organisation": ""}, "organisation", "不能为空"),
        ("/register/MTR-1/replace", {"device": "d", "end_reading": "x"}, "end_reading", "x"),
        (
            "/register/MTR-1/replace",
            {"device": "d", "end_reading": "1", "at": "2031-01-01T00:00"},
            "at",
            "不得晚于现在",
        ),
        (
            "/register/MTR-1/replace",
            {"device": "d", "end_reading": "-1"},
            "end_reading",
            "不在允许范围",
        ),
        (
            "/register/new/buildings",
            {
                "code": "B 1",
                "name_zh": "楼",
                "name_en": "b",
                "site": "大院",
                "organisation": "ORG-1",
            },
            "code",
            "编码只能由",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    browser: Client, path: str, changes: dict[str, str], field: str, words: str
) -> None:
    answer = send(browser, path, **changes)
    assert answer.status_code == 422, answer.text
    marked = re.search(rf'<p id="e-{field}"[^>]*>(.*?)</p>', answer.text)
    assert marked is not None
    assert words in marked[1]
    assert 'aria-invalid="true"' in answer.text


def test_the_preview_of_a_replacement_shows_both_readings(browser: Client) -> None:
    path = "/register/MTR-1/replace"
    preview = send(browser, path, **{**FORMS[path], "end_reading": "148211.52"})
    assert "<li>旧表止码：148211.52</li><li>新表起码：3</li>" in preview.text
    other = "/register/MTR-2/dispose"
    assert "止码" not in send(browser, other, **FORMS[other]).text


@pytest.mark.parametrize("sent", [True, False])
def test_all_that_is_empty_is_told_at_once(browser: Client, sent: bool) -> None:
    path, names = "/register/MTR-1/replace", ("at", "end_reading", "start_reading", "device")
    form = {"csrf": fields(browser.get(path).text)["csrf"], "step": "preview"}
    answer = browser.post(path, content=urlencode({**form, **dict.fromkeys(names * sent, "")}))
    assert answer.status_code == 422
    assert set(re.findall(r'<p id="e-([^"]*)"[^>]*>不能为空', answer.text)) == set(names)


def test_a_blank_english_name_is_the_chinese_one(scene: Scene, browser: Client) -> None:
    page = browser.get("/register/BLD-1/correct").text
    labels = dict(re.findall(r'<label for="f-(name_..)">(.*?)</label>', page))
    assert ("*" in labels["name_zh"], "*" in labels["name_en"]) == (True, False)
    changes = {"name_zh": "新楼", "name_en": " "}
    path = "/register/BLD-1/correct"
    assert confirm(browser, path, send(browser, path, **changes)).status_code == 303
    building = stored(scene).buildings["BLD-1"]
    assert (building.name_zh, building.name_en) == ("新楼", "新楼")
    both = send(browser, "/register/new/buildings", name_zh="", name_en="").text
    assert 'id="e-name_zh"' in both
    assert 'id="e-name_en"' not in both


def test_without_a_change_nothing_is_done(browser: Client) -> None:
    answer = send(browser, "/register/BLD-1/correct")
    assert answer.status_code == 422
    assert "没有变更" in answer.text


def test_a_change_before_a_later_one_is_refused_in_words(browser: Client) -> None:
    path = "/register/BLD-1/change"
    confirm(browser, path, send(browser, path, gross_area_m2="1200", **{"from": "2023-07-01"}))
    answer = send(browser, path, gross_area_m2="1300", **{"from": "2023-03-01"})
    assert answer.status_code == 422
    assert "“建筑面积 (m²)”在 2023-07-01 已有变更" in answer.text


def test_a_meter_that_nothing_feeds_is_not_replaced(browser: Client) -> None:
    answer = send(browser, "/register/MTR-2/replace", device="d", end_reading="1")
    assert answer.status_code == 422
    assert "没有设备接入此表" in answer.text


def test_what_changed_in_between_is_shown_again(scene: Scene, browser: Client) -> None:
    path = "/register/BLD-1/change"
    preview = send(browser, path, gross_area_m2="1200", **{"from": "2023-07-01"})
    other = "/register/BLD-1/correct"
    confirm(browser, other, send(browser, other, year_built="1999"))
    again = confirm(browser, path, preview)
    assert again.status_code == 200
    assert "其他人刚刚修改" in again.text
    assert stored(scene).buildings["BLD-1"].gross_area_m2 == 1000.0


def test_from_the_preview_one_goes_back_to_the_form(browser: Client) -> None:
    path = "/register/BLD-1/change"
    preview = send(browser, path, gross_area_m2="1234", **{"from": "2023-07-01"})
    form = browser.post(path, content=urlencode({**fields(preview.text), "step": "edit"}))
    assert form.status_code == 200
    assert fields(form.text)["gross_area_m2"] == "1234"


def test_an_asset_is_added_by_names_and_words(scene: Scene, browser: Client) -> None:
    answer = send(
        browser,
        "/register/new/spaces",
        code="SPC-9",
        name_zh="九号房",
        name_en="Room nine",
        building="一号楼",
        use="meeting",
        area_m2="４０",
        post="正处级",
    )
    assert answer.headers["location"] == "/register/SPC-9?done=new"
    space = stored(scene).spaces["SPC-9"]
    assert (space.building, space.area_m2, space.post) == ("BLD-1", 40.0, "division_head")
    again = send(
        browser, "/register/new/spaces", code="SPC-9", name_zh="x", name_en="x", building="BLD-1"
    )
    assert again.status_code == 422


def test_a_form_of_another_session_is_refused(scene: Scene, browser: Client) -> None:
    sent = {
        **fields(browser.get("/register/BLD-2/correct").text),
        "gross_area_m2": "5",
        "step": "confirm",
    }
    for token in ("", "wrong"):
        answer = browser.post("/register/BLD-2/correct", content=urlencode({**sent, "csrf": token}))
        assert answer.status_code == 403
    assert stored(scene).buildings["BLD-2"].gross_area_m2 == 2000.0


def test_what_cannot_be_done_with_an_asset_is_not_there(browser: Client) -> None:
    assert browser.get("/register/BLD-1/replace").status_code == 404
    assert browser.get("/register/BLD-1/anything").status_code == 404
    assert browser.get("/register/NOBODY/change").status_code == 404
