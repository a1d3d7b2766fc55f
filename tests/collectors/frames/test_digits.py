"""Packed decimals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.digits import digits, low_first
from quotawatt.errors import DecodeError


@given(st.integers(0, 99_999_999), st.integers(0, 4))
def test_numbers_come_back_as_the_nearest_float(number: int, decimals: int) -> None:
    data = bytes.fromhex(f"{number:08d}")[::-1]
    assert low_first(data, decimals) == number / 10**decimals


@given(st.integers(0, 79_999))
def test_the_highest_bit_is_a_minus_where_one_is_meant(number: int) -> None:
    low, middle, high = bytes.fromhex(f"{number:06d}")[::-1]
    assert low_first(bytes([low, middle, high | 0x80]), 3, signed=True) == -number / 1000


def test_minus_nothing_is_nothing() -> None:
    assert str(low_first(b"\x00\x80", 1, signed=True)) == "0.0"


@pytest.mark.parametrize("length", [1, 2, 4])
def test_all_bits_set_mean_no_value(length: int) -> None:
    assert low_first(b"\xff" * length, 2) is None
    assert low_first(b"\xff" * length, 2, signed=True) is None


@pytest.mark.parametrize("data", ["1A", "A1", "FF12", "00FE"])
def test_half_bytes_above_nine_are_refused(data: str) -> None:
    with pytest.raises(DecodeError, match=f"digits 0 to 9, got {data}"):
        digits(bytes.fromhex(data))


def test_digits_keep_leading_zeros() -> None:
    assert digits(b"\x01\x38\x00") == "013800"
