"""Check values of the frames."""

from functools import reduce
from operator import xor

_POLYNOMIAL = 0xA001


def sum8(data: bytes) -> int:
    """The sum of all bytes, modulo 256 (DL/T 645, CJ/T 188)."""
    return sum(data) & 0xFF


def xor8(data: bytes) -> int:
    """All bytes, exclusively or-ed (GB/T 32960, JT/T 808)."""
    return reduce(xor, data, 0)


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ _POLYNOMIAL if byte & 1 else byte >> 1
    return byte


_TABLE = tuple(_entry(byte) for byte in range(256))


def crc16_modbus(data: bytes) -> int:
    """CRC-16 of Modbus RTU: polynomial 8005h reflected, start FFFFh (MODBUS over Serial Line, 6.2.2)."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc
