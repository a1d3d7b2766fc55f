"""The pool's pages: from idle to offered, handed over and back; the search before a purchase."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.findings import Evidence, Finding
from quotawatt.register.findings_book import report_findings
from tests.api.console.desk import Desk, identifiers, said
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, Scene
from tests.quotawatt.register.pool_world import WORLD

LEND = {"term": "lend", "lend_until": "2024-06-01", "location": "甲楼二层", "condition": "完好"}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """On one database: the routes that the pages call are tested on both."""
    return stored_scene(tmp_path, register=WORLD)


@pytest.fixture
def holder(scene: Scene) -> Desk:
    return Desk(scene, "holder", Grant(Role.OFFICER, "A"))


@pytest.fixture
def taker(scene: Scene) -> Desk:
    return Desk(scene, "taker", Grant(Role.OFFICER, "B"))


def test_from_offer_to_return_each_by_their_own(scene: Scene, holder: Desk, taker: Desk) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    page = said(taker.page(offer))
    assert "打印机一 P-1" in page
    assert "出借至 2024-06-01" in page
    assert f"{offer}/withdraw" not in taker.page(offer)
    assert taker.done(f"{offer}/requests", organisation="B", purpose="新会议室") == offer
    request = f"{offer}/requests/1"
    assert "新会议室" in holder.page(offer)
    assert f"{request}/decide" not in taker.page(offer)
    assert holder.done(f"{request}/decide", accept="yes", reason="先到先得") == offer
    assert "已分配" in said(taker.page(offer))
    assert holder.done(f"{offer}/hand-over", day="2024-01-01", note="附电源线") == offer
    assert f"{offer}/receive" not in holder.page(offer)
    assert f"{offer}/receive" in taker.page(offer)
    assert taker.done(f"{offer}/receive", note="完好") == offer
    assert scene.services.register_source().organisation_of("P-1") == "B"
    assert holder.done(f"{offer}/return", day="2024-01-20") == offer
    page = said(holder.page(offer))
    for word in ("已归还", "移交", "接收", "先到先得", "附电源线", "2024-01-20 起"):
        assert word in page
    assert '<details class="act' not in holder.page(offer)


def test_a_request_is_declined_or_taken_back(holder: Desk, taker: Desk) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    taker.done(f"{offer}/requests", organisation="B", purpose="")
    holder.done(f"{offer}/requests/1/decide", accept="no", reason="另有用途")
    assert "已谢绝" in said(taker.page(offer))
    taker.done(f"{offer}/requests", organisation="B", purpose="")
    taker.done(f"{offer}/requests/2/take-back", note="")
    assert "已撤销" in said(taker.page(offer))
    holder.done(f"{offer}/withdraw", note="")
    assert "已撤回" in said(holder.page(offer))


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        ("/pool/offers", {"asset": "P-1", **LEND, "lend_until": "2020-01-01"}, 422, "晚于今天"),
        ("/pool/offers", {"asset": "BLD-A", **LEND}, 422, "只有车辆、设备和房间可以入仓"),
        ("/pool/offers", {"asset": "P-1", **LEND, "term": "rent"}, 422, "填写的内容不符合要求"),
        ("/pool/offers/1/requests", {"organisation": "A"}, 409, "不能申请本单位自己的资产"),
        ("/pool/offers/1/hand-over", {"day": "2024-01-01"}, 409, "当前状态不允许"),
        ("/pool/offers/1/hand-over", {"day": "someday"}, 422, "填写的内容不符合要求"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    scene: Scene, path: str, fields: dict[str, str], status: int, words: str
) -> None:
    manager = Desk(scene, "wang", Grant(Role.MANAGER))
    manager.done("/pool/offers", asset="R-1", **LEND)
    answer = manager.send(path, **fields)
    assert answer.status_code == status
    assert words in said(answer.text)
    assert "在仓资产" in said(answer.text) or "可申请" in said(answer.text)


def test_acting_for_others_is_as_if_it_were_not_there(holder: Desk, taker: Desk) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    assert taker.send(f"{offer}/withdraw").status_code == 404
    assert taker.send("/pool/offers", asset="P-1", **LEND).status_code == 404
    assert taker.send(f"{offer}/requests", organisation="A").status_code == 404


def test_idle_assets_are_offered_from_their_row(scene: Scene, holder: Desk) -> None:
    evidence: Evidence = {
        "since": "2023-11-01T00:00:00Z",
        "until": "2023-12-31T00:00:00Z",
        "measured": "electricity_import_kwh",
        "shown": 0.4,
        "unit": "kWh",
        "limit": 3.0,
        "cites_zh": "某办法 第 3 条",
        "cites_en": "Some rules, 3",
    }
    with scene.records.begin() as conn:
        report_findings(conn, "test", [Finding("idle_asset", "P-1", evidence)], WORLD, NOW)
    page = holder.page("/pool/candidates")
    assert "没有使用迹象" in page
    assert 'id="candidate-P-1"' in page
    assert "candidate-H-1" not in page  # of another organisation
    holder.done("/pool/offers", asset="P-1", **LEND)
    assert "candidate-P-1" not in holder.page("/pool/candidates")


def test_a_search_gives_its_number_and_the_way_to_what_would_do(holder: Desk, taker: Desk) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    wanted = {"organisation": "B", "kind": "打印机", "quantity": "2"}
    page = taker.send("/pool/match", **wanted).text
    words = said(page)
    assert "POOL-2024-00001" in words
    assert "需要 2 件，有 1 件合用" in words
    assert "类别相符、邻近单位、已入仓" in words or "类别相符、其他单位、已入仓" in words
    assert f'href="{offer}"' in page
    nothing = said(taker.send("/pool/match", organisation="B", kind="飞机").text)
    assert "写明编号 POOL-2024-00002" in nothing
    empty = taker.send("/pool/match", organisation="B", kind=" ")
    assert empty.status_code == 422
    assert "请填写需要的类别" in empty.text


def test_who_only_reads_sees_the_pool_and_no_forms(scene: Scene, holder: Desk) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    viewer = Desk(scene, "li", Grant(Role.VIEWER, "C"))
    for path in ("/pool/candidates", "/pool/match", offer):
        assert viewer.page(path).count("<form") == 1  # signing out
    assert "打印机一" in viewer.page("/pool?state=offered")
    assert "打印机一" not in viewer.page("/pool?state=returned")
    assert viewer.send(f"{offer}/withdraw").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show(holder: Desk, taker: Desk, language: str) -> None:
    offer = holder.done("/pool/offers", asset="P-1", **LEND)
    taker.done(f"{offer}/requests", organisation="B", purpose="")
    for path in ("/pool", "/pool/candidates", "/pool/match", offer):
        assert identifiers(holder.page(f"{path}?lang={language}")) == set(), path
