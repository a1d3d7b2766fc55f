"""Which kind of message a message is, and of which device."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collectors.decode import Decoder
from quotawatt.errors import DecodeError
from tests.collectors.written import ARRIVED, decoder_of, found, refusal

BY_SHAPE = """
- topics: ["#"]
  shape: [{path: method, in: ["Notify*"]}]
  device: "{src.id}"
  channel: "{port}/{no}"
  groups: [{fields: [{path: u, quantity: voltage_v}]}]
- topics: ["#"]
  shape: [{starts: "2323"}]
  format: binary
  frame: {decoders: [gbt32960]}
  groups: [{at: frame.gbt32960, fields: [{path: x}]}]
- topics: ["x/{device}"]
  groups: [{fields: [{path: u, quantity: current_a}]}]
"""


def test_a_topic_goes_before_a_shape() -> None:
    decoder = decoder_of(BY_SHAPE)
    payload = {"method": "NotifyX", "src": {"id": 7}, "u": 1, "port": 2, "no": "a"}
    assert found(decoder, payload, "x/dev")[0] == [("", "current_a", 1.0)]
    assert found(decoder, payload, "any/thing")[0] == [("2/a", "voltage_v", 1.0)]


def test_the_device_stands_in_the_content() -> None:
    decoder = decoder_of(BY_SHAPE)
    decoded = decoder.decode("a", b'{"method": "NotifyX", "src": {"id": " d 7 "}, "u": 1}', ARRIVED)
    assert (decoded.device, decoded.blocks[0].channel) == ("d 7", "")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"method": "Other"}', "no_profile"),
        (b"[]", "no_profile"),
        (b"{", "not_json"),
        (b"\xff\x00", "not_json"),
        (b"##\x01", "bad_frame"),
        (b"", "no_profile"),
        (b'{"method": "NotifyX", "u": 1}', "bad_name"),
        (b'{"method": "NotifyX", "src": {"id": ""}, "u": 1}', "bad_name"),
        (b'{"method": "NotifyX", "src": {"id": ["x"]}, "u": 1}', "bad_name"),
        (b'{"method": "NotifyX", "src": {"id": "a\\u0007"}, "u": 1}', "bad_name"),
    ],
)
def test_what_fits_nothing_says_why(payload: bytes, reason: str) -> None:
    assert refusal(decoder_of(BY_SHAPE), payload, "some/where") == reason


def test_the_whole_topic_is_the_device_where_none_is_named() -> None:
    decoder = decoder_of(
        "- topics: ['site/+/state']\n  groups: [{fields: [{path: u, quantity: voltage_v}]}]"
    )
    assert decoder.decode("site/9/state", b'{"u": 1}', ARRIVED).device == "site/9/state"


PLAIN = """
- topics: ["x/{device}"]
  groups: [{fields: [{path: u, quantity: voltage_v}]}]
"""
ENTRIES = """
- topics: ["x/{device}"]
  groups: [{at: "[]", channel: "{no}", fields: [{path: u, quantity: voltage_v}]}]
"""
CSV = """
- topics: ["x/{device}"]
  format: csv
  csv: {separator: ";", columns: [a, u]}
  groups: [{at: "rows[]", channel: "{a}", fields: [{path: u, quantity: voltage_v}]}]
"""
LINES = """
- topics: ["x/{device}"]
  format: line_protocol
  groups:
    - at: "points[]"
      time: {path: time, format: epoch_ns}
      channel: "{tags.no}"
      fields: [{path: fields.u, quantity: voltage_v}]
"""
FRAMED = """
- topics: ["x/{device}"]
  frame: {path: d, encoding: hex, decoders: [dlt645, cjt188]}
  device: "{frame.dlt645.v}"
  groups: [{at: frame.dlt645, fields: [{path: v, quantity: voltage_v}]}]
"""
NAMES = """
- topics: ["homie/{device}/{name#}"]
  format: plain
  groups:
    - fields:
        - {path: engine/temperature, quantity: temperature_c}
        - {path: "U{channel}", quantity: voltage_v}
        - {path: "*/state", quantity: online, map: {ready: 1, lost: 0}}
