"""The data items of DL/T 645-2007: how the bytes behind an identifier are read (annex A)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from collectors.frames.digits import low_first
from collectors.frames.errors import bad

Value = float | str | None | list[float | None]


class _Form(NamedTuple):
    """Bytes a value, digits behind the point, whether the highest bit is a minus."""

    length: int
    decimals: int
    signed: bool


_ENERGY = _Form(4, 2, False)
_SIGNED_ENERGY = _Form(4, 2, True)
# Second byte of items 00xxxxxx that are sums of both directions: active, reactive 1 and 2, correlated;
# of the meter, then of phases A, B and C.
_BOTH_DIRECTIONS = frozenset(
    {0x00, 0x03, 0x04, 0x80} | {0x17, 0x18, 0x94} | {0x2B, 0x2C, 0xA8} | {0x3F, 0x40, 0xBC}
)

# Items 02xxyy00 by their second byte.
_VARIABLES: Mapping[int, _Form] = MappingProxyType(
    {
        0x01: _Form(2, 1, False),  # voltage, V
        0x02: _Form(3, 3, True),  # current, A
        0x03: _Form(3, 4, True),  # active power, kW
        0x04: _Form(3, 4, True),  # reactive power, kvar
        0x05: _Form(3, 4, True),  # apparent power, kVA; meters set the direction here too
        0x06: _Form(2, 3, True),  # power factor
        0x07: _Form(2, 1, False),  # phase angle, degrees
        0x08: _Form(2, 2, False),  # distortion of the voltage, %
        0x09: _Form(2, 2, False),  # distortion of the current, %
    }
)
# Items 028000xx by their last byte.
_FURTHER: Mapping[int, _Form] = MappingProxyType(
    {
        0x01: _Form(3, 3, True),  # current of the neutral, A
        0x02: _Form(2, 2, False),  # frequency, Hz
        0x03: _Form(3, 4, True),  # mean active power of a minute, kW
        0x04: _Form(3, 4, True),  # active demand, kW
        0x05: _Form(3, 4, True),  # reactive demand, kvar
        0x06: _Form(3, 4, True),  # apparent demand, kVA
        0x07: _Form(2, 1, True),  # temperature inside the meter, degrees Celsius
        0x08: _Form(2, 2, False),  # battery of the clock, V
        0x09: _Form(2, 2, False),  # battery for reading, V
        0x0A: _Form(4, 0, False),  # time on battery, minutes
    }
)
_WHOLE = 0xFF


def decode_item(item: str, data: bytes) -> Value:
    """The value of the data item ``item`` (eight hex digits), in the unit of the standard.

    A list where the item is a block (FF). None where the meter has no value (all bits set). Items that hold
    no measured value (parameters, events, records) are their bytes as hex, highest first.
    Raises DecodeError where the bytes do not fit the item.
    """
    form = _form(item)
    if form is None:
        return data[::-1].hex().upper()
    if not data or len(data) % form.length:
        raise bad(f"data item {item} must have {form.length} bytes a value", data)
    values = [
        low_first(data[at : at + form.length], form.decimals, form.signed)
        for at in range(0, len(data), form.length)
    ]
    if _WHOLE in bytes.fromhex(item):
        return values
    if len(values) > 1:
        raise bad(f"data item {item} must have one value", data)
    return values[0]


def _form(item: str) -> _Form | None:
    group, kind, part, last = bytes.fromhex(item)
    if group == 0x00 and kind != _WHOLE:
        return _SIGNED_ENERGY if kind in _BOTH_DIRECTIONS else _ENERGY
    if group == 0x02 and kind == 0x80 and part == 0:
        return _FURTHER.get(last)
    if group == 0x02 and last == 0:
        return _VARIABLES.get(kind)
    return None
