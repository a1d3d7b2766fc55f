"""Channels, the outbox and the inbox over the api."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from alerts.channels.base import Address, Channel, ChannelKind, Channels, ChannelSpec
from alerts.channels.inbox import InboxChannel
from alerts.channels.log import LogChannel
from alerts.delivery.standing import note_failing
from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.storage.case_tables import inbox_messages, notices
from tests.alerts.channels.bodies import body, delivery
from tests.alerts.delivery.post import Recorder, final, open_case, passing, put, sender
from tests.api.scene import NOW, Client, Scene, build_scene
from tests.quotawatt.access.people import add_ready_user

V1 = "/api/v1"
SPECS = {
    "hook": ChannelSpec("hook", ChannelKind.WEBHOOK),
    "mail": ChannelSpec("mail", ChannelKind.EMAIL, Address.EMAIL),
    "log": ChannelSpec("log", ChannelKind.LOG),
}


@pytest.fixture
def ways(tmp_path: Path) -> dict[str, Channel]:
    return {"hook": Recorder(), "mail": Recorder(), "log": LogChannel(tmp_path / "a.log")}


@pytest.fixture
def scene(tmp_path: Path, ways: Mapping[str, Channel]) -> Scene:
    return build_scene(tmp_path, channels=Channels(SPECS, ways))


@pytest.fixture
def client(scene: Scene) -> Client:
    return Client(scene.app, scene.bearer)


def _signed_in(scene: Scene, name: str) -> Client:
    add_ready_user(scene.records, name, Grant(Role.VIEWER))
    gate = scene.app.state.gate
    with scene.records.begin() as conn:
        secret = gate.sessions.open(conn, name, "", gate.clock())
    headers = {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)}
    return Client(scene.app, headers)


def _actions(scene: Scene) -> list[str]:
    return [entry.action for entry in Ledger(scene.records).entries()]


def _outbox(client: Client, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"{V1}/outbox{query}").json()["items"]
    return items


def test_channels_and_how_they_stand(client: Client, scene: Scene) -> None:
    put(scene.records, "a", "b", at=NOW)
    put(scene.records, "x", channel="gone", at=NOW)
    with scene.records.begin() as conn:
        note_failing(conn, "hook", passing(whole_channel=True), NOW)
    items = {item["name"]: item for item in client.get(f"{V1}/channels").json()["items"]}
    assert list(items) == ["gone", "hook", "log", "mail"]
    assert (items["hook"]["kind"], items["hook"]["waiting"]) == ("webhook", 2)
    assert items["hook"]["error"] == "the channel must answer, it does not"
    assert (items["mail"]["personal"], items["mail"]["address"]) == (True, "email")
    assert (items["gone"]["kind"], items["gone"]["waiting"]) == (None, 1)


def test_what_was_given_up_is_listed_and_sent_again(client: Client, scene: Scene) -> None:
    put(scene.records, "a", "b", "c", about=[7], at=NOW)
    sender(scene.records, hook=Recorder([final(), final()])).deliver(NOW)
    lost = _outbox(client, "?state=given_up")
    assert [(item["key"], item["cases"]) for item in lost] == [("b", [7]), ("a", [7])]
    assert lost[0]["last_error"] == "a recipient must be known, got none"
    number = lost[0]["id"]
    again = client.post(f"{V1}/outbox/{number}/retry").json()
    assert (again["state"], again["tries"]) == ("waiting", 0)
    refused = client.post(f"{V1}/outbox/{number}/retry")
    assert refused.status_code == 409
    assert client.post(f"{V1}/outbox/retry", json={"channel": "hook"}).json() == {"retried": 1}
    assert client.post(f"{V1}/outbox/retry", json={"channel": "hook"}).json() == {"retried": 0}
    hook = Recorder()
    sender(scene.records, hook=hook).deliver(NOW)
    assert hook.keys == ["a", "b"]
    assert {item["state"] for item in _outbox(client, "?channel=hook")} == {"delivered"}
    assert _actions(scene).count("message_retried") == 2
    assert client.get(f"{V1}/outbox/{number}").json()["state"] == "delivered"
    assert client.get(f"{V1}/outbox/999").status_code == 404


def test_the_outbox_does_not_show_what_messages_say(client: Client, scene: Scene) -> None:
    put(scene.records, "a", at=NOW)
    assert "主楼" not in json.dumps(client.get(f"{V1}/outbox").json(), ensure_ascii=False)


def test_a_channel_is_tried(client: Client, scene: Scene, ways: dict[str, Any]) -> None:
    answer = client.post(f"{V1}/channels/mail/test", json={"to": "a@example.org", "language": "en"})
    assert answer.json() == {"delivered": True, "error": ""}
    (sent,) = ways["mail"].got
    assert sent.recipient.email == "a@example.org"
    assert sent.body["title"].startswith("[Test]")
    ways["hook"].failures.append(passing(whole_channel=True))
    failed = client.post(f"{V1}/channels/hook/test", json={}).json()
    assert failed == {"delivered": False, "error": "the channel must answer, it does not"}
    assert client.post(f"{V1}/channels/log/test", json={}).json()["delivered"]
    assert _actions(scene) == ["channel_tried"] * 3
    assert "a@example.org" not in "".join(e.detail for e in Ledger(scene.records).entries())


def test_a_trial_needs_a_known_channel_and_the_right_address(client: Client) -> None:
    assert client.post(f"{V1}/channels/none/test", json={}).status_code == 404
    for name, to, said in [("mail", "", "with an address (email)"), ("log", "x", "without an")]:
        answer = client.post(f"{V1}/channels/{name}/test", json={"to": to})
        assert answer.status_code == 422
        assert said in answer.json()["detail"]


def test_ones_inbox_is_ones_own(scene: Scene) -> None:
    with scene.records.begin() as conn:
        for number, account in enumerate(["li", "li", "wu"]):
            row = {"key": f"k{number}", "account": account, "body": body(title=f"T{number}")}
            conn.execute(insert(inbox_messages).values(created_at=NOW, **row))
    li = _signed_in(scene, "li")
    page = li.get(f"{V1}/inbox").json()
    assert (page["total"], page["unread"]) == (2, 2)
    first, second = page["items"]
    assert (first["title"], first["cases"], first["read_at"]) == ("T1", [7], None)
    read = li.post(f"{V1}/inbox/{first['id']}/read").json()
    assert read["read_at"] is not None
    assert li.get(f"{V1}/inbox?unread=true").json()["items"] == [second]
    assert li.post(f"{V1}/inbox/{first['id'] + 1}/read").status_code == 404  # somebody else's
    assert li.post(f"{V1}/inbox/read", json={"up_to": first["id"] + 1}).json() == {"read": 1}
    assert li.get(f"{V1}/inbox").json()["unread"] == 0
    assert _signed_in(scene, "wu").get(f"{V1}/inbox").json()["unread"] == 1
    assert _actions(scene).count("inbox_read") == 2


def test_a_message_of_the_inbox_channel_is_there(scene: Scene) -> None:
    InboxChannel(scene.records).send(delivery())
    (item,) = _signed_in(scene, "officer").get(f"{V1}/inbox").json()["items"]
    assert item["link"] == "https://quotawatt.example.org/cases/7"


def test_a_case_shows_where_the_messages_about_it_stand(client: Client, scene: Scene) -> None:
    notice = {
        "case": 7, "event": "opened", "at": NOW, "recipient": "account:li", "channel": "hook",
        "route": "r", "site": "SITE-1", "rule": "quota", "severity": "warning", "at_once": True,
        "state": "sent", "reason": "",
    }  # fmt: skip
    with scene.records.begin() as conn:
        open_case(conn, 7)
        conn.execute(insert(notices), [{**notice, "message": key} for key in ("lost", "")])
    put(scene.records, "lost", about=[7], at=NOW)
    sender(scene.records, hook=Recorder([final()])).deliver(NOW)
    found = client.get(f"{V1}/cases/7").json()
    assert [(n["delivery"], n["delivery_error"]) for n in found["notices"]] == [
        ("given_up", "a recipient must be known, got none"),
        (None, ""),
    ]
    assert [step["event"] for step in found["steps"]] == ["undelivered"]
