"""The pool over the API: what everybody sees, who may act for whom, and searches before a purchase."""

import json
from pathlib import Path

import pytest

from quotawatt.access.principal import Grant, Principal
from quotawatt.access.roles import Role
from quotawatt.findings import Finding
from quotawatt.ledger import Ledger
from quotawatt.register.findings_book import report_findings
from tests.api.asking import answer_as
from tests.api.register_scene import stored_scene
from tests.api.scene import NOW, Client, Scene
from tests.quotawatt.register.pool_world import WORLD

POOL = "/api/v1/pool"


@pytest.fixture
def world(tmp_path: Path, records_url: str) -> Scene:
    return stored_scene(tmp_path, records_url, WORLD)


def act_as(world: Scene, role: Role, organisation: str) -> Client:
    """A client of somebody with a role over an organisation."""
    somebody = Principal(f"{role}-of-{organisation}", (Grant(role, organisation),))
    answer_as(world.app, somebody)
    return Client(world.app, world.bearer)


def offered(world: Scene, asset: str = "P-1") -> int:
    client = act_as(world, Role.MANAGER, "A")
    answer = client.post(
        f"{POOL}/offers", json={"asset": asset, "term": "lend", "location": "二层"}
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_from_offer_to_return_each_by_their_own(world: Scene) -> None:
    number = offered(world)
    taker = act_as(world, Role.OFFICER, "B")
    (seen,) = taker.get(f"{POOL}/offers", params={"state": "offered"}).json()["items"]
    assert (seen["asset"], seen["name"]["en"], seen["kind"]) == ("P-1", "Printer one", "printer_a4")
    asked = taker.post(f"{POOL}/offers/{number}/requests", json={"organisation": "B"})
    assert asked.status_code == 201
    request = asked.json()["id"]
    assert taker.post(f"{POOL}/requests/{request}/decide", json={"accept": True}).status_code == 404
    holder = act_as(world, Role.OFFICER, "A")
    assert (
        holder.post(f"{POOL}/requests/{request}/decide", json={"accept": True}).status_code == 200
    )
    gone = holder.post(f"{POOL}/offers/{number}/hand-over", json={"note": "完好"}).json()
    assert (gone["state"], gone["taker"]) == ("handed_over", "B")
    assert holder.post(f"{POOL}/offers/{number}/receive", json={}).status_code == 404
    taker = act_as(world, Role.OFFICER, "B")
    assert taker.get("/api/v1/assets/P-1").json()["attributes"]["organisation"] == "B"
    assert taker.post(f"{POOL}/offers/{number}/receive", json={}).json()["state"] == "received"
    holder = act_as(world, Role.OFFICER, "A")
    back = holder.post(f"{POOL}/offers/{number}/return", json={"day": "2024-01-20"}).json()
    assert back["state"] == "returned"
    assert [step["actor"] for step in back["steps"]][-1] == "officer-of-A"
    assert back["requests"][0]["state"] == "fulfilled"


def test_acting_for_others_is_as_if_it_were_not_there(world: Scene) -> None:
    number = offered(world)
    stranger = act_as(world, Role.MANAGER, "C")
    for path, body in (
        ("/offers", {"asset": "P-2", "term": "lend"}),
        (f"/offers/{number}/withdraw", {}),
        (f"/offers/{number}/requests", {"organisation": "B"}),
        (f"/offers/{number}/hand-over", {}),
        ("/match", {"organisation": "B", "kind": "打印机"}),
    ):
        assert stranger.post(f"{POOL}{path}", json=body).status_code == 404, path
    assert stranger.get(f"{POOL}/offers/{number}").status_code == 200
    viewer = act_as(world, Role.VIEWER, "A")
    assert viewer.post(f"{POOL}/offers/{number}/withdraw", json={}).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/offers", {"asset": "P-1", "term": "rent"}, 422, "term"),
        ("/offers", {"asset": "BLD-A", "term": "lend"}, 422, "equipment or a room"),
        ("/offers", {"asset": "P-1", "term": "lend", "price": 1}, 422, "price"),
        ("/offers/99/withdraw", {}, 404, "got 99"),
        ("/requests/99/decide", {"accept": True}, 404, "got 99"),
        ("/match", {"organisation": "A", "kind": " "}, 422, "name a kind"),
    ],
)
def test_what_is_wrong_is_said(
    world: Scene, path: str, body: dict[str, object], status: int, words: str
) -> None:
    answer = act_as(world, Role.MANAGER, "").post(f"{POOL}{path}", json=body)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_candidates_are_idle_and_not_offered_and_within_reach(world: Scene) -> None:
    found = Finding("idle_asset", "P-1", {"rule": "idle-equipment", "shown": 1.0})
    with world.records.begin() as conn:
        report_findings(conn, "test", [found], WORLD, NOW)
    hardly_used = Finding("vehicle_under_used", "V-1", {"shown": 300.0, "unit": "km"})
    with world.records.begin() as conn:
        report_findings(conn, "vehicles", [hardly_used], WORLD, NOW)
    everywhere = act_as(world, Role.VIEWER, "")
    items = {i["asset"]: i for i in everywhere.get(f"{POOL}/candidates").json()["items"]}
    assert items.keys() == {"P-1", "H-1", "V-1"}
    assert (items["V-1"]["kind"], items["V-1"]["evidence"]["shown"]) == ("sedan", 300.0)
    assert items["V-1"]["evidence"]["finding"] == "vehicle_under_used"
    assert items["H-1"]["evidence"] == {}
    assert items["P-1"]["evidence"]["rule"] == "idle-equipment"
    mine = act_as(world, Role.VIEWER, "C").get(f"{POOL}/candidates").json()["items"]
    assert [item["asset"] for item in mine] == ["H-1"]
    offered(world)
    left = act_as(world, Role.VIEWER, "").get(f"{POOL}/candidates").json()["items"]
    assert [item["asset"] for item in left] == ["H-1", "V-1"]


def test_a_search_is_kept_under_a_number_also_where_nothing_fits(world: Scene) -> None:
    number = offered(world)
    client = act_as(world, Role.OFFICER, "B")
    body = {"organisation": "B", "kind": "打印机", "quantity": 2}
    answer = client.post(f"{POOL}/match", json=body).json()
    assert [(m["asset"], m["offer"]) for m in answer["matches"]] == [("P-1", number)]
    assert (answer["number"], answer["enough"]) == ("POOL-2024-00001", False)
    none = client.post(f"{POOL}/match", json={"organisation": "B", "kind": "服务器"}).json()
    assert (none["number"], none["matches"], none["enough"]) == ("POOL-2024-00002", [], False)
    entry = Ledger(world.records).entries()[-1]
    assert (entry.action, entry.subject) == ("pool_searched", "B")
    detail = json.loads(entry.detail)
    assert (detail["number"], detail["matches"]) == ("POOL-2024-00002", [])
