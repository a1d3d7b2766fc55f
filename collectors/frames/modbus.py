"""Modbus RTU: what a meter behind a transparent gateway answers.

Source: MODBUS Application Protocol V1.1b3, chapter 6 (functions), and MODBUS over Serial Line V1.02, 2.5.1
(frame, CRC). A frame does not say whether it asks or answers; its length does, except in one case (see
``decode_modbus_rtu``).
"""

from typing import Any

from collectors.frames.checksums import crc16_modbus
from collectors.frames.errors import bad, unsupported

_BITS = frozenset({1, 2})
_REGISTERS = frozenset({3, 4})
_WRITES = frozenset({5, 6, 15, 16})
_ERROR = 0x80
_SHORTEST = 4
_LONGEST = 256
_REQUEST_LENGTH = 8
_MOST_BITS = 2000
_MOST_REGISTERS = 125


def decode_modbus_rtu(data: bytes) -> dict[str, Any]:
    """One frame: ``unit``, ``function`` and what it holds.

    An answer to functions 1 and 2 holds ``bits`` (0 or 1, lowest first, filled up to whole bytes), one to 3
    and 4 ``registers`` (0 to 65535); an exception holds ``exception``, its code. Requests and writes hold
    nothing more. Which registers these are is not in the frame: the one who asked knows.

    Raises DecodeError for a wrong CRC or length, for several frames in one payload, for other functions,
    and for the one frame that may be either: function 1 or 2, eight bytes, third byte 3.
    """
    if not _SHORTEST <= len(data) <= _LONGEST:
        raise bad(f"a Modbus frame must have {_SHORTEST} to {_LONGEST} bytes", len(data))
    if int.from_bytes(data[-2:], "little") != crc16_modbus(data[:-2]):
        raise bad("the CRC of a Modbus frame must be right", data)
    unit, function, body = data[0], data[1], data[2:-2]
    frame: dict[str, Any] = {"unit": unit, "function": function & ~_ERROR}
    if function & _ERROR:
        return frame | {"exception": _exception(body)}
    if function in _WRITES:
        return frame
    if function not in _BITS | _REGISTERS:
        raise unsupported("a Modbus function must be one of 1 to 6, 15 and 16", function)
    if _is_request(data):
        return frame
    values = body[1:]
    if not values or body[0] != len(values):
        raise bad("a Modbus answer must have as many bytes as it says", data)
    if function in _BITS:
        return frame | {"bits": [byte >> bit & 1 for byte in values for bit in range(8)]}
    return frame | {"registers": _registers(values)}


def _exception(body: bytes) -> int:
    if len(body) != 1:
        raise bad("a Modbus exception must have one code", body)
    return body[0]


def _is_request(data: bytes) -> bool:
    """Whether a read frame asks. Raises DecodeError where that cannot be known."""
    if len(data) != _REQUEST_LENGTH:
        return False
    is_bits = data[1] in _BITS
    count = int.from_bytes(data[4:6], "big")
    asks = 1 <= count <= (_MOST_BITS if is_bits else _MOST_REGISTERS)
    answers = is_bits and data[2] == _REQUEST_LENGTH - 5
    if asks and answers:
        raise unsupported("a Modbus frame must be either a request or an answer", data)
    return asks


def _registers(values: bytes) -> list[int]:
    if len(values) % 2:
        raise bad("Modbus registers must have two bytes each", values)
    return [int.from_bytes(values[at : at + 2], "big") for at in range(0, len(values), 2)]
