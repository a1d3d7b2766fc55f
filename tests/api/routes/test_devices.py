"""Seen devices: listed, adopted, forgotten."""

import csv
import json
from typing import Any

from sqlalchemy import insert

from quotawatt.register.repository import save_register
from quotawatt.storage.tables import dead_letters
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
    nobody = client.get(f"{LIST}?device=nobody").json()
    assert (nobody["total"], nobody["items"]) == (0, [])


def test_adopting_binds_and_asks_for_the_replay(scene: Scene) -> None:
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    client = Client(scene.app, scene.bearer)
    body = {**wanted(multiplier=10, register_size=100_000), "if_fed": "also"}
    answer = client.post(ADOPT, json=body)
    assert answer.status_code == 200, answer.text
    adopted = answer.json()
    (binding,) = adopted["bindings"]
    assert (binding["asset"], binding["multiplier"]) == ("MTR-1", 10)
    assert (adopted["waiting"], adopted["ended"]) == (1, [])
    (told,) = csv.DictReader(adopted["csv"].splitlines())
    assert (told["device"], told["asset"], told["multiplier"]) == ("stranger", "MTR-1", "10.0")
    (warning,) = adopted["warnings"]
    assert "MTR-1 is a meter of electricity" in warning
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
        ({**wanted(), "valid_from": "0001-01-01T00:00:00+08:00"}, 422, "the years 1990 to 2199"),
        ({**wanted(), "valid_from": "soon"}, 422, "valid_from must be a date or an instant"),
        ({**wanted(), "valid_from": 5}, 422, "valid_from"),
        ({**wanted(), "channels": []}, 422, "channels"),
        (wanted(asset="MTR-1", multipler=3), 422, "multipler"),
        (wanted(), 409, "MTR-1 is fed by dev-new since 2023-12-31 22:00 (Asia/Shanghai)"),
        ({**wanted(), "if_fed": "replace"}, 409, "must begin before the new one"),
        ({**wanted(), "if_fed": "perhaps"}, 422, "if_fed"),
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
    assert client.get(LIST).json()["total"] == 0
    assert client.post(FORGET, json={"device": "stranger"}).status_code == 404


def test_without_the_token_nobody_adopts(scene: Scene) -> None:
    stranger = Client(scene.app)
    assert stranger.post(ADOPT, json=wanted()).status_code == 401
    assert stranger.post(FORGET, json={"device": "stranger"}).status_code == 401


def test_numbers_that_are_none_are_refused(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    for number in ("NaN", "Infinity", "1e999"):
        content = json.dumps(wanted()).replace('{"asset"', f'{{"multiplier": {number}, "asset"')
        answer = client.post(ADOPT, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, answer.text
        assert "channels.0.multiplier" in answer.json()["detail"]


def test_what_is_no_json_says_where(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    answer = client.post(ADOPT, content="{oops", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body: must be JSON, got ")


def test_a_date_begins_at_the_meter(scene: Scene) -> None:
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    client = Client(scene.app, scene.bearer)
    answer = client.post(ADOPT, json={**wanted(), "valid_from": "2023-06-01", "if_fed": "also"})
    (binding,) = answer.json()["bindings"]
    assert binding["valid_from"] == "2023-05-31T16:00:00Z"


def test_replacing_ends_what_feeds_the_asset(scene: Scene) -> None:
    save_register(scene.records, scene.services.register_source(), "test", NOW)
    client = Client(scene.app, scene.bearer)
    body = {**wanted(), "valid_from": "2024-01-01", "if_fed": "replace"}
    adopted = client.post(ADOPT, json=body).json()
    (ended,) = adopted["ended"]
    assert (ended["device"], ended["valid_until"]) == ("dev-new", "2023-12-31T16:00:00Z")
    rows = csv.DictReader(adopted["csv"].splitlines())
    assert [row["device"] for row in rows] == ["dev-new", "stranger"]


def test_messages_of_no_known_family_are_counted(scene: Scene) -> None:
    client = Client(scene.app, scene.bearer)
    assert client.get(LIST).json()["unknown_family"] == {"messages": 0, "topic": None}
    letter = {"arrived": NOW, "payload": b"1", "reason": "no_profile", "message": "m"}
    with scene.records.begin() as conn:
        conn.execute(insert(dead_letters), [{**letter, "topic": f"plant/{n}"} for n in range(2)])
    assert client.get(LIST).json()["unknown_family"] == {"messages": 2, "topic": "plant/1"}


def test_the_schema_says_what_is_answered(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    shapes = schema["components"]["schemas"]
    for path, shape in ((LIST, "SeenDevicePage"), ("/api/v1/deadletters", "DeadLetterPage")):
        answer = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        assert answer["schema"]["$ref"].endswith(f"/{shape}")
        (item, *_) = client.get(path).json()["items"]
        name = shapes[shape]["properties"]["items"]["items"]["$ref"].rpartition("/")[2]
        assert set(shapes[name]["properties"]) == set(item)
