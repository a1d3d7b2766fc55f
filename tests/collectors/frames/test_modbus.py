"""Modbus RTU."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.modbus import decode_modbus_rtu
from tests.collectors.frames.checks import every_cut_is_refused, every_flip_is_refused, refused


def crc(data: bytes) -> bytes:
    """Bit by bit, as the standard describes it; the decoder uses a table."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register, carry = register >> 1, register & 1
            register ^= 0xA001 * carry
    return register.to_bytes(2, "little")


def frame(text: str) -> bytes:
    data = bytes.fromhex(text)
    return data + crc(data)


def test_registers_of_an_answer() -> None:
    # 230.5 V as 2305 and 50.01 Hz as 5001, of a meter with address 9.
    assert decode_modbus_rtu(frame("09 03 04 0901 1389")) == {
        "unit": 9,
        "function": 3,
        "registers": [2305, 5001],
    }


def test_bits_of_an_answer_lowest_first() -> None:
    found = decode_modbus_rtu(frame("11 01 02 05 80"))
    assert found == {"unit": 17, "function": 1, "bits": [1, 0, 1, 0, 0, 0, 0, 0] + [0] * 7 + [1]}


@given(
    st.integers(0, 255),
    st.sampled_from([3, 4]),
    st.lists(st.integers(0, 65535), min_size=1, max_size=125),
)
def test_what_is_encoded_is_decoded(unit: int, function: int, registers: list[int]) -> None:
    body = b"".join(value.to_bytes(2, "big") for value in registers)
    head = bytes([unit, function, len(body)])
    found = decode_modbus_rtu(head + body + crc(head + body))
    assert found == {"unit": unit, "function": function, "registers": registers}


@pytest.mark.parametrize(
    ("text", "function"),
    [("01 03 0000 0002", 3), ("01 04 1234 007D", 4), ("01 01 0000 0010", 1), ("01 06 0001 0003", 6),
     ("01 10 0001 0002 04 000A 0102", 16), ("01 10 0001 0002", 16)],
)  # fmt: skip
def test_requests_and_writes_hold_no_values(text: str, function: int) -> None:
    assert decode_modbus_rtu(frame(text)) == {"unit": 1, "function": function}


def test_an_exception() -> None:
    assert decode_modbus_rtu(frame("05 83 02")) == {"unit": 5, "function": 3, "exception": 2}


def test_eight_bytes_that_may_ask_or_answer_are_not_guessed() -> None:
    refused(
        decode_modbus_rtu,
        frame("01 01 03 00 00 10"),
        "either a request or an answer",
        "unsupported_frame",
    )


def test_eight_bytes_that_can_only_answer() -> None:
    assert decode_modbus_rtu(frame("01 02 03 FF 00 00"))["bits"] == [1] * 8 + [0] * 16


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (frame("01 03 04 0001 0002 0003"), "as many bytes as it says"),
        (frame("01 03 03 0001 02 99"), "as many bytes as it says"),
        (frame("01 03 05 0001 0002 03"), "two bytes each"),
        (frame("01 03 00"), "as many bytes as it says"),
        (frame("01 83 02 00"), "one code"),
        (frame("01 03 02 0001") * 2, "CRC|as many bytes"),
        (b"\x01\x03\x02\x00\x01\x00\x00", "the CRC"),
        (frame("01"), "4 to 256 bytes"),
        (frame("01 03" + "00" * 300), "4 to 256 bytes"),
    ],
)
def test_wrong_frames_are_refused(data: bytes, rule: str) -> None:
    refused(decode_modbus_rtu, data, rule)


def test_other_functions_are_not_read() -> None:
    refused(decode_modbus_rtu, frame("01 2B 0E 01 00"), "one of 1 to 6", "unsupported_frame")


def test_damage_is_refused() -> None:
    whole = frame("09 03 04 0901 1389")
    every_cut_is_refused(decode_modbus_rtu, whole)
    every_flip_is_refused(decode_modbus_rtu, whole)
