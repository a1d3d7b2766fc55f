"""JT/T 808: messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.jt808 import decode_jt808
from tests.collectors.frames.checks import every_cut_is_refused, every_flip_is_refused, refused

PHONE = "013800001234"
PLACE = "00000000 00000003 02616A00 06EE2D40 0032 0258 005A 260721143005"
PLACE_READ = {
    "alarm": 0,
    "status": 3,
    "latitude": 39938560,
    "longitude": 116272448,
    "altitude": 50,
    "speed": 600,
    "direction": 90,
    "time": "260721143005",
}


def wrap(text: str) -> bytes:
    """Check byte, escapes and flags around header and body, byte by byte."""
    plain = bytes.fromhex(text)
    check = 0
    for byte in plain:
        check ^= byte
    escaped = b"".join(
        {0x7E: b"\x7d\x02", 0x7D: b"\x7d\x01"}.get(byte, bytes([byte]))
        for byte in plain + bytes([check])
    )
    return b"\x7e" + escaped + b"\x7e"


def message(number: int, body: str, flags: int = 0, phone: str = PHONE, parts: str = "") -> bytes:
    """A message up to 2013; of 2019 where bit 14 of ``flags`` is set."""
    properties = flags | len(bytes.fromhex(body))
    version = "01" if flags & 0x4000 else ""
    return wrap(f"{number:04X} {properties:04X} {version} {phone} 0007 {parts} {body}")


def test_a_location_of_2013() -> None:
    assert decode_jt808(message(0x0200, PLACE)) == {
        "header": {"msg_id": 0x0200, "encrypt": 0, "phone": PHONE, "msg_sn": 7},
        "body": PLACE_READ,
    }


def test_a_location_of_2019() -> None:
    found = decode_jt808(message(0x0200, PLACE, 0x4000, "00000000013800001234"))
    assert found["header"]["proto_ver"] == 1
    assert found["header"]["phone"] == "00000000013800001234"
    assert found["body"] == PLACE_READ


def test_escapes() -> None:
    # Latitude 7E7D7E7D and everything else as it comes.
    body = PLACE.replace("02616A00", "7E7D7E7D")
    data = message(0x0200, body)
    assert data.count(b"\x7e") == 2
    assert decode_jt808(data)["body"]["latitude"] == 0x7E7D7E7D


def test_a_location_that_was_asked_for() -> None:
    assert decode_jt808(message(0x0201, "0102" + PLACE))["body"] == {
        "seq": 0x0102,
        "params": PLACE_READ,
    }


def test_an_answer_to_control_of_the_vehicle() -> None:
    found = decode_jt808(message(0x0500, "0102" + PLACE))
    assert found["body"] == {"seq": 0x0102, "location": PLACE_READ}


def test_a_batch() -> None:
    found = decode_jt808(message(0x0704, "0002 01" + ("001C" + PLACE) * 2))
    assert found["body"] == {"type": 1, "locations": [PLACE_READ, PLACE_READ]}


@pytest.mark.parametrize("number", [0x0001, 0x0002, 0x0100, 0x0102, 0x0900, 0x8001])
def test_other_messages_have_no_body(number: int) -> None:
    found = decode_jt808(message(number, "0001 0002 00"))
    assert (found["header"]["msg_id"], found["body"]) == (number, {})


def test_a_message_in_one_part_is_whole() -> None:
    assert decode_jt808(message(0x0200, PLACE, 0x2000, parts="0001 0001"))["body"] == PLACE_READ


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (message(0x0200, PLACE, 0x2000, parts="0003 0001"), "one part, got part 1 of 3"),
        (message(0x0200, PLACE, 0x0400), "must not be encrypted"),
    ],
)
def test_parts_and_encrypted_messages_are_not_read(data: bytes, rule: str) -> None:
    refused(decode_jt808, data, rule, "unsupported_frame")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (message(0x0200, PLACE)[1:], "between two 7E"),
        (message(0x0200, PLACE) * 2, "between two 7E"),
        (b"\x7e\x7e", "between two 7E"),
        (b"\x7e\x02\x7d\x03\x7e", "followed by 01 or 02"),
        (b"\x7e\x02\x7d\x7e", "followed by 01 or 02"),
        (message(0x0200, PLACE, phone="01380000123F"), "digits 0 to 9"),
        (message(0x0200, PLACE.replace("260721", "2607F1")), "digits 0 to 9"),
        (wrap(f"0200 0010 {PHONE} 0007 {PLACE}"), "body must have 16 bytes, got 28"),
        (message(0x0200, PLACE[:-4]), "must hold 6 more bytes"),
        (message(0x0704, "0002 01 001C" + PLACE), "must hold 2 more bytes"),
        (message(0x0704, "0001 01 001C" + PLACE + "00"), "1 locations and no more"),
        (message(0x0704, "FFFF 01"), "must hold 2 more bytes"),
        (wrap("0200"), "must hold 2 more bytes"),
    ],
)
def test_wrong_messages_are_refused(data: bytes, rule: str) -> None:
    refused(decode_jt808, data, rule)


def test_damage_is_refused() -> None:
    whole = message(0x0200, PLACE + "0104000004D2")
    every_cut_is_refused(decode_jt808, whole)
    every_flip_is_refused(decode_jt808, whole)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.text("0123456789", min_size=12, max_size=12),
)
def test_positions_come_back(latitude: int, longitude: int, phone: str) -> None:
    body = f"00000000 00000003 {latitude:08X} {longitude:08X} 0032 0258 005A 260721143005"
    found = decode_jt808(message(0x0200, body, phone=phone))
    assert (found["body"]["latitude"], found["body"]["longitude"]) == (latitude, longitude)
    assert found["header"]["phone"] == phone