"""


def test_the_topic_names_the_value() -> None:
    decoder = decoder_of(NAMES)
    assert found(decoder, b"21.5", "homie/car/engine/temperature")[0] == [
        ("", "temperature_c", 21.5)
    ]
    assert found(decoder, b" 230 ", "homie/car/U2")[0] == [("2", "voltage_v", 230.0)]
    assert found(decoder, b"lost", "homie/car/$a/state")[0] == [("", "online", 0.0)]
    assert found(decoder, b"anything", "homie/car/other") == ([], [])
    assert refusal(decoder, b"hot", "homie/car/U1") == "bad_value"


def test_json_under_a_name_may_be_a_bare_number() -> None:
    decoder = decoder_of(NAMES.replace("format: plain", "root: value"))
    assert found(decoder, {"value": 5}, "homie/car/U1")[0] == [("1", "voltage_v", 5.0)]
    assert found(decoder, {"value": None}, "homie/car/U1") == ([], [])
    assert found(decoder, 5, "homie/car/U1") == ([], [])


def test_lists_are_read_only_where_a_profile_expects_one() -> None:
    shown, _ = found(decoder_of(ENTRIES), [{"no": 1, "u": 1}, {"no": 2, "u": 2}])
    assert shown == [("1", "voltage_v", 1.0), ("2", "voltage_v", 2.0)]
    for payload in ([], 5, "text", None):
        assert refusal(decoder_of(PLAIN), payload) == "bad_payload"


def test_what_is_required_but_not_so_is_ignored() -> None:
    decoder = decoder_of(PLAIN + "  require: [{path: t, in: [a]}]")
    assert found(decoder, {"t": "b", "u": 1}) == ([], [])
    assert found(decoder, {"t": "a", "u": 1})[0] == [("", "voltage_v", 1.0)]


def test_formats_of_lines() -> None:
    shown, problems = found(decoder_of(CSV), b"1;230\n2;x\n3;231")
    assert shown == [("1", "voltage_v", 230.0), ("3", "voltage_v", 231.0)]
    assert problems == ["bad_value"]
    assert found(decoder_of(LINES), b"m,no=4 u=230 5")[0] == [("4", "voltage_v", 230.0)]
    assert refusal(decoder_of(LINES), b"m,no=4") == "bad_payload"
    assert refusal(decoder_of(LINES), b"\xff") == "not_text"


def test_a_frame_in_json_is_read_by_the_first_decoder_that_takes_it() -> None:
    def refuses(data: bytes) -> dict[str, Any]:
        raise DecodeError("bad_frame", "a frame must be another, got this")

    def takes(data: bytes) -> dict[str, Any]:
        return {"v": data[0]}

    profile = decoder_of(FRAMED).routes("x/a")[0].kind.profile
    frames = {"dlt645": takes, "cjt188": refuses}
    decoder = Decoder([profile], ZoneInfo("UTC"), frames=frames)
    decoded = decoder.decode("x/a", b'{"d": "e6"}', ARRIVED)
    assert (decoded.device, decoded.blocks[0].values) == ("230", [230.0])
    assert refusal(decoder, {"d": "xyz"}) == "bad_frame"
    assert refusal(decoder, {}) == "bad_name"
    second = Decoder([profile], ZoneInfo("UTC"), frames={"dlt645": refuses, "cjt188": takes})
    assert refusal(second, {"d": "e6"}) == "bad_name"  # its dict stands under its own name
    neither = Decoder([profile], ZoneInfo("UTC"), frames={"dlt645": refuses, "cjt188": refuses})
    assert refusal(neither, {"d": "e6"}) == "bad_frame"


def test_the_datum_of_positions_is_that_of_the_profile() -> None:
    decoder = decoder_of(PLAIN.replace("voltage_v", "latitude_deg"), head="datum: gcj02")
    assert decoder.decode("x/a", b'{"u": 30.5}', ARRIVED).datum == "gcj02"
    assert decoder_of(PLAIN).decode("x/a", b'{"u": 30.5}', ARRIVED).datum == "wgs84"
