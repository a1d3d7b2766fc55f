"""Reading bytes in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.reader import Reader
from quotawatt.errors import DecodeError


def test_numbers_are_read_highest_byte_first() -> None:
    reader = Reader(bytes.fromhex("01 0203 04050607 0809"), "a frame")
    assert (reader.u8(), reader.u16(), reader.u32()) == (1, 0x0203, 0x04050607)
    assert reader.left == 2
    assert reader.rest() == b"\x08\x09"
    assert reader.left == 0


@given(st.binary(max_size=20), st.integers(0, 30))
def test_no_read_returns_less_than_asked(data: bytes, count: int) -> None:
    reader = Reader(data, "a frame")
    if count <= len(data):
        assert reader.take(count) == data[:count]
    else:
        with pytest.raises(
            DecodeError, match=f"^a frame must hold {count} more bytes at 0, got {len(data)} in "
        ):
            reader.take(count)
