"""All decoders together: they refuse garbage, and never by another exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.frames import FRAME_DECODERS
from tests.collectors.frames.checks import outcome

NAMES = sorted(FRAME_DECODERS)
BINARY = ["cjt188", "dlt645", "gbt32960", "jt808", "milesight", "modbus_rtu", "sparkplug_b"]
# Bytes that begin or end frames, escape, or say lengths.
MARKS = [
    0x00,
    0x01,
    0x10,
    0x12,
    0x16,
    0x1F,
    0x20,
    0x23,
    0x33,
    0x68,
    0x7D,
    0x7E,
    0x81,
    0x90,
    0x91,
    0xFE,
    0xFF,
]


def test_the_decoders_that_profiles_may_name() -> None:
    assert sorted([*BINARY, "json", "senml"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=300))
def test_random_bytes_are_refused_or_become_plain_values(name: str, data: bytes) -> None:
    found = outcome(FRAME_DECODERS[name], data)
    assert found is None or json.loads(json.dumps(found)) is not None


@pytest.mark.parametrize("name", NAMES)
@given(data=st.lists(st.sampled_from(MARKS), max_size=60).map(bytes))
def test_bytes_that_look_like_frames_are_refused_or_decoded(name: str, data: bytes) -> None:
    found = outcome(FRAME_DECODERS[name], data)
    assert found is None or json.loads(json.dumps(found)) is not None


@pytest.mark.parametrize("name", sorted(set(BINARY) - {"sparkplug_b", "milesight"}))
@given(data=st.binary(max_size=64))
def test_checked_protocols_do_not_take_random_bytes(name: str, data: bytes) -> None:
    assert outcome(FRAME_DECODERS[name], data) is None


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\xfe" * 262_144, b"\x7e" * 262_144, b"\x68" * 262_144, b"\x23" * 262_144,
     b"\x00" * 262_144,
     b"\xff\x01\x00" * 87_000, '{"总": 1}'.encode(), b"not a frame", b"\xfd\xfe\xff"],
    ids=lambda data: f"{data[:3].hex()}x{len(data)}",
)  # fmt: skip
def test_what_is_no_frame_is_refused(name: str, data: bytes) -> None:
    assert outcome(FRAME_DECODERS[name], data) is None


@pytest.mark.parametrize("name", BINARY)
def test_a_deeply_nested_payload_is_refused(name: str) -> None:
    nested = b""
    for _ in range(2_000):
        size = len(nested)
        nested = b"\x12" + bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + nested
    assert outcome(FRAME_DECODERS[name], nested[:200_000]) in (None, {"metrics": [{"value": None}]})
