"""Milesight LoRaWAN sensors: uplinks as channel number, channel type and value, one after the other.

Source: the payload definitions in Milesight's user guides of WS51x, WS52x, WS558, CT10x, CT3xx, EM300, EM500,
AM100, AM300, WS30x, WS20x, UC300 and UC50x. Names are those of Milesight's own decoders. Numbers are little
endian. There is no check value: only uplinks of Milesight devices (DevEUI 24E124...) may be given.
"""

import struct
from typing import Any

from collectors.frames.errors import bad, unsupported
from collectors.frames.milesight_channels import ATTRIBUTES, CHANNELS, NOT_READ, Channel
from collectors.frames.reader import Reader

_ATTRIBUTE = 0xFF
# The most that LoRaWAN carries in one uplink (RP002, data rate 7 of EU868 and others).
_LONGEST = 242
# Codes of 16-bit values for "not read" and "being prepared".
_NO_VALUE = frozenset({0xFFFE, 0xFFFF})
_FLOAT = struct.Struct("<f")


def decode_milesight(data: bytes) -> dict[str, Any]:
    """The values of an uplink by name: ``voltage`` (V), ``active_power`` (W), ``power_factor`` (%) and so on.

    ``power_consumption`` is in Wh, ``total_current`` in Ah, ``temperature`` in degrees Celsius, ``humidity``
    in %, ``co2`` in ppm. ``current`` is in mA or A by model: ``current_unit`` says it. ``switch_1`` to
    ``switch_8`` and ``socket_status`` are "on" or "off". Counters of pulses are ``counter_1`` to
    ``counter_4`` (input 3 of a controller and the one of EM300-DI are the same channel: ``pulse``). What the
    sensor could not read is None. An uplink of versions, alarms and states alone is ``others``: True. Zero
    bytes at the end are filling.

    Raises DecodeError for a channel that is not known (its length is not known then, nor what follows), for a
    value that ends early and for a channel sent twice; with the reason ``unsupported_frame`` for history
    records and Modbus channels, whose layout differs by model.
    """
    reader = Reader(data, "a Milesight uplink")
    values: dict[str, Any] = {}
    if not 1 <= len(data) <= _LONGEST:
        raise bad(f"a Milesight uplink must have 1 to {_LONGEST} bytes", len(data))
    while reader.left:
        at = len(data) - reader.left
        if at and not any(data[at:]):
            break
        _read(reader, reader.take(2), values)
    return values or {"others": True}


def _read(reader: Reader, pair: bytes, values: dict[str, Any]) -> None:
    if pair in NOT_READ:
        raise unsupported("a channel must have the same layout in all models", pair)
    if pair[0] == _ATTRIBUTE and pair[1] in ATTRIBUTES:
        reader.take(ATTRIBUTES[pair[1]])
        return
    if pair not in CHANNELS:
        raise bad(
            f"a channel must be a known one of Milesight ({', '.join(values)} before it)", pair
        )
    for channel in CHANNELS[pair]:
        content = reader.take(channel.length)
        if not channel.name:
            continue
        found = _named(channel, content)
        if found.keys() & values.keys():
            raise bad("a channel must be sent once", pair)
        values |= found


def _named(channel: Channel, content: bytes) -> dict[str, Any]:
    if channel.kind == "switches":
        on = content[-1]
        return {f"{channel.name}_{bit + 1}": "on" if on >> bit & 1 else "off" for bit in range(8)}
    values: dict[str, Any] = {channel.name: _value(channel, content)}
    return values | {f"{channel.name}_unit": channel.unit} if channel.unit else values


def _value(channel: Channel, content: bytes) -> float | int | str | None:
    if channel.kind == "float":
        (value,) = _FLOAT.unpack(content)
        return float(value)
    if int.from_bytes(content, "little") in channel.codes:
        return None
    number = int.from_bytes(content, "little", signed=channel.kind == "signed")
    if channel.words:
        return channel.words[number] if number < len(channel.words) else None
    if channel.length == 2 and channel.kind == "unsigned" and number in _NO_VALUE:
        return None
    return number / channel.divisor if channel.divisor != 1 else number
