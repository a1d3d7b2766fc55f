"""Sorting messages: positions are in one datum, whoever says which theirs is."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.intake import Intake
from collectors.profile import parse_profile
from quotawatt.geography.datum import gcj02_to_wgs84, wgs84_to_gcj02
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings

NOW = datetime(2023, 7, 1, tzinfo=UTC)
PLACE = (36.65, 117.12)
DECLARED = """\
id: tracker
title_zh: 定位器
title_en: Tracker
datum: gcj02
messages:
  - topics: ["track/{device}"]
    groups:
      - fields:
          - {path: lat, quantity: latitude_deg}
          - {path: lon, quantity: longitude_deg}
"""


def stored(intake: Intake) -> dict[tuple[str, str], float]:
    table = intake.batch.checked(600).readings
    return {(r["channel"], r["quantity"]): r["value"] for r in table.to_pylist()}


def native(channel: str = "") -> Message:
    values = {"latitude_deg": PLACE[0], "longitude_deg": PLACE[1], "speed_kmh": 40}
    document = {"time": NOW.isoformat(), "channel": channel, "values": values}
    return Message("quotawatt/car/readings", json.dumps(document).encode(), NOW)


def taken_in(
    decoder: Decoder, message: Message, *bindings: Binding
) -> dict[tuple[str, str], float]:
    intake = Intake(decoder, Register(bindings=bindings), Settings(), "messages_received")
    intake.add(message)
    return stored(intake)


def bound(channel: str = "", datum: str = "gcj02", year: int = 2020) -> Binding:
    start = datetime(year, 1, 1, tzinfo=UTC)
    return Binding("car", "VEH", start, channel=channel, datum=datum)


def test_a_binding_says_that_positions_are_shifted(decoder: Decoder) -> None:
    found = taken_in(decoder, native(), bound())
    expected = gcj02_to_wgs84(*PLACE)
    assert (found["", "latitude_deg"], found["", "longitude_deg"]) == pytest.approx(expected)
    assert found["", "speed_kmh"] == 40


def test_other_channels_and_other_bindings_stay(decoder: Decoder) -> None:
    for bindings in ([bound("A"), bound("", "wgs84")], [bound(), bound("", "wgs84", 2022)]):
        found = taken_in(decoder, native(), *bindings)
        assert (found["", "latitude_deg"], found["", "longitude_deg"]) == PLACE


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_a_profile_says_it_and_nothing_is_shifted_twice(datum: str) -> None:
    decoder = Decoder([parse_profile(DECLARED, "tracker.yaml")], ZoneInfo("UTC"))
    lat, lon = wgs84_to_gcj02(*PLACE)
    body = json.dumps({"lat": lat, "lon": lon}).encode()
    found = taken_in(decoder, Message("track/car", body, NOW), bound(datum=datum))
    assert (found["", "latitude_deg"], found["", "longitude_deg"]) == pytest.approx(PLACE, abs=1e-6)
