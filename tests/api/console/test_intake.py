"""The devices page: who sends and is not bound, what could not be read, how much has come."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from api.console.intake import MAX_OFFERS, intake
from api.console.texts import TEXTS
from quotawatt.storage.tables import dead_letters, seen_devices
from tests.api.scene import NOW, TOKEN, Client, Scene


def signed_in(scene: Scene) -> Client:
    client = Client(scene.app, {"Accept": "text/html"})
    client.get(f"/?token={TOKEN}")
    return client


def letter(**changes: Any) -> dict[str, Any]:
    row = {"arrived": NOW, "topic": "x", "payload": b"", "reason": "unmapped", "message": "m"}
    return {**row, **changes}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["未登记的设备与通道", "未知设备", "不是 JSON", "收到消息"]),
        ("en", ["Devices and channels not bound", "2 dropped", "Not JSON", "Messages received"]),
    ],
)
def test_the_page_in_both_languages(scene: Scene, language: str, words: list[str]) -> None:
    answer = signed_in(scene).get(f"/devices?lang={language}")
    assert answer.status_code == 200
    for word in [*words, "stranger", "quotawatt/stranger/readings", "water_m3 = 5", "not_json"]:
        assert word in answer.text


def test_it_is_for_those_who_signed_in_and_is_linked_from_the_overview(scene: Scene) -> None:
    stranger = Client(scene.app, {"Accept": "text/html"})
    asked = stranger.get("/devices?lang=en").headers["location"]
    assert asked == "/login?lang=en&next=%2Fdevices%3Flang%3Den"
    assert 'href="/devices"' in signed_in(scene).get("/").text


def test_what_a_device_sends_is_never_markup(scene: Scene) -> None:
    bad = "<script>alert(1)</script>"
    with scene.records.begin() as conn:
        conn.execute(update(seen_devices).values(topic=bad))
        conn.execute(insert(dead_letters), [letter(topic=bad, message=bad, reason="unmapped")])
    text = signed_in(scene).get("/devices").text
    assert bad not in text
    assert text.count("&lt;script&gt;") == 3


def test_dead_letters_are_told_by_reason_the_most_frequent_first(scene: Scene) -> None:
    with scene.records.begin() as conn:
        conn.execute(insert(dead_letters), [letter(topic=f"t/{n}") for n in range(3)])
    rows = [(row.reason, row.count, row.topic) for row in intake(scene.services).reasons]
    assert rows == [("unmapped", 3, "t/2"), ("not_json", 1, "x/y")]


def test_a_device_with_very_many_channels_does_not_fill_the_page(scene: Scene) -> None:
    offer = {"quantity": "voltage_v", "value": 230.0, "time": NOW.isoformat()}
    offers = [{**offer, "channel": f"L{n}"} for n in range(MAX_OFFERS + 5)]
    with scene.records.begin() as conn:
        conn.execute(update(seen_devices).values(offers=offers))
    (row,) = intake(scene.services).devices
    assert (len(row.offers), row.more) == (MAX_OFFERS, 5)
    assert "5 more" in signed_in(scene).get("/devices?lang=en").text


def test_with_nothing_to_show_it_says_so(scene: Scene) -> None:
    with scene.records.begin() as conn:
        conn.execute(seen_devices.delete())
        conn.execute(dead_letters.delete())
    text = signed_in(scene).get("/devices?lang=en").text
    assert TEXTS["seen_none"][1] in text
    assert TEXTS["letters_none"][1] in text
