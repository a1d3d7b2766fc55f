"""A location of JT/T 808 (message 0x0200) and what is added to it (tables 23 to 32 of 2013)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from collectors.frames.digits import digits
from collectors.frames.reader import Reader

_WHAT = "a JT/T 808 location"


def decode_location(data: bytes) -> dict[str, Any]:
    """A location, raw.

    ``latitude`` and ``longitude`` in millionths of a degree, always positive (bits 2 and 3 of ``status`` say
    south and west, bit 1 that there is a fix, bit 0 that the ignition is on), ``altitude`` in m, ``speed`` in
    0.1 km/h, ``direction`` in degrees, ``time`` "yymmddHHMMSS" in UTC+8. ``extra``, where there is one:
    ``mileage`` (0.1 km), ``fuel_meter`` (0.1 L), ``speed`` (recorder, 0.1 km/h) and so on; what makers add,
    by number or by another length than the standard's, is skipped.
    """
    reader = Reader(data, _WHAT)
    location: dict[str, Any] = {
        "alarm": reader.u32(),
        "status": reader.u32(),
        "latitude": reader.u32(),
        "longitude": reader.u32(),
        "altitude": reader.u16(),
        "speed": reader.u16(),
        "direction": reader.u16(),
        "time": digits(reader.take(6)),
    }
    if reader.left:
        location["extra"] = _extra(reader)
    return location


def _extra(reader: Reader) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    while reader.left:
        number = reader.u8()
        value = reader.take(reader.u8())
        if (number, len(value)) in _EXTRAS:
            name, decode = _EXTRAS[number, len(value)]
            extra[name] = decode(value)
    return extra


def _unsigned(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)


def _overspeed(data: bytes) -> dict[str, int]:
    return {"type": data[0]} | ({"id": _unsigned(data[1:])} if data[1:] else {})


def _in_out(data: bytes) -> dict[str, int]:
    return {"type": data[0], "id": _unsigned(data[1:5]), "direction": data[5]}


def _path_time(data: bytes) -> dict[str, int]:
    return {"id": _unsigned(data[:4]), "time": _unsigned(data[4:6]), "result": data[6]}


def _analog(data: bytes) -> dict[str, int]:
    return {"ad0": _unsigned(data[2:]), "ad1": _unsigned(data[:2])}


_EXTRAS: Mapping[tuple[int, int], tuple[str, Callable[[bytes], Any]]] = MappingProxyType(
    {
        (0x01, 4): ("mileage", _unsigned),
        (0x02, 2): ("fuel_meter", _unsigned),
        (0x03, 2): ("speed", _unsigned),
        (0x04, 2): ("alarm_id", _unsigned),
        (0x06, 2): ("carriage_temp", _signed),
        (0x11, 1): ("overspeed_alarm", _overspeed),
        (0x11, 5): ("overspeed_alarm", _overspeed),
        (0x12, 6): ("in_out_alarm", _in_out),
        (0x13, 7): ("path_time_alarm", _path_time),
        (0x25, 4): ("signal", _unsigned),
        (0x2A, 2): ("io_status", _unsigned),
        (0x2B, 4): ("analog", _analog),
        (0x30, 1): ("rssi", _unsigned),
        (0x31, 1): ("gnss_sat_num", _unsigned),
    }
)
