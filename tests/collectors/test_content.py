"""What a payload holds, and the frame in it."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from collectors.content import read_json, read_text, with_frame
from collectors.specs import FrameSpec
from quotawatt.errors import DecodeError

FRAME = bytes.fromhex("68108a16")
ASCII_FRAME = bytes.fromhex("010302001e384c")


def taking(data: bytes) -> dict[str, Any]:
    return {"hex": data.hex()}


def refusing(reason: str, message: str) -> Callable[[bytes], dict[str, Any]]:
    def decode(data: bytes) -> dict[str, Any]:
        raise DecodeError(reason, message)

    return decode


DECODERS = {
    "dlt645": taking,
    "cjt188": refusing("bad_frame", "no sum"),
    "modbus_rtu": refusing("bad_frame", "no CRC"),
    "jt808": refusing("unsupported_frame", "encrypted"),
}


@pytest.mark.parametrize(
    "payload", [FRAME, FRAME.hex().encode(), b"68 10 8A 16\n", base64.b64encode(FRAME)]
)
def test_a_payload_is_the_frame_in_bytes_hex_or_base64(payload: bytes) -> None:
    spec = FrameSpec(encoding="text", decoders=["dlt645"])
    assert with_frame(spec, {}, payload, DECODERS) == {"frame": {"dlt645": {"hex": "68108a16"}}}


def test_bytes_that_happen_to_be_ascii_are_no_text() -> None:
    spec = FrameSpec(encoding="text", decoders=["dlt645"])
    found = with_frame(spec, {}, ASCII_FRAME, DECODERS)
    assert found == {"frame": {"dlt645": {"hex": ASCII_FRAME.hex()}}}


def test_a_text_inside_of_json_is_never_bytes() -> None:
    spec = FrameSpec(path=("d",), encoding="text", decoders=["dlt645"])
    with pytest.raises(DecodeError, match="must be text, got 'no frame!'"):
        with_frame(spec, {"d": "no frame!"}, b"", DECODERS)


def test_the_first_decoder_that_takes_a_frame_reads_it() -> None:
    spec = FrameSpec(path=("d",), encoding="text", decoders=["modbus_rtu", "dlt645"])
    found = with_frame(spec, {"d": "68108a16"}, b"", DECODERS)
    assert found == {"d": "68108a16", "frame": {"dlt645": {"hex": "68108a16"}}}


@pytest.mark.parametrize(
    ("decoders", "reason", "message"),
    [
        (["cjt188"], "bad_frame", "no sum"),
        (["modbus_rtu", "cjt188"], "bad_frame", r"\(modbus_rtu: no CRC; cjt188: no sum\)"),
        (["jt808", "cjt188"], "unsupported_frame", "encrypted"),
    ],
)  # fmt: skip
def test_a_frame_that_no_decoder_takes_says_why_of_each(
    decoders: list[Any], reason: str, message: str
) -> None:
    with pytest.raises(DecodeError, match=message) as caught:
        with_frame(FrameSpec(decoders=decoders), {}, FRAME, DECODERS)
    assert caught.value.reason == reason


def test_a_text_has_neither_spaces_nor_a_byte_order_mark_around_it() -> None:
    assert read_text("\ufeff 12.5 \r\n".encode()) == "12.5"


@pytest.mark.parametrize("payload", [b"", b"NaN", b"1e999", b"[" * 5000, b'"\\ud800"', b"\xff"])
def test_what_is_no_json(payload: bytes) -> None:
    with pytest.raises(DecodeError, match=r"^a payload must be JSON"):
        read_json(payload)
