"""Seen devices: listed, adopted, forgotten."""

from typing import Any

from quotawatt.register.repository import save_register
from tests.api.scene import NOW, Client, Scene

ADOPT, FORGET, LIST = (f"/api/v1/seen-devices{end}" for end in ("/adopt", "/forget", ""))


def wanted(**more: Any) -> dict[str, Any]:
    return {"device": "stranger", "channels": [{"asset": "MTR-1", **more}]}


def test_a_seen_device_shows_what_it_offers(client: Client) -> None:
    (device,) = client.get(LIST).json()["items"]
    assert (device["device"], device["messages"], device["known"]) == ("stranger", 3, False)
    assert (device["kept"], device["dropped"]) == (1, 2)
    assert device["last_seen"] == "2023-12-31T16:00:00Z"
    assert device["payload"] == '{"values":{"water_m3":5}}'
    assert [(o["channel"], o["quantity"], o["value"]) for o in device["offers"]] == [
        ("", "water_m3", 5.0)
    ]
    assert client.get(f"{LIST}?device=stranger").json()["items"] == [device]
    assert client.get(f"{LIST}?device=nobody").json() == {"total": 0, "items": []}


def test_adopting_binds_and_asks_for_the_replay(scene: Scene) -> None:
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    client = Client(scene.app, scene.bearer)
    body = wanted(multiplier=10, register_size=100_000)
    answer = client.post(ADOPT, json=body)
    assert answer.status_code == 200, answer.text
    adopted = answer.json()
    (binding,) = adopted["bindings"]
    assert (binding["asset"], binding["multiplier"]) == ("MTR-1", 10)
    assert (adopted["waiting"], adopted["warnings"]) == (1, [])
    job = client.get(f"/api/v1/jobs/{adopted['job']}").json()
    assert (job["kind"], job["state"], job["requested_by"]) == ("replay", "waiting", "api")
    assert client.get("/api/v1/ledger/verify").json()["ok"] is True


def test_what_breaks_a_rule_is_a_problem_and_binds_nothing(scene: Scene) -> None:
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    client = Client(scene.app, scene.bearer)
    for body, status, words in (
        (wanted(asset="NOBODY"), 422, "channels[0] asset: must be a code of"),
        (wanted(multiplier=0), 422, "channels[0] multiplier: must be above 0, got 0.0"),
        ({**wanted(), "device": "nobody"}, 404, "listed as seen, got 'nobody'"),
        (
            {**wanted(), "valid_from": "2023-01-01T00:00:00"},
            422,
            "valid_from must carry a time zone",
        ),
        ({**wanted(), "channels": []}, 422, "channels"),
        (wanted(asset="MTR-1", multipler=3), 422, "multipler"),
        ({**wanted(), "channels": wanted()["channels"] * 2}, 422, "must not overlap"),
    ):
        answer = client.post(ADOPT, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "application/problem+json",
        ), answer.text
        assert words in answer.json()["detail"]
    assert len(client.get(LIST).json()["items"]) == 1


def test_a_forgotten_device_leaves_the_list(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    answer = client.post(FORGET, json={"device": "stranger"})
    assert answer.json() == {"device": "stranger", "messages": 1}
    assert client.get(LIST).json() == {"total": 0, "items": []}
    assert client.post(FORGET, json={"device": "stranger"}).status_code == 404


def test_without_the_token_nobody_adopts(scene: Scene) -> None:
    stranger = Client(scene.app)
    assert stranger.post(ADOPT, json=wanted()).status_code == 401
    assert stranger.post(FORGET, json={"device": "stranger"}).status_code == 401
