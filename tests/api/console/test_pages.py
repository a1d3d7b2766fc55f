"""The pages as HTML: language, escaping, forms."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from api.auth import COOKIE
from quotawatt.register.model import Building, Register
from tests.api.scene import NOW, REGISTER, TOKEN, Client, Scene, add_alert, build_scene


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


def test_the_sign_in_keeps_the_language_that_was_asked_for(reading_scene: Scene) -> None:
    client = Client(reading_scene.app, {"Accept": "text/html"})
    assert client.get("/").headers["location"] == "/login"
    assert client.get("/?lang=xx").headers["location"] == "/login"
    location = client.get("/?lang=en").headers["location"]
    page = client.get(location).text
    assert '<html lang="en">' in page
    assert "the file api-token in the home folder" in page
    client.get(f"/?token={TOKEN}")
    assert '<html lang="en">' in client.get("/").text


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        (
            "zh",
            "2023 年用电 91,250 kWh。建模的 365 天：用电 91,250 kWh，预期 73,000 kWh，"
            "其中 365 天超出预期区间。",
        ),
        (
            "en",
            "91,250 kWh used in 2023. On the 365 days modelled: 91,250 kWh used, "
            "73,000 kWh expected, 365 days above the band.",
        ),
    ],
)
def test_use_and_expectation_are_told_over_the_same_days(
    reading_scene: Scene, language: str, summary: str
) -> None:
    page = _signed_in(reading_scene).get(f"/?lang={language}&building=BLD-1").text
    assert f'<p class="num lead">{summary}</p>' in page


def _card(page: str, number: int) -> str:
    """The text of an alert's card, tags taken out."""
    card = page.partition(f'id="alert-{number}"')[2].partition("</article>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", card))


def test_a_card_tells_the_year_of_its_account(reading_scene: Scene) -> None:
    client = _signed_in(reading_scene)
    assert "2023 年度：" in _card(client.get("/").text, 1)
    assert "2023: " in _card(client.get("/?lang=en").text, 1)
    assert "年度：" not in _card(client.get("/?lang=zh").text, 2)


def test_the_card_of_carbon_speaks_of_the_path_with_its_subscript(scene: Scene) -> None:
    add_alert(
        scene,
        "carbon-projected-over",
        "BLD-1/gone-target/2023",
        detail={"carbon_used_kgco2": 61000.0, "carbon_limit_kgco2": 50000.0},
    )
    client = _signed_in(scene)
    chinese = _card(client.get("/").text, 4)
    assert "已排放 61,000 kgCO₂，年路径值 50,000 kgCO₂" in chinese
    assert "2023 年度：gone-target" in chinese
    assert "约束值" not in chinese
    assert "the path allows 50,000 kgCO₂ a year" in _card(client.get("/?lang=en").text, 4)
    assert "CO2" not in client.get("/").text


def test_excess_is_told_as_a_share_of_what_is_expected(scene: Scene) -> None:
    add_alert(scene, "use-above-expected", "BLD-1", value=158.4)
    client = _signed_in(scene)
    assert "超出预期区间上限，相当于预期值的 158.4 %" in client.get("/").text
    assert "above the expected band by 158.4 % of what is" in client.get("/?lang=en").text


def test_since_when_and_no_data_are_set_apart(scene: Scene) -> None:
    add_alert(scene, "use-above-expected", "BLD-1", no_data_since=NOW - timedelta(hours=6))
    client = _signed_in(scene)
    assert "已 1 天；自 2023-12-31 起无新数据" in _card(client.get("/").text, 4)
    assert "1 days; no new data since 2023-12-31" in _card(client.get("/?lang=en").text, 4)


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
    card = _card(client.get("/").text, 1)
    assert "已确认（console）" in card
    assert "处理说明：在查" in card
    again = client.post("/alerts/1/acknowledge", content=form)
    assert again.status_code == 409
    assert "a case must be open for" in again.text


def test_without_a_session_a_form_leads_to_the_sign_in(reading_scene: Scene) -> None:
    client = Client(reading_scene.app, {"Accept": "text/html"})
    answer = client.post("/alerts/1/acknowledge", content="csrf=x")
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
