"""What every decoder of frames must hold, whatever the protocol."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from quotawatt.errors import DecodeError

Decode = Callable[[bytes], dict[str, Any]]
REASONS = {"bad_frame", "unsupported_frame"}


def refused(decode: Decode, data: bytes, rule: str, reason: str = "bad_frame") -> None:
    """``data`` is refused with ``reason`` and a message that holds ``rule`` and says what came."""
    with pytest.raises(DecodeError, match=rule) as error:
        decode(data)
    assert error.value.reason == reason
    assert ", got " in str(error.value)


def outcome(decode: Decode, data: bytes) -> dict[str, Any] | None:
    """What ``data`` becomes; None where it is refused as decoders must refuse."""
    error = None
    try:
        return decode(data)
    except DecodeError as raised:
        error = raised
    assert error.reason in REASONS
    assert ", got " in str(error)
    assert len(str(error)) < 400
    return None


def every_cut_is_refused(decode: Decode, frame: bytes) -> None:
    """No beginning of ``frame`` passes for a whole one."""
    passed = [length for length in range(len(frame)) if outcome(decode, frame[:length]) is not None]
    assert passed == []


def every_flip_is_refused(decode: Decode, frame: bytes, skip: Iterable[int] = ()) -> None:
    """No single wrong bit passes; ``skip``: places that the check value does not cover."""
    passed = [
        (at, bit)
        for at in set(range(len(frame))) - set(skip)
        for bit in range(8)
        if outcome(decode, flipped(frame, at, bit)) is not None
    ]
    assert passed == []


def flipped(frame: bytes, at: int, bit: int) -> bytes:
    """``frame`` with one bit of the byte at ``at`` inverted."""
    return frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1 :]
