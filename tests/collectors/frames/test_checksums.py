"""Check values against the vectors that their publishers give."""

from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.checksums import crc16_modbus, sum8, xor8


def test_crc_of_modbus_over_the_digits_one_to_nine() -> None:
    # The check value by which catalogues of CRC parameters name CRC-16/MODBUS.
    assert crc16_modbus(b"123456789") == 0x4B37


def test_sum_of_a_cjt188_request() -> None:
    assert sum8(bytes.fromhex("68 10 44 33 22 11 00 33 78 01 03 1F 90 00")) == 0x80


@given(st.binary())
def test_a_crc_over_data_and_its_crc_is_zero(data: bytes) -> None:
    assert crc16_modbus(data + crc16_modbus(data).to_bytes(2, "little")) == 0


@given(st.binary())
def test_exclusive_or_over_data_and_its_check_byte_is_zero(data: bytes) -> None:
    assert xor8(data + bytes([xor8(data)])) == 0
