"""Packed decimal digits (BCD): two digits a byte."""

from collectors.frames.errors import bad

SIGN = 0x80


def digits(data: bytes) -> str:
    """The digits of ``data``, first byte first. Raises DecodeError where a half byte is above 9."""
    text = data.hex()
    if not text.isdecimal():
        raise bad("packed decimals must hold digits 0 to 9", data)
    return text


def low_first(data: bytes, decimals: int, signed: bool = False) -> float | None:
    """A number whose lowest two digits come first; ``decimals`` of its digits follow the point.

    ``signed``: the highest bit of the last byte is a minus. All bytes FF mean that there is no value.
    """
    if data == b"\xff" * len(data):
        return None
    negative = signed and bool(data[-1] & SIGN)
    if negative:
        data = data[:-1] + bytes([data[-1] & ~SIGN])
    # Digits go through text, as a division would leave 1234.5600000000001 behind.
    value = float(f"{digits(data[::-1])}e{-decimals}")
    return -value if negative and value else value
