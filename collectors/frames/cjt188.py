"""CJ/T 188: water, heat, cooling and gas meters behind transparent gateways (DTU).

Source: CJ/T 188-2004 and -2018 (frame, control codes, meter types, units, data item 901F). Both editions
share all that is read here; what 2018 adds (further data items and control codes) holds no total and is
known without being read. Data bytes are sent as they are, lowest first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from collectors.frames.checksums import sum8
from collectors.frames.cjt188_data import flow_reading, heat_reading
from collectors.frames.errors import bad, unsupported

_WAKE = 0xFE
_START = 0x68
_END = 0x16
_HEAD_LENGTH = 11
_TAIL_LENGTH = 2
_FROM_METER = 0x80
_ERROR = 0x40
_READ = 0x01
_ITEM_LENGTH = 3
# Meters and masters send the data item 901F in either order.
_READING = frozenset({b"\x1f\x90", b"\x90\x1f"})

_TYPES: Mapping[int, str] = MappingProxyType(
    {
        0x10: "water_cold",
        0x11: "water_hot",
        0x12: "water_drinking",
        0x13: "water_grey",
        0x20: "heat",
        0x21: "cooling",
        0x22: "heat_and_cooling",
        0x30: "gas",
        0x40: "electricity",
    }
)
# What the tens of a type mean: makers number their own within them (25H is a heat meter).
_FAMILIES: Mapping[int, str] = MappingProxyType({1: "water", 2: "heat", 3: "gas", 4: "other"})
_HEAT_FAMILY = 2


def decode_cjt188(data: bytes) -> dict[str, Any]:
    """One frame: ``address`` (14 digits), ``type`` of the meter, ``control``, and what it holds.

    An answer with the reading (901F) of a water, gas or other meter holds ``total`` and its ``unit`` (m3, kWh
    or GJ); one of a heat or cooling meter ``heat`` with ``heat_unit`` (kWh or GJ), ``power_kw``,
    ``flow_m3h``, ``supply_temperature_c``, ``return_temperature_c`` and the water's ``total`` with ``unit``
    m3; both ``time`` ("YYYYMMDDhhmmss", the meter's local time) where its clock runs. What the meter has no
    value for is None.
    A refusal holds ``error``, its code; a request ``request``: True. Other answers hold nothing more.

    Raises DecodeError for a wrong frame, checksum, unit or value and for a type that is none of the standard.
    """
    frame = data.lstrip(bytes([_WAKE]))
    if len(frame) < _HEAD_LENGTH + _TAIL_LENGTH or frame[0] != _START:
        raise bad(
            "a CJ/T 188 frame must begin with 68, type, seven bytes of address and control", data
        )
    end = _HEAD_LENGTH + frame[10]
    if len(frame) != end + _TAIL_LENGTH:
        raise bad(f"a CJ/T 188 frame must have {end + _TAIL_LENGTH} bytes", len(frame))
    if frame[end] != sum8(frame[:end]) or frame[end + 1] != _END:
        raise bad("a CJ/T 188 frame must end with its sum and 16", frame)
    meter, control = frame[1], frame[9]
    result = {
        "address": frame[8:1:-1].hex().upper(),
        "type": _type(meter),
        "control": control,
    }
    return result | _content(meter, control, frame[_HEAD_LENGTH:end])


def _type(meter: int) -> str:
    name = _TYPES.get(meter) or (_FAMILIES.get(meter >> 4) if meter & 0x0F <= 9 else None)
    # AA asks every meter for its type.
    if name is None and meter != 0xAA:
        raise unsupported("a meter type must be one of CJ/T 188", f"{meter:02X}")
    return name or "any"


def _content(meter: int, control: int, data: bytes) -> dict[str, Any]:
    if not control & _FROM_METER:
        return {"request": True}
    if control & _ERROR:
        # SER, then the code; older meters send the code alone or two bytes of state.
        return {"error": int.from_bytes(data[1:2] or data, "big")}
    if control != _FROM_METER | _READ or data[:2] not in _READING:
        return {}
    reading = data[_ITEM_LENGTH:]
    return heat_reading(reading) if meter >> 4 == _HEAT_FAMILY else flow_reading(reading)
