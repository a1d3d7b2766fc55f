"""GB/T 32960.3-2016: what electric vehicles report, carried over MQTT as it is.

Source: GB/T 32960.3-2016, chapter 6 (frame) and annex B (realtime information). Names and raw integers are
those of the JSON of EMQX's GB/T 32960 gateway, so that one profile reads both.
"""

from typing import Any

from collectors.frames.checksums import xor8
from collectors.frames.errors import bad, unsupported
from collectors.frames.gbt32960_infos import decode_infos
from collectors.frames.reader import Reader

_START_2016 = b"##"
_START_2025 = b"$$"
_HEAD_LENGTH = 24
_NO_ENCRYPTION = 1
_ASKED = 0xFE
_INVALID_ENCRYPTION = {
    2: "RSA",
    3: "AES-128",
    4: "another cipher",
    0xFE: "abnormal",
    0xFF: "invalid",
}
_LOGIN, _REALTIME, _REISSUED, _LOGOUT = 1, 2, 3, 4
_PLATFORM_LOGIN, _PLATFORM_LOGOUT = 5, 6
_TIMED = frozenset({_LOGIN, _REALTIME, _REISSUED, _LOGOUT, _PLATFORM_LOGIN, _PLATFORM_LOGOUT})
# Heartbeat, time of a terminal, and what a platform asks and sets.
_UNTIMED = frozenset({7, 8, *range(0x80, 0x83)})


def decode_gbt32960(data: bytes) -> dict[str, Any]:
    """One frame: ``Cmd``, ``Encrypt``, ``Vin`` and ``Data``.

    ``Data`` of commands 2 (realtime) and 3 (sent again) holds ``Time`` (Year without century to Second,
    UTC+8) and ``Infos``, one dict an information type; login and logout hold ``Time``, ``Seq`` and, of a
    login, ``ICCID``; an answer of a platform ``Time`` alone; everything else nothing. Codes for "no value"
    (FE, FF and so on) are left as they are.

    Raises DecodeError for a wrong frame or checksum; for encrypted data, the edition of 2025 (its frames
    begin with ``$$``) and unknown commands and information types with the reason ``unsupported_frame``.
    """
    if data[:2] == _START_2025:
        raise unsupported(
            "a frame must follow GB/T 32960.3-2016", "one of the edition of 2025 ($$)"
        )
    if data[:2] != _START_2016:
        raise bad("a GB/T 32960 frame must begin with ##", data)
    reader = Reader(data, "a GB/T 32960 frame")
    reader.take(2)
    command, answer, vin = reader.u8(), reader.u8(), reader.take(17)
    encryption, length = reader.u8(), reader.u16()
    body = reader.take(length)
    check = reader.u8()
    if reader.left:
        raise bad(f"a GB/T 32960 frame must have {_HEAD_LENGTH + length + 1} bytes", len(data))
    if check != xor8(data[2:-1]):
        raise bad("the check byte of a GB/T 32960 frame must be right", data)
    if encryption != _NO_ENCRYPTION:
        cipher = _INVALID_ENCRYPTION.get(encryption, encryption)
        raise unsupported("the data of a GB/T 32960 frame must not be encrypted", cipher)
    return {
        "Cmd": command,
        "Encrypt": encryption,
        "Vin": _printable(vin),
        "Data": _content(command, answer, Reader(body, "data of a GB/T 32960 frame")),
    }


def _printable(data: bytes) -> str:
    """The number of a vehicle, platform or card, filled up with zero bytes or blanks."""
    text = data.decode("latin-1").rstrip("\0 ")
    if not text.isascii() or not text.isprintable():
        raise bad("a VIN or ICCID must be printable ASCII", data)
    return text


def _content(command: int, answer: int, reader: Reader) -> dict[str, Any]:
    if command in _UNTIMED:
        return {}
    if command not in _TIMED:
        raise unsupported("a command must be one of GB/T 32960.3-2016", f"{command:02X}")
    if answer != _ASKED and not reader.left:
        return {}
    result: dict[str, Any] = {"Time": _time(reader)}
    if answer != _ASKED:
        return result
    if command in {_REALTIME, _REISSUED}:
        return result | {"Infos": decode_infos(reader)}
    result["Seq"] = reader.u16()
    if command == _LOGIN:
        result["ICCID"] = _printable(reader.take(20))
    return result


def _time(reader: Reader) -> dict[str, int]:
    names = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    return dict(zip(names, reader.take(6), strict=True))
