"""One payload as JSON objects."""

import json
from datetime import UTC, date, datetime
from typing import Any

from collectors.decode import Decoder
from collectors.explain import explained

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)
TOPIC = "quotawatt/MTR-1/readings"


def show(decoder: Decoder, payload: bytes, topic: str = TOPIC) -> list[dict[str, Any]]:
    shown = explained(decoder.decode(topic, payload, NOW), clock_ahead_limit_s=600)
    assert json.loads(json.dumps(shown)) == shown
    return shown


def test_a_plain_reading_shows_the_plain_keys_only(decoder: Decoder) -> None:
    assert show(decoder, b'{"time": 1688212800, "values": {"water_m3": 1.5}}') == [
        {
            "profile": "native",
            "device": "MTR-1",
            "channel": "",
            "quantity": "water_m3",
            "value": 1.5,
            "time": "2023-07-01T12:00:00Z",
        }
    ]


def test_what_is_not_plain_is_said(decoder: Decoder) -> None:
    (shown,) = show(decoder, b'{"revision": 2, "values": {"water_m3": -1}}')
    assert (shown["quality"], shown["reason"]) == ("suspect", "counter_below_zero")
    assert (shown["timed_by_server"], shown["revision"]) == (True, 2)
    assert shown["time"] == "2023-07-01T12:30:00Z"


def test_nothing_to_store_is_nothing_to_show(decoder: Decoder) -> None:
    assert show(decoder, b"{}", "plug/status/cloud") == []


def test_the_earliest_right_clock_is_a_setting(decoder: Decoder) -> None:
    decoded = decoder.decode(TOPIC, b'{"time": 1688212800, "values": {"water_m3": 1.5}}', NOW)
    (shown,) = explained(decoded, 600, date(2024, 1, 1))
    assert (shown["quality"], shown["reason"]) == ("suspect", "clock_before_2010")
