"""The decoder as a whole: limits, names, and that nothing but DecodeError ever comes out of it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.decode import REASONS, Decoder
from collectors.profile import load_profiles
from quotawatt.errors import DecodeError
from quotawatt.quantities import QUANTITIES

ARRIVED = datetime(2023, 7, 1, 12, tzinfo=UTC)
NATIVE = "quotawatt/dev/readings"
PROFILES = load_profiles()
DECODER = Decoder(PROFILES, ZoneInfo("Asia/Shanghai"))


def topics() -> list[str]:
    """A topic for every pattern of every profile."""
    patterns = {t for profile in PROFILES for message in profile.messages for t in message.topics}
    fixed = (("{device#}", "a/b"), ("{name#}", "n/m"), ("+", "p"), ("#", "r/s"), ("*", "x"))
    found = []
    for pattern in sorted(patterns):
        for sign, text in (*fixed, ("{device}", "d"), ("{channel}", "0"), ("{name}", "n")):
            pattern = pattern.replace(sign, text)
        found.append(pattern)
    return found


def keys() -> list[str]:
    """The keys that the profiles look for."""
    found = set(QUANTITIES) | {"电量", "values", "readings"}
    for profile in PROFILES:
        for message in profile.messages:
            found |= {key for group in message.groups for key in group.at}
            found |= {k for group in message.groups for f in group.fields for k in f.path}
            found |= {key for path in message.time.path for key in path}
            found |= {key for test in (*message.shape, *message.require) for key in test.path}
            found |= {text for test in message.shape for text in test.in_ or ()}
    return sorted(key.replace("[]", "").replace("{channel}", "1") for key in found)


TOPICS = topics()

words = st.sampled_from(keys())
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | words | st.datetimes().map(str)
)  # fmt: skip
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


def reason(topic: str, payload: bytes, decoder: Decoder = DECODER) -> str:
    with pytest.raises(DecodeError) as error:
        decoder.decode(topic, payload, ARRIVED)
    assert error.value.reason in REASONS
    return error.value.reason


def survives(topic: str, payload: bytes) -> None:
    """Decoding gives good readings or DecodeError with a known reason, whatever comes."""
    refused, readings = None, []
    try:
        readings = DECODER.decode(topic, payload, ARRIVED).readings()
    except DecodeError as error:
        refused = error
    assert refused is None or (refused.reason in REASONS and len(str(refused)) < 1000)
    for reading in readings:
        assert reading.quantity in QUANTITIES
        assert abs(reading.value) < float("inf")
        assert 1900 <= reading.time.year < 2200


@given(st.sampled_from(TOPICS) | st.text(), st.binary())
@example("quotawatt/dev/readings", b"[" * 100_000)
@example("quotawatt/dev/readings", b'{"a":' * 100_000)
@example("plug/events/rpc", b'{"method": ["NotifyStatus"]}')
@example("plug/events/rpc", b'{"method": {}}')
@example("quotawatt/dev/readings", b'{"values": {"water_m3": 1e999}}')
@example("quotawatt/dev/readings", b'{"values": {"water_m3": ' + b"9" * 5000 + b"}}")
@example("quotawatt/dev/readings", b'{"time": 1e308, "values": {"water_m3": 1}}')
@example("quotawatt/dev/readings", b'{"times": [-1e20], "values": {"water_m3": [1]}}')
@example("tele/plug/SENSOR", b'{"Time": "0001-01-01T00:00:00", "ENERGY": {"Total": 1}}')
@example("tele/plug/LWT", b"\xff\xfe")
@example("any", b'{"a":"\\ud800"}')
@example(
    "application/1/device/2/event/up",
    b'{"deviceInfo":{"devEui":' + b"9" * 30 + b'},"object":{"a":1}}',
)
@example("tele/plug/SENSOR", b'{"ENERGY":{"Total":' + b"9" * 300 + b"}}")
@example("plug/events/rpc", b'{"method":"NotifyStatus","params":[{"switch:0":{}}]}')
def test_any_bytes(topic: str, payload: bytes) -> None:
    survives(topic, payload)


@given(st.sampled_from(TOPICS), documents)
@settings(max_examples=400)
def test_any_json(topic: str, document: object) -> None:
    survives(topic, json.dumps(document).encode())


@given(st.text(max_size=300))
def test_any_channel(channel: str) -> None:
    document = {"channel": channel, "values": {"water_m3": 1}}
    survives("quotawatt/dev/readings", json.dumps(document).encode())


def test_a_payload_over_the_limit_is_refused_unread() -> None:
    small = Decoder(PROFILES, ZoneInfo("UTC"), payload_limit_bytes=1024)
    assert reason(NATIVE, b"x" * 1025, small) == "too_large"
    assert reason(NATIVE, b"x" * 1024, small) == "not_json"
    assert reason(NATIVE, b" " * 10_000_000) == "too_large"


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("unheard/of", "no_profile"),
        ("", "no_profile"),
        ("/", "no_profile"),
        ("quotawatt/" + "d" * 129 + "/readings", "bad_name"),
        ("quotawatt/a\x07b/readings", "bad_name"),
        ("quotawatt/" + "d/" * 40_000 + "readings", "bad_name"),
    ],
)
def test_topics_that_name_no_device(topic: str, expected: str) -> None:
    assert reason(topic, b"{}") == expected


def test_channels_must_fit_their_column() -> None:
    payload = {"readings": [
        {"channel": "c" * 65, "quantity": "water_m3", "value": 1},
        {"channel": "cold", "quantity": "water_m3", "value": 2},
    ]}  # fmt: skip
    decoded = DECODER.decode(NATIVE, json.dumps(payload).encode(), ARRIVED)
    assert [r.channel for r in decoded.readings()] == ["cold"]
    assert [p.reason for p in decoded.problems] == ["bad_name"]


def test_a_group_has_ten_thousand_places_at_most() -> None:
    payload = json.dumps(
        {f"k{i}": {"Humidity": 1, "Temperature": 2} for i in range(10_000)}
    ).encode()
    wide = Decoder(PROFILES, ZoneInfo("UTC"), payload_limit_bytes=10_000_000)
    assert len(wide.decode("tele/plug/SENSOR", payload, ARRIVED).blocks) == 20_000
    assert (
        reason("tele/plug/SENSOR", payload.replace(b"}}", b'},"one more":{}}'), wide)
        == "bad_payload"
    )


def test_a_topic_tells_profile_and_device() -> None:
    assert (DECODER.profile_of(NATIVE), DECODER.device_of(NATIVE)) == ("native", "dev")
    unfit = "x" * 2000
    assert (DECODER.profile_of(unfit), DECODER.device_of(unfit)) == ("", unfit)


def test_local_times_are_those_of_the_devices_site() -> None:
    payload = b'{"Time": "2023-07-01T12:00:00", "ENERGY": {"Total": 1.5}}'
    zones = {"plug": ZoneInfo("Europe/Berlin")}
    decoder = Decoder(PROFILES, ZoneInfo("Asia/Shanghai"), zone_of=zones.get)
    hours = [
        decoder.decode(f"tele/{d}/SENSOR", payload, ARRIVED).readings()[0].time.hour
        for d in ("plug", "other")
    ]
    assert hours == [10, 4]


def test_ten_thousand_topics_are_told_apart() -> None:
    decoder = Decoder(PROFILES, ZoneInfo("UTC"))
    payload = b'{"values": {"water_m3": 1}}'
    devices = {
        decoder.decode(f"quotawatt/d{i}/readings", payload, ARRIVED).device for i in range(10_000)
    }
    assert len(devices) == 10_000


def test_arrival_stands_in_as_an_instant_whatever_its_zone() -> None:
    local = ARRIVED.astimezone(timezone(timedelta(hours=8)))
    decoded = DECODER.decode(NATIVE, b'{"values": {"water_m3": 1}}', local)
    (reading,) = decoded.readings()
    assert reading.time == reading.arrived == ARRIVED
    assert reading.timed_by_server


def test_decoding_twice_gives_the_same() -> None:
    payload = b'{"time": 1688212800, "values": {"water_m3": 1, "volts": 2}}'
    assert DECODER.decode(NATIVE, payload, ARRIVED) == DECODER.decode(NATIVE, payload, ARRIVED)
