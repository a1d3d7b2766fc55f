"""JT/T 808: what vehicle terminals report, carried over MQTT as it is.

Source: JT/T 808-2011, -2013 and -2019, 4.4 (frame), 8.18 (location) and 8.49 (batch). Names and raw integers
are those of the JSON of EMQX's JT/T 808 gateway, so that one profile reads both. Whether a position is WGS-84
or GCJ-02 is not in the frame.
"""

import re
from typing import Any

from collectors.frames.checksums import xor8
from collectors.frames.digits import digits
from collectors.frames.errors import bad, unsupported
from collectors.frames.jt808_location import decode_location
from collectors.frames.reader import Reader

_FLAG = b"\x7e"
_LOOSE_ESCAPE = re.compile(rb"\x7d(?![\x01\x02])")
_LENGTH_BITS = 0x03FF
_ENCRYPTION_BITS = 0x1C00
_PARTS_BIT = 0x2000
_VERSION_BIT = 0x4000
_LOCATION = 0x0200
_ASKED_LOCATION = 0x0201
_CONTROLLED = 0x0500
_BATCH = 0x0704


def decode_jt808(data: bytes) -> dict[str, Any]:
    """One message: ``header`` (msg_id, encrypt, phone, msg_sn; from 2019 proto_ver) and ``body``.

    The body of 0x0200 is a location, that of 0x0201 (asked for) holds ``seq`` and ``params``, that of 0x0500
    (answer to control of the vehicle) ``seq`` and ``location``, that of 0x0704 (batch) ``type`` (1: sent
    late) and ``locations``; see ``decode_location``. Bodies of other messages are left empty.

    Raises DecodeError for a wrong frame, checksum or body, and with the reason ``unsupported_frame`` for
    an encrypted message and for a part of a longer one.
    """
    reader = Reader(_unwrapped(data), "a JT/T 808 message")
    message, properties = reader.u16(), reader.u16()
    is_2019 = bool(properties & _VERSION_BIT)
    version = {"proto_ver": reader.u8()} if is_2019 else {}
    phone = digits(reader.take(10 if is_2019 else 6))
    serial = reader.u16()
    if properties & _ENCRYPTION_BITS:
        raise unsupported(
            "a JT/T 808 message must not be encrypted", f"properties {properties:04X}"
        )
    if properties & _PARTS_BIT:
        parts, part = reader.u16(), reader.u16()
        if parts != 1:
            raise unsupported("a JT/T 808 message must be in one part", f"part {part} of {parts}")
    if reader.left != properties & _LENGTH_BITS:
        raise bad(f"a JT/T 808 body must have {properties & _LENGTH_BITS} bytes", reader.left)
    header = {
        "msg_id": message,
        **version,
        "encrypt": 0,
        "phone": phone,
        "msg_sn": serial,
    }
    return {"header": header, "body": _body(message, reader)}


def _unwrapped(data: bytes) -> bytes:
    """Header and body: without flags, escapes and check byte."""
    if len(data) < 3 or data[:1] != _FLAG or data[-1:] != _FLAG or _FLAG in data[1:-1]:
        raise bad("a JT/T 808 message must be between two 7E, and one", data)
    inner = data[1:-1]
    if _LOOSE_ESCAPE.search(inner):
        raise bad("7D must be followed by 01 or 02", data)
    plain = inner.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
    if xor8(plain):
        raise bad("the check byte of a JT/T 808 message must be right", data)
    return plain[:-1]


def _body(message: int, reader: Reader) -> dict[str, Any]:
    if message == _LOCATION:
        return decode_location(reader.rest())
    if message == _ASKED_LOCATION:
        return {"seq": reader.u16(), "params": decode_location(reader.rest())}
    if message == _CONTROLLED:
        return {"seq": reader.u16(), "location": decode_location(reader.rest())}
    if message == _BATCH:
        count, kind = reader.u16(), reader.u8()
        locations = [decode_location(reader.take(reader.u16())) for _ in range(count)]
        if reader.left:
            raise bad(f"a batch must hold {count} locations and no more", reader.rest())
        return {"type": kind, "locations": locations}
    return {}
