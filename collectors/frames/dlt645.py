"""DL/T 645-2007: electricity meters behind transparent gateways (DTU).

Source: DL/T 645-2007, chapter 5 (frame), chapter 7 (control codes) and annex A (data items). All data bytes
are sent with 33H added; the lowest byte comes first; the data item's identifier (DI) is written highest
byte first here, as in the annex: ``00010000``.
"""

from dataclasses import dataclass
from typing import Any

from collectors.frames.checksums import sum8
from collectors.frames.dlt645_items import decode_item
from collectors.frames.errors import bad, unsupported

_WAKE = 0xFE
_START = 0x68
_END = 0x16
_SHIFT = 0x33
_HEAD_LENGTH = 10
_TAIL_LENGTH = 2
_FROM_METER = 0x80
_ERROR = 0x40
_READ = 0x11
_READ_ON = 0x12
_ITEM_LENGTH = 4
# Function codes of the standard: time signal, read, read on, read and write address, and those that set.
_FUNCTIONS = frozenset({0x08, *range(0x11, 0x1E)})
_FUNCTIONS_1997 = frozenset({0x01, 0x02, 0x03, 0x04, 0x0A, 0x0C, 0x0F, 0x10})


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame, unwrapped. ``data`` without the 33H."""

    address: str
    control: int
    data: bytes


def decode_dlt645(data: bytes) -> dict[str, Any]:
    """The frames of a payload as one dict: ``address``, ``control`` and what they hold.

    An answer to a reading holds ``data``: by DI the value, or a list of values for a block of phases, tariffs
    or settlement days. A meter's refusal holds ``error``, its bits; a request ``request``: True.
    Several frames (gateways put one exchange, or one poll, into one message) must be of one meter;
    their data are joined, and requests count only where nothing else came.

    Raises DecodeError for a wrong frame, checksum or value, for DL/T 645-1997 and for the later parts of an
    answer in several frames (they do not say where they belong).
    """
    frames = _frames(data)
    if len({frame.address for frame in frames}) > 1:
        raise bad("frames of one payload must be of one meter", [f.address for f in frames])
    answers = [frame for frame in frames if frame.control & _FROM_METER]
    last = (answers or frames)[-1]
    result: dict[str, Any] = {"address": last.address, "control": last.control}
    if not answers:
        return result | {"request": True}
    for frame in answers:
        _add(result, frame)
    return result


def _frames(data: bytes) -> list[_Frame]:
    frames = []
    at = _after_wake(data, 0)
    while at < len(data):
        frame, end = _frame(data, at)
        frames.append(frame)
        at = _after_wake(data, end)
    if not frames:
        raise bad("a DL/T 645 payload must hold a frame", data)
    return frames


def _after_wake(data: bytes, at: int) -> int:
    while at < len(data) and data[at] == _WAKE:
        at += 1
    return at


def _frame(data: bytes, at: int) -> tuple[_Frame, int]:
    """The frame that begins at ``at``, and where it ends."""
    head = data[at : at + _HEAD_LENGTH]
    if len(head) < _HEAD_LENGTH or head[0] != _START or head[7] != _START:
        raise bad("a DL/T 645 frame must begin with 68, six bytes of address and 68", head)
    length = _HEAD_LENGTH + head[9] + _TAIL_LENGTH
    whole = data[at : at + length]
    if len(whole) < length:
        raise bad(f"a DL/T 645 frame must have {length} bytes", len(whole))
    if whole[-2] != sum8(whole[:-2]) or whole[-1] != _END:
        raise bad("a DL/T 645 frame must end with its sum and 16", whole)
    control = head[8]
    _check_function(control & 0x1F)
    plain = bytes((byte - _SHIFT) & 0xFF for byte in whole[_HEAD_LENGTH:-2])
    return _Frame(head[6:0:-1].hex().upper(), control, plain), at + length


def _check_function(function: int) -> None:
    if function in _FUNCTIONS_1997:
        raise unsupported(
            "a frame must follow the edition of 2007", f"function {function:02X} of 1997"
        )
    if function not in _FUNCTIONS:
        raise unsupported("a function must be one of DL/T 645-2007", f"{function:02X}")


def _add(result: dict[str, Any], frame: _Frame) -> None:
    function = frame.control & 0x1F
    if frame.control & _ERROR:
        if len(frame.data) != 1:
            raise bad("a refusal of a meter must hold one byte", frame.data)
        result["error"] = frame.data[0]
    elif function == _READ_ON:
        raise unsupported("an answer must be in one frame", f"control {frame.control:02X}")
    elif function == _READ:
        if len(frame.data) < _ITEM_LENGTH:
            raise bad("an answer must name its data item", frame.data)
        item = frame.data[_ITEM_LENGTH - 1 :: -1].hex().upper()
        values = result.setdefault("data", {})
        values[item] = decode_item(item, frame.data[_ITEM_LENGTH:])
