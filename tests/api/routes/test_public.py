"""The public view: off by default, issued publications only, no classified unit, nobody signed in."""

from dataclasses import replace

import httpx
import pytest

from quotawatt.register.model import Register
from quotawatt.register.repository import save_register
from quotawatt.register.rows import records_of
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, REGISTER, Client, Scene

LIST = "/api/v1/public/publications"
NUMBER = "publication-2023-Q1-ORG-1-1"
ABOUT = {"kind": "publication", "subject": "ORG-1", "period": "2023-Q1"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One publication is issued, and one circular; it is public."""
    scene = stored_scene(tmp_path_factory.mktemp("public"))
    _set(scene, public_view=True)
    inside = Client(scene.app, scene.bearer)
    assert inside.post("/api/v1/reports", json=ABOUT).status_code == 201
    assert inside.post(
        "/api/v1/reports", json={**ABOUT, "kind": "circular", "period": "2023-03"}
    ).is_success
    return scene


def _set(scene: Scene, **changes: object) -> None:
    services = replace(scene.services, settings=scene.services.settings.model_copy(update=changes))
    scene.app.state.services = services


def stranger(world: Scene) -> Client:
    return Client(world.app, {})


def paths() -> list[str]:
    return [LIST, f"{LIST}/{NUMBER}", "/public", f"/public/{NUMBER}"]


def test_it_is_off_by_default(world: Scene) -> None:
    _set(world, public_view=False)
    closed = [stranger(world).get(path).status_code for path in paths()]
    _set(world, public_view=True)
    assert closed == [404] * 4


def test_a_stranger_reads_publications_and_nothing_else(world: Scene) -> None:
    client = stranger(world)
    assert [client.get(path).status_code for path in paths()] == [200] * 4
    (item,) = client.get(LIST).json()["items"]
    assert (item["number"], item["period"]) == (NUMBER, "2023-Q1")
    # 90 days of 450 kWh.
    assert item["content"]["totals"][0]["amount"] == 40_500
    assert {"quotas", "rankings", "alerts", "scores"}.isdisjoint(item["content"])
    assert client.get(f"{LIST}/circular-2023-03-ORG-1-1").status_code == 404
    assert client.get("/public/circular-2023-03-ORG-1-1").status_code == 404
    assert client.get("/api/v1/reports").status_code == 401


def test_the_pages_are_in_both_languages_and_without_session(world: Scene) -> None:
    client = stranger(world)
    zh, en = client.get("/public"), client.get("/public", params={"lang": "en"})
    assert "2023年第1季度能源资源消费情况公示" in zh.text
    assert "Publication of Energy and Resource Use, Quarter 1 of 2023" in en.text
    page = client.get(f"/public/{NUMBER}", params={"lang": "en"})
    assert "First Office" in page.text
    for answer in (zh, en, page):
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text


def test_answers_may_be_cached_and_are_not_sent_twice(world: Scene) -> None:
    client = stranger(world)
    for path in paths():
        first = client.get(path)
        assert first.headers["cache-control"] == "public, max-age=300"
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_an_address_that_asks_too_often_is_told_to_wait(
    world: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = world.app.state.gate.limits
    monkeypatch.setattr(limits, "request_wait_s", lambda who: 7 if "address" in who else None)
    answer = stranger(world).get("/public", headers={"Accept": "application/json"})
    assert isinstance(answer, httpx.Response)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_a_publication_of_a_unit_that_became_classified_is_withheld(world: Scene) -> None:
    hidden = [replace(o, classified=o.code == "ORG-2") for o in REGISTER.organisations.values()]
    register = Register(**{**records_of(REGISTER), "organisations": hidden})  # type: ignore[arg-type]
    save_register(world.records, register, "test", NOW)
    client = stranger(world)
    assert client.get(LIST).json()["items"] == []
    assert client.get(f"/public/{NUMBER}").status_code == 404
    # Corrected, it is there again, without the unit and without its part of the total.
    corrected = {**ABOUT, "corrects": NUMBER, "note": "a unit left out"}
    assert Client(world.app, world.bearer).post("/api/v1/reports", json=corrected).is_success
    (item,) = client.get(LIST).json()["items"]
    assert [row["code"] for row in item["content"]["organisations"]] == ["ORG-1"]
    assert item["content"]["totals"][0]["amount"] == 90 * 250
    assert "乙机关" not in client.get(f"/public/{item['number']}").text
