"""The import page: shown first, exactly that done, or what is wrong by sheet and cell. In a browser, too."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
import pytest

from quotawatt.ledger import Ledger
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register
from quotawatt.register.rows import records_of
from quotawatt.register.workbook_out import workbook_of
from tests.api.console.test_register_forms import fields, send
from tests.api.register_scene import stored_scene
from tests.api.scene import REGISTER, TOKEN, Client, Scene

ZONE = ZoneInfo("Asia/Shanghai")
PAGE = "/register/import"


@pytest.fixture
def scene(tmp_path: Path, records_url: str) -> Scene:
    return stored_scene(tmp_path, records_url)


@pytest.fixture
def browser(scene: Scene) -> Client:
    """Somebody who may do anything, signed in."""
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    return client


def changed(area_m2: float | None = 1200.0, without: str = "") -> bytes:
    """The small world's workbook with another area of BLD-1, and without one asset."""
    records: dict[str, Any] = dict(records_of(REGISTER))
    first, *others = records["buildings"]
    records["buildings"] = [replace(first, gross_area_m2=area_m2), *others]
    records["meters"] = [meter for meter in records["meters"] if meter.code != without]
    return workbook_of(Register(**records), "zh", ZONE)


def hand_in(client: Client, data: bytes, **more: str) -> httpx.Response:
    """Choose a workbook and send the form."""
    token = fields(client.get(PAGE).text)["csrf"]
    return client.post(PAGE, data={"csrf": token, **more}, files={"file": ("单位.xlsx", data)})


def confirm(client: Client, preview: httpx.Response) -> httpx.Response:
    """Press the button of what was shown."""
    return client.post(f"{PAGE}/confirm", content=urlencode(fields(preview.text)))


def test_geojson_of_a_chinese_map_is_taken_in(scene: Scene, browser: Client) -> None:
    area = {
        "type": "Feature",
        "id": "LOT",
        "properties": {
            "name": "停车场",
            "organisation": "ORG-1",
            "use": "parking",
            "radius_m": 150,
        },
        "geometry": {"type": "Point", "coordinates": [117.02, 36.66]},
    }
    shown = hand_in(browser, json.dumps(area).encode(), datum="gcj02")
    assert shown.status_code == 200
    assert "电子围栏" in shown.text
    assert confirm(browser, shown).status_code == 303
    (geofence,) = load_register(scene.records).geofences.values()
    middle = json.loads(geofence.outline)["coordinates"]
    assert middle == pytest.approx([117.0141, 36.6597], abs=1e-4)


def test_what_is_shown_is_done(scene: Scene, browser: Client) -> None:
    shown = hand_in(browser, changed())
    assert shown.status_code == 200, shown.text
    for words in ("单位.xlsx", "变更 1", "BLD-1 一号楼", "建筑面积 (m²)", "1,000", "1,200", "更正"):
        assert words in shown.text
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1000.0
    done = confirm(browser, shown)
    assert (done.status_code, done.headers["location"]) == (303, "/register/import?done=true")
    assert "导入完成" in browser.get(done.headers["location"]).text
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1200.0
    assert Ledger(scene.records).entries()[-1].subject == "register"
    late = confirm(browser, shown)
    assert late.status_code == 409
    assert "请重新选择" in late.text


def test_a_change_from_a_day_on_keeps_what_was(scene: Scene, browser: Client) -> None:
    confirm(browser, hand_in(browser, changed(), **{"from": "2023-07-01"}))
    (former,) = load_register(scene.records).former_values
    assert (former.asset, former.value, former.valid_until.isoformat()) == (
        "BLD-1",
        "1000.0",
        "2023-07-01",
    )


def test_every_problem_stands_with_its_sheet_and_cell(scene: Scene, browser: Client) -> None:
    records: dict[str, Any] = dict(records_of(REGISTER))
    first, *others = records["organisations"]
    records["organisations"] = [replace(first, level="乡级"), *others]
    records["buildings"] = [*records["buildings"], replace(records["buildings"][0], code="不 行")]
    answer = hand_in(browser, workbook_of(Register(**records), "zh", ZONE))
    assert answer.status_code == 422
    assert "没有写入" in answer.text
    found = re.findall(
        r'<th scope="row">(.*?)</th><td class="num">(.*?)</td><td>(.*?)</td><td>(.*?)</td>',
        answer.text,
    )
    places = {(sheet, re.sub(r"\d+", "", cell), column) for sheet, cell, column, _ in found}
    assert {("建筑", "A", "编码"), ("单位", "E", "级别")} <= places
    assert any("不 行" in text and "编码只能由" in text for *_, text in found)
    assert any("乡级" in text for *_, text in found)
    assert "确认导入" not in answer.text
    assert load_register(scene.records).assets == REGISTER.assets


def test_what_a_sheet_lacks_is_removed_only_where_that_is_wished(
    scene: Scene, browser: Client
) -> None:
    data = changed(1000.0, without="MTR-1-A")
    assert hand_in(browser, data).status_code == 422
    shown = hand_in(browser, data, remove="true")
    assert "删除 1" in shown.text
    assert "MTR-1-A 照明插座" in shown.text
    confirm(browser, shown)
    assert "MTR-1-A" not in load_register(scene.records).assets


def test_where_the_register_has_changed_that_is_said(scene: Scene, browser: Client) -> None:
    shown = hand_in(browser, changed())
    other = send(browser, "/register/BLD-1/correct", gross_area_m2="1500")
    browser.post(
        "/register/BLD-1/correct", content=urlencode({**fields(other.text), "step": "confirm"})
    )
    again = confirm(browser, shown)
    assert again.status_code == 409
    assert "台账在此期间有变化" in again.text
    assert "1,500" in again.text
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1500.0
    assert confirm(browser, again).status_code == 303
    assert load_register(scene.records).buildings["BLD-1"].gross_area_m2 == 1200.0


def test_the_same_workbook_again_changes_nothing(browser: Client) -> None:
    answer = hand_in(browser, changed(1000.0))
    assert answer.status_code == 200
    assert "没有变化" in answer.text
    assert "确认导入" not in answer.text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a workbook", "编码,名称\n".encode()])
def test_what_is_no_workbook_is_a_problem(browser: Client, data: bytes) -> None:
    answer = hand_in(browser, data)
    assert answer.status_code == 422
    assert "没有写入" in answer.text


def test_a_form_without_file_day_or_token_is_refused(browser: Client) -> None:
    token = fields(browser.get(PAGE).text)["csrf"]
    none = browser.post(PAGE, data={"csrf": token}, files={"file": ("", b"")})
    assert none.status_code == 422
    assert "请选择工作簿" in none.text
    assert hand_in(browser, changed(), **{"from": "soon"}).status_code == 422
    foreign = browser.post(PAGE, data={"csrf": "x"}, files={"file": ("a.xlsx", changed())})
    assert foreign.status_code == 403
