"""JSON inside of JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames.embedded import decode_json
from quotawatt.errors import DecodeError


def test_an_object_is_read() -> None:
    assert decode_json(b'{"temperature": 19.5}') == {"temperature": 19.5}


@pytest.mark.parametrize("data", [b"", b"[1]", b"3", b"null", b'{"a":', b"\xff", b"[" * 100_000])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_json(data)
    assert refused.value.reason == "bad_frame"


@given(st.binary())
def test_nothing_but_decode_error(data: bytes) -> None:
    refused = None
    try:
        assert isinstance(decode_json(data), dict)
    except DecodeError as error:
        refused = error.reason
    assert refused in (None, "bad_frame")
