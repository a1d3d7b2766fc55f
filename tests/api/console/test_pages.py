"""The pages as HTML: language, escaping, forms."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.auth import COOKIE
from quotawatt.register.model import Building, Register
from tests.api.scene import REGISTER, TOKEN, Client, Scene, build_scene


def _signed_in(scene: Scene) -> Client:
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    return client


@pytest.mark.parametrize(
    ("language", "html_lang", "words"),
    [
        ("zh", "zh-CN", ["机构与建筑", "超约束值", "二手来源"]),
        ("en", "en", ["Over constraint", "secondary source"]),
    ],
)
def test_the_overview_in_both_languages(
    reading_scene: Scene, language: str, html_lang: str, words: list[str]
) -> None:
    answer = _signed_in(reading_scene).get(f"/?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == html_lang
    assert f'<html lang="{html_lang}">' in answer.text
    for word in [*words, "DB37/T 2672-2019"]:
        assert word in answer.text


def test_the_language_is_remembered_and_an_unknown_one_ignored(reading_scene: Scene) -> None:
    client = _signed_in(reading_scene)
    assert 'lang="zh-CN"' in client.get("/").text
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="en">' in client.get("/?lang=xx").text


def test_the_language_link_keeps_the_choice(reading_scene: Scene) -> None:
    page = _signed_in(reading_scene).get("/?year=2023&building=BLD-2").text
    assert "/?year=2023&amp;building=BLD-2&amp;lang=en" in page


def test_nothing_on_the_page_is_inline_or_from_elsewhere(reading_scene: Scene) -> None:
    page = _signed_in(reading_scene).get("/").text
    assert "style=" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert " onclick" not in page


def test_names_are_escaped(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    building = replace(REGISTER.buildings["BLD-1"], name_zh=nasty, name_en=nasty)
    register = Register(
        organisations=list(REGISTER.organisations.values()),
        sites=list(REGISTER.sites.values()),
        buildings=[building, REGISTER.buildings["BLD-2"]],
        headcounts=REGISTER.headcounts,
    )
    assert isinstance(building, Building)
    page = _signed_in(build_scene(tmp_path, register=register)).get("/").text
    assert nasty not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_empty_register_says_so(tmp_path: Path) -> None:
    page = _signed_in(build_scene(tmp_path, register=Register())).get("/")
    assert page.status_code == 200
    assert "名册中尚无机构" in page.text


def test_acknowledging_by_form(scene: Scene) -> None:
    client = _signed_in(scene)
    csrf = scene.app.state.gate.csrf_token(client.cookies[COOKIE])
    assert client.post("/alerts/1/acknowledge", content=urlencode({"csrf": "x"})).status_code == 403
    form = urlencode({"csrf": csrf, "comment": "在查", "year": "2023", "building": "BLD-1"})
    answer = client.post("/alerts/1/acknowledge", content=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?year=2023&building=BLD-1#alert-1"
    assert "已确认（console）" in client.get("/").text
    again = client.post("/alerts/1/acknowledge", content=form)
    assert again.status_code == 409
    assert "acknowledged once" in again.text


def test_without_a_session_a_form_leads_to_the_sign_in(reading_scene: Scene) -> None:
    answer = Client(reading_scene.app).post("/alerts/1/acknowledge", content="csrf=x")
    assert answer.headers["location"] == "/login"


@pytest.mark.parametrize(
    ("query", "status", "value"),
    [("?year=2031", 422, "got 2031"), ("?year=abc", 422, "abc"), ("?building=NONE", 404, "NONE")],
)
def test_bad_choices_are_a_page_that_says_so(
    reading_scene: Scene, query: str, status: int, value: str
) -> None:
    answer = _signed_in(reading_scene).get(f"/{query}")
    assert answer.status_code == status
    assert value in answer.text
    assert "返回首页" in answer.text
